"""Changes put into words: true of the exact values, in the terms of the figure."""

from __future__ import annotations

from fractions import Fraction

from dingzi.core.text import Text

from .answers import Value, noun, rounded
from .declare import Number
from .period import Period, month_end, today
from .periodwords import MONTHS


def change(now: Value, then: Value, difference: Number | None) -> Text:
    """Say by how much ``now`` differs from ``then``."""
    if difference is None:
        return Text("没有可比的数", "nothing to compare with")
    zh, en = versus(now, then.period)
    shown = rounded(abs(Fraction(difference)) * now.scale, now.places)
    if difference == 0:
        return Text(f"和{zh}一样", f"the same as {en}")
    if shown == 0:
        return Text(f"和{zh}差不多", f"almost the same as {en}")
    up = difference > 0
    amount = f"{shown:,f}"
    if now.kind == "rank":
        places = "place" if shown == 1 else "places"
        return Text(
            f"比{zh}{'后退' if up else '前进'}{amount}名",
            f"{amount} {places} {'behind' if up else 'ahead of'} {en}",
        )
    if now.scale == 100:
        points = "percentage point" if shown == 1 else "percentage points"
        return Text(
            f"比{zh}{'高' if up else '低'}{amount}个百分点",
            f"{amount} {points} {'higher' if up else 'lower'} than {en}",
        )
    return Text(
        f"比{zh}{'多' if up else '少'}{amount}{now.unit.zh}",
        f"{amount} {noun(now.unit, shown)} {'more' if up else 'fewer'} than {en}",
    )


def versus(now: Value, then: Period) -> tuple[str, str]:
    """Name the period that is compared with: 去年同期 / in the same period last year."""
    if now.is_stock:
        return end_of(then)
    day = today()
    if then == now.period.year_before() and now.period.last.year == day.year:
        if now.period.kind == "year":
            return "去年", f"in {then.first.year}"
        return "去年同期", "in the same period last year"
    told = then.words(day)
    return told.zh, f"in {told.en}"


def end_of(period: Period) -> tuple[str, str]:
    """Name the last day of a period: 去年8月底 / at the end of August 2025."""
    last, now = period.last, today()
    if last == month_end(last.year, last.month):
        year = period.year(last.year).words(now).zh
        if last.month == 12:
            return f"{year}底", f"at the end of {last.year}"
        return f"{year}{last.month}月底", f"at the end of {MONTHS[last.month - 1]} {last.year}"
    told = Period.day(last).words(now)
    return told.zh, f"on {told.en}"


def span(value: Value) -> Text:
    """Name a value's own period: 今年1月至8月; of a stock its last day: 今年8月底."""
    if value.is_stock:
        zh, en = end_of(value.period)
        return Text(zh, en)
    return value.period.words()
