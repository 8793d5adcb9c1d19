"""Periods in words of both languages, and back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from dingzi.core.errors import Invalid, Refusal
from dingzi.core.text import Text

from .period import Period, month_end

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
_HALF_ZH, _HALF_EN = ("上半年", "下半年"), ("First half of", "Second half of")
_QUARTER_ZH = "一二三四"
_QUARTER_EN = ("First", "Second", "Third", "Fourth")


# -- out ----------------------------------------------------------------------------------------


def words(period: Period, now: date) -> Text:
    """Say a period as seen from ``now``: 今年1月至8月 / January to August 2025."""
    first, last, year = period.first, period.last, period.first.year
    zh = _year_zh(year, now)
    match period.kind:
        case "year":
            return Text(zh, f"{year}")
        case "half":
            n = 0 if first.month == 1 else 1
            return Text(f"{zh}{_HALF_ZH[n]}", f"{_HALF_EN[n]} {year}")
        case "quarter":
            n = (first.month - 1) // 3
            return Text(f"{zh}第{_QUARTER_ZH[n]}季度", f"{_QUARTER_EN[n]} quarter of {year}")
        case "month":
            return Text(f"{zh}{first.month}月", f"{MONTHS[first.month - 1]} {year}")
        case "months":
            return Text(
                f"{zh}{first.month}月至{last.month}月",
                f"{MONTHS[first.month - 1]} to {MONTHS[last.month - 1]} {year}",
            )
    if period.is_whole_months:
        if (first.month, last.month) == (1, 12):
            return Text(f"{year}年至{last.year}年", f"{year} to {last.year}")
        return Text(
            f"{year}年{first.month}月至{last.year}年{last.month}月",
            f"{MONTHS[first.month - 1]} {year} to {MONTHS[last.month - 1]} {last.year}",
        )
    return _days(period, zh, _year_zh(last.year, now))


def dates(period: Period) -> Text:
    """Say its first and last day with the year."""
    return _days(period, f"{period.first.year}年", f"{period.last.year}年")


def _days(period: Period, zh: str, zh_last: str) -> Text:
    first, last = period.first, period.last
    begin_zh, begin_en = f"{zh}{first.month}月{first.day}日", _day_en(first)
    if first == last:
        return Text(begin_zh, f"{begin_en} {first.year}")
    if first.year != last.year:
        return Text(
            f"{begin_zh}至{zh_last}{last.month}月{last.day}日",
            f"{begin_en} {first.year} to {_day_en(last)} {last.year}",
        )
    if first.month != last.month:
        return Text(
            f"{begin_zh}至{last.month}月{last.day}日",
            f"{begin_en} to {_day_en(last)} {last.year}",
        )
    return Text(f"{begin_zh}至{last.day}日", f"{first.day} to {_day_en(last)} {last.year}")


def _day_en(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def _year_zh(year: int, now: date) -> str:
    return {0: "今年", 1: "去年"}.get(now.year - year, f"{year}年")


# -- in -----------------------------------------------------------------------------------------

_YEAR = r"(?P<year>\d{4}年?|今年|去年|前年|this year|last year)"
_MONTH_EN = "|".join(MONTHS)
_MAKERS: list[tuple[re.Pattern[str], Callable[[re.Match[str], date], Period]]] = []


def parse(text: str, now: date) -> Period:
    """Read a code or words; Invalid ``bad_period`` for what is none."""
    plain = re.sub(r"\s+", " ", text.strip()).replace("—", "-").replace("–", "-")
    for pattern, make in _MAKERS:
        if found := pattern.fullmatch(plain):
            try:
                return make(found, now)
            except (ValueError, TypeError, Refusal) as error:
                raise _bad(text) from error
    raise _bad(text)


def _bad(text: str) -> Refusal:
    return Invalid.of("bad_period", field="period", value=text[:40])


def _reads(pattern: str) -> Callable[..., Callable[[re.Match[str], date], Period]]:
    def keep(make: Callable[[re.Match[str], date], Period]) -> Callable[..., Period]:
        _MAKERS.append((re.compile(pattern, re.IGNORECASE), make))
        return make

    return keep


def _year(text: str, now: date) -> int:
    back = {"今年": 0, "this year": 0, "去年": 1, "last year": 1, "前年": 2}.get(text.lower())
    return now.year - back if back is not None else int(text[:4])


@_reads(r"今年以来|今年到今天|今年到现在|(this )?year to date|this year to date|ytd")
def _to_date(_: re.Match[str], now: date) -> Period:
    return Period.to_date(now)


@_reads(r"今天|today")
def _today(_: re.Match[str], now: date) -> Period:
    return Period.day(now)


@_reads(r"本月|这个月|this month")
def _this_month(_: re.Match[str], now: date) -> Period:
    return Period.month(now.year, now.month)


@_reads(r"上个?月|last month")
def _last_month(_: re.Match[str], now: date) -> Period:
    end = now.replace(day=1) - timedelta(days=1)
    return Period.month(end.year, end.month)


@_reads(_YEAR)
def _whole_year(m: re.Match[str], now: date) -> Period:
    return Period.year(_year(m["year"], now))


@_reads(_YEAR + r" ?(?P<half>[上下])半年")
def _half_zh(m: re.Match[str], now: date) -> Period:
    return Period.half(_year(m["year"], now), "上下".index(m["half"]) + 1)


@_reads(r"(?P<year>\d{4})H(?P<half>[12])")
def _half_code(m: re.Match[str], now: date) -> Period:
    return Period.half(int(m["year"]), int(m["half"]))


@_reads(r"(?P<half>first|second) half of (?P<year>\d{4})")
def _half_en(m: re.Match[str], now: date) -> Period:
    return Period.half(int(m["year"]), 1 if m["half"].lower() == "first" else 2)


@_reads(_YEAR + r" ?第?(?P<quarter>[一二三四1-4])季度")
def _quarter_zh(m: re.Match[str], now: date) -> Period:
    return Period.quarter(_year(m["year"], now), "一二三四1234".index(m["quarter"]) % 4 + 1)


@_reads(r"(?P<year>\d{4})Q(?P<quarter>[1-4])")
def _quarter_code(m: re.Match[str], now: date) -> Period:
    return Period.quarter(int(m["year"]), int(m["quarter"]))


@_reads(r"Q(?P<quarter>[1-4]) (?P<year>\d{4})")
def _quarter_short(m: re.Match[str], now: date) -> Period:
    return Period.quarter(int(m["year"]), int(m["quarter"]))


@_reads(r"(?P<quarter>first|second|third|fourth) quarter of (?P<year>\d{4})")
def _quarter_en(m: re.Match[str], now: date) -> Period:
    return Period.quarter(int(m["year"]), _QUARTER_EN.index(m["quarter"].capitalize()) + 1)


@_reads(_YEAR + r" ?(?P<first>\d{1,2})月?(至|到|-|~)(?P<last>\d{1,2})月")
def _months_zh(m: re.Match[str], now: date) -> Period:
    return Period.months(_year(m["year"], now), int(m["first"]), int(m["last"]))


@_reads(_YEAR + r" ?(?P<month>\d{1,2})月")
def _month_zh(m: re.Match[str], now: date) -> Period:
    return Period.month(_year(m["year"], now), int(m["month"]))


@_reads(rf"(?P<first>{_MONTH_EN}) (to|-) (?P<last>{_MONTH_EN}) (?P<year>\d{{4}})")
def _months_en(m: re.Match[str], now: date) -> Period:
    return Period.months(int(m["year"]), _month_en(m["first"]), _month_en(m["last"]))


@_reads(rf"(?P<month>{_MONTH_EN}) (?P<year>\d{{4}})")
def _month_of_en(m: re.Match[str], now: date) -> Period:
    return Period.month(int(m["year"]), _month_en(m["month"]))


def _month_en(name: str) -> int:
    return MONTHS.index(name.capitalize()) + 1


_DAY = r"\d{4}-\d{2}(?:-\d{2})?"


@_reads(rf"(?P<first>{_DAY})(?:(?:\.\.|/)(?P<last>{_DAY}))?")
def _codes(m: re.Match[str], now: date) -> Period:
    first, last = m["first"], m["last"] or m["first"]
    begin = date.fromisoformat(first if len(first) == 10 else f"{first}-01")
    if len(last) == 10:
        return Period(begin, date.fromisoformat(last))
    year, month = map(int, last.split("-"))
    date(year, month, 1)  # ValueError for a month that is none
    return Period(begin, month_end(year, month))


@_reads(
    _YEAR + r" ?(?P<m1>\d{1,2})月(?P<d1>\d{1,2})日"
    r"(?:(?:至|到|-)(?P<year2>\d{4}年|今年|去年)?(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日)?"
)
def _days_zh(m: re.Match[str], now: date) -> Period:
    year = _year(m["year"], now)
    first = date(year, int(m["m1"]), int(m["d1"]))
    if not m["d2"]:
        return Period.day(first)
    year2 = _year(m["year2"], now) if m["year2"] else year
    return Period(first, date(year2, int(m["m2"] or m["m1"]), int(m["d2"])))


@_reads(
    rf"(?P<d1>\d{{1,2}})(?: (?P<m1>{_MONTH_EN}))?(?: (?P<y1>\d{{4}}))?"
    rf"(?: (?:to|-) (?P<d2>\d{{1,2}}) (?P<m2>{_MONTH_EN}) (?P<y2>\d{{4}}))?"
)
def _days_en(m: re.Match[str], now: date) -> Period:
    if not m["d2"]:
        return Period.day(date(int(m["y1"]), _month_en(m["m1"]), int(m["d1"])))
    last = date(int(m["y2"]), _month_en(m["m2"]), int(m["d2"]))
    month = _month_en(m["m1"]) if m["m1"] else last.month
    return Period(date(int(m["y1"] or last.year), month, int(m["d1"])), last)
