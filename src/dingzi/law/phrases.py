"""Filling a text of ``words.yaml``: dates, lengths and articles as each language writes them.

A template names its parameters and how to write them: ``{due:long}``. Without a form a parameter
is written as it is, or in the language at hand where it is a ``{"zh", "en"}`` pair. Dates may be
dates or ISO texts. Forms, in Chinese and English:

========== ======================= ==============================================================
long       a date                  9月26日（星期五） / Friday 26 September 2025
short      a date                  9月26日 / 26 September
range      [first, last]           10月1日至8日 / 1-8 October
dates      a list of dates         9月28日、10月11日 / 28 September and 11 October
run        [first, last]           as dates up to three days, else as range
days       a number                1天 / 1 day
workdays   a number                3个工作日 / 3 working days
length     [number, unit, kind]    15个工作日 / 15 working days
nth        [number, unit, kind]    第15个工作日 / Working day 15
holidays   [{names, first, last}]  国庆节（10月1日至8日） / National Day (1-8 October)
years      [[first, last]]         2027年 / 2027
month      a date                  2月 / February
article    a text                  第三十三条 / , art. 33
cite       see `cited`             民法典第二百零一条 / Civil Code, art. 201
========== ======================= ==============================================================

A year is said where it is not the one spoken of: ``year``, or else that of the first date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from string import Formatter
from typing import Any

_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS_EN = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DIGITS_ZH = "零一二三四五六七八九"
_ARTICLE = re.compile(r"(\d{1,4})(?:\.(\d{1,2}))?(?:\((\d{1,2})\))?\Z")
#: as many days of a pause are named one by one
_NAMED_DAYS = 3

Words = Mapping[str, Mapping[str, str]]
#: Further forms of a package above: (value, language, what follows the form's name) -> text.
Forms = Mapping[str, Callable[[Any, str, str], str]]


def fill(
    template: str,
    params: Mapping[str, Any],
    language: str,
    *,
    words: Words | None = None,
    year: int | None = None,
    forms: Forms | None = None,
) -> str:
    """Put parameters into a template.

    Parameters
    ----------
    language : str
        English where it begins with ``en``, else Chinese.
    words : mapping
        Where the forms look up names of holidays; those of ``words.yaml`` if left out.
    year : int
        The year that need not be said; 0 to have it said at once.
    forms : mapping
        Forms beyond those above.

    Raises
    ------
    KeyError
        If the template names a parameter or a form that is not there.
    """
    if words is None:
        from .words import load

        words = load()
    writer = _Writer("en" if language.startswith("en") else "zh", words, year, forms or {})
    parts: list[str] = []
    for text, name, form, _ in Formatter().parse(template):
        parts.append(text)
        if name is not None:
            parts.append(writer.write(params[name], form or ""))
    return _capital("".join(parts)) if writer.language == "en" else "".join(parts)


def cited(cites: Sequence[Mapping[str, Any]], language: str, words: Words) -> str:
    """Write sources: ``{"law": {"zh", "en"}, "article"}``, ``{"local": True}``, ``{"plan": year}``."""
    english = language.startswith("en")
    parts: list[str] = []
    for cite in cites:
        if cite.get("local"):
            parts.append(words["cite.local"]["en" if english else "zh"])
        elif "plan" in cite:
            template = words["cite.plan"]["en" if english else "zh"]
            parts.append(template.format(year=cite["plan"]))
        else:
            name = cite["law"]["en" if english else "zh"]
            parts.append(name + article(cite.get("article", ""), language))
    return ("; " if english else "；").join(parts)


def article(text: str, language: str) -> str:
    """Write an article to stand after its law: ``"31(6)"`` is 第三十一条第六项 / , art. 31(6).

    ``203.1`` is the first paragraph (款) of article 203; commas separate several articles; what
    has another form is given as it is.
    """
    if not text:
        return ""
    parts = [part.strip() for part in text.split(",")]
    matches = [_ARTICLE.match(part) for part in parts]
    if not all(matches):
        return f", {text}" if language.startswith("en") else text
    if language.startswith("en"):
        written = []
        for match in matches:
            assert match
            number, paragraph, item = match.groups()
            written.append(
                number
                + (f", para. {paragraph}" if paragraph else "")
                + (f"({item})" if item else "")
            )
        return (", arts. " if len(parts) > 1 else ", art. ") + ", ".join(written)
    return "、".join(
        "".join(
            f"第{numeral(int(number))}{mark}"
            for number, mark in zip(match.groups(), "条款项", strict=True)
            if number
        )
        for match in matches
        if match
    )


def numeral(number: int) -> str:
    """Chinese numeral of 1 to 9999: 205 is 二百零五, 15 is 十五, 110 is 一百一十."""
    if not 1 <= number <= 9999:
        raise ValueError(f"{number}: only 1 to 9999")
    parts: list[str] = []
    gap = False
    for size, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            parts.append(("零" if gap else "") + _DIGITS_ZH[digit] + mark)
        gap = not digit and bool(parts)
    text = "".join(parts)
    return text.removeprefix("一") if text.startswith("一十") else text


class _Writer:
    """Writes the parameters of one text; remembers which year is spoken of."""

    def __init__(self, language: str, words: Words, year: int | None, forms: Forms) -> None:
        self.language = language
        self.further = forms
        self.words = words
        self.year = year
        self._forms: dict[str, Callable[[Any], str]] = {
            "": self._plain,
            "long": self._long,
            "short": self._short,
            "range": self._range,
            "dates": self._dates,
            "run": self._run,
            "days": lambda number: self._length((number, "day", "calendar")),
            "workdays": lambda number: self._length((number, "day", "working")),
            "length": self._length,
            "nth": self._nth,
            "holidays": self._holidays,
            "years": self._years,
            "month": lambda day: self._month(_day(day)),
            "article": lambda text: article(text, language),
            "cite": lambda cites: cited(cites, language, words),
        }

    def write(self, value: Any, form: str) -> str:
        name, _, rest = form.partition(" ")
        if name in self.further:
            return self.further[name](value, self.language, rest)
        return self._forms[form](value)

    def _pick(self, zh: str, en: str) -> str:
        return en if self.language == "en" else zh

    def _plain(self, value: Any) -> str:
        if isinstance(value, Mapping):
            return str(value[self.language])
        return str(value)

    def _year_to_say(self, day: date) -> int | None:
        said = self.year if self.year is not None else day.year
        self.year = day.year
        return day.year if day.year != said else None

    def _month(self, day: date) -> str:
        return self._pick(f"{day.month}月", _MONTHS_EN[day.month - 1])

    def _short(self, value: Any) -> str:
        day = _day(value)
        year = self._year_to_say(day)
        if self.language == "en":
            return f"{day.day} {self._month(day)}" + (f" {year}" if year else "")
        return (f"{year}年" if year else "") + f"{day.month}月{day.day}日"

    def _long(self, value: Any) -> str:
        day = _day(value)
        if self.language == "en":
            self.year = day.year
            weekday = _WEEKDAYS_EN[day.weekday()]
            return f"{weekday} {day.day} {self._month(day)} {day.year}"
        return f"{self._short(day)}（星期{_WEEKDAYS_ZH[day.weekday()]}）"

    def _range(self, value: Sequence[Any]) -> str:
        first, last = _day(value[0]), _day(value[1])
        if first == last:
            return self._short(first)
        if (first.year, first.month) != (last.year, last.month):
            return self._short(first) + self._pick("至", " to ") + self._short(last)
        if self.language == "en":
            return f"{first.day}–{self._short(last)}"
        return f"{self._short(first)}至{last.day}日"

    def _dates(self, value: Sequence[Any]) -> str:
        days = [_day(item) for item in value]
        written: list[str] = []
        for index, day in enumerate(days):
            # The month is said once: in Chinese with its first day, in English with its last.
            other = (
                days[index - 1 : index] if self.language == "zh" else days[index + 1 : index + 2]
            )
            alone = bool(other) and (other[0].year, other[0].month) == (day.year, day.month)
            if not alone:
                written.append(self._short(day))
            else:
                written.append(f"{day.day}日" if self.language == "zh" else str(day.day))
        return self._joined(written)

    def _run(self, value: Sequence[Any]) -> str:
        first, last = _day(value[0]), _day(value[1])
        length = (last - first).days + 1
        if length > _NAMED_DAYS:
            return self._range(value)
        return self._dates([first + timedelta(days=offset) for offset in range(length)])

    def _joined(self, parts: Sequence[str]) -> str:
        if self.language == "zh":
            return "、".join(parts)
        if len(parts) < 2:
            return "".join(parts)
        return ", ".join(parts[:-1]) + " and " + parts[-1]

    def _length(self, value: Sequence[Any]) -> str:
        number, unit, kind = value
        key = "workday" if kind == "working" else unit
        if self.language == "zh":
            return f"{number}{self.words[f'length.{key}']['zh']}"
        return f"{number} {self.words[f'length.{key}']['en']}" + ("" if number == 1 else "s")

    def _nth(self, value: Sequence[Any]) -> str:
        number, unit, kind = value
        key = "workday" if kind == "working" else unit
        template = self.words[f"nth.{key}"][self.language]
        return template.format(number=number, length=self._length(value))

    def _holidays(self, value: Sequence[Mapping[str, Any]]) -> str:
        written: list[str] = []
        for item in value:
            names = [self.words[f"holiday.{name}"][self.language] for name in item["names"]]
            name = self._pick("和", " and ").join(names)
            span = self._range((item["first"], item["last"]))
            written.append(f"{name}（{span}）" if self.language == "zh" else f"{name} ({span})")
        return self._joined(written)

    def _years(self, value: Sequence[Sequence[int]]) -> str:
        written: list[str] = []
        for first, last in value:
            if first == last:
                written.append(self._pick(f"{first}年", str(first)))
            else:
                written.append(self._pick(f"{first}年至{last}年", f"{first} to {last}"))
        return self._joined(written)


#: Names of the forms above.
FORMS = frozenset(_Writer("zh", {}, None, {})._forms)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
