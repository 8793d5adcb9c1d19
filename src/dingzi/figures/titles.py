"""Titles of charts that say what the data say. A sentence is made only of what is true as shown;
where nothing plain can be said the title only names what is seen."""

from __future__ import annotations

from collections.abc import Sequence

from dingzi.core.text import Text
from dingzi.law.phrases import numeral

from .answers import Point, Row, Value, noun, rounded
from .declare import Figure
from .period import Period, today
from .periodwords import MONTHS

#: More than so many that are alike are not named one by one.
NAMED = 2


def highest_lowest(figure: Figure, by: Text, rows: Sequence[Row]) -> Text:
    """Say who is highest and lowest and how far apart: 上高县最高，万载县最低，相差2.6个百分点.

    Neutral where rows are withheld (a withheld one could be the lowest), where fewer than two have
    a number, or where many share an end.
    """
    neutral = Text(f"各{by.zh}的{figure.zh}", f"{figure.en} by {by.en.lower()}")
    told = [row for row in rows if row.value.shown is not None]
    if figure.kind == "rank" or len(told) < 2 or any(row.value.suppressed for row in rows):
        return neutral
    numbers = [row.value.shown for row in told]
    top, bottom = max(numbers), min(numbers)  # type: ignore[type-var]
    if top == bottom:
        return Text(
            f"各{by.zh}都是{told[0].value.text.zh}",
            f"Every {by.en.lower()}: {told[0].value.text.en}",
        )
    best = [row for row in told if row.value.shown == top]
    least = [row for row in told if row.value.shown == bottom]
    if len(best) > NAMED:
        return neutral
    most, fewest = _ends(figure)
    zh, en = f"{_names(best).zh}{most.zh}", f"{_names(best).en} {_be(best)} {most.en}"
    if len(least) > NAMED:
        return Text(zh, en)
    apart = _apart(figure, best[0].value, least[0].value)
    return Text(
        f"{zh}，{_names(least).zh}{fewest.zh}，相差{apart.zh}",
        f"{en}, {_names(least).en} {fewest.en}, {apart.en} apart",
    )


def over_time(figure: Figure, now: Sequence[Point], then: Sequence[Point]) -> Text:
    """Say how the months stand to those of the year before: 今年前八个月，每个月都比去年同月高.

    Only months that are over and have a number in both years are spoken of.
    """
    pairs = [
        (a.period, a.shown, b.shown)
        for a, b in zip(now, then, strict=True)
        if a.value and not a.value.so_far and a.shown is not None and b.shown is not None
    ]
    neutral = Text(f"{figure.zh}，按月", f"{figure.en}, by month")
    months = [period.first.month for period, _, _ in pairs]
    if figure.kind == "rank" or not pairs or months != list(range(1, len(pairs) + 1)):
        return neutral
    higher = sum(1 for _, a, b in pairs if a > b)
    lower = sum(1 for _, a, b in pairs if a < b)
    same = len(pairs) - higher - lower
    when, versus = _months(pairs[0][0], len(pairs)), _same_month(pairs[0][0])
    up, down = _more(figure)
    one = len(pairs) == 1
    if len(pairs) in (higher, lower):
        word = up if higher else down
        each_zh = "" if one else "，每个月都"
        each_en = "was" if one else "every month was"
        return Text(
            f"{when.zh}{each_zh}比{versus.zh}{word.zh}",
            f"{when.en}: {each_en} {word.en} than {versus.en}",
        )
    if same == len(pairs):
        return Text(f"{when.zh}和{versus.zh}一样", f"{when.en}: the same as {versus.en}")
    zh = [
        f"{_count(n)}个月{w}" for n, w in ((higher, up.zh), (lower, down.zh), (same, "一样")) if n
    ]
    en = [
        f"{n} {w}" for n, w in ((higher, up.en), (lower, down.en), (same, "the same")) if n
    ]  # fmt: skip
    return Text(
        f"{when.zh}和{versus.zh}比，{'，'.join(zh)}",
        f"{when.en} beside {versus.en}: {', '.join(en)}",
    )


def _ends(figure: Figure) -> tuple[Text, Text]:
    if figure.kind in ("count", "stock", "sum"):
        return Text("最多", "most"), Text("最少", "fewest")
    if figure.kind in ("median", "quantile") and figure.unit.zh == "天":
        return Text("最长", "longest"), Text("最短", "shortest")
    return Text("最高", "highest"), Text("最低", "lowest")


def _more(figure: Figure) -> tuple[Text, Text]:
    if figure.kind in ("count", "stock", "sum"):
        return Text("多", "more"), Text("少", "fewer")
    if figure.kind in ("median", "quantile") and figure.unit.zh == "天":
        return Text("长", "longer"), Text("短", "shorter")
    return Text("高", "higher"), Text("低", "lower")


def _be(rows: Sequence[Row]) -> str:
    return "is" if len(rows) == 1 else "are"


def _names(rows: Sequence[Row]) -> Text:
    return Text("和".join(r.label.zh for r in rows), " and ".join(r.label.en for r in rows))


def _apart(figure: Figure, best: Value, least: Value) -> Text:
    assert best.number is not None
    assert least.number is not None
    shown = rounded((best.number - least.number) * figure.scale, figure.places)
    if figure.scale == 100:
        points = "percentage point" if shown == 1 else "percentage points"
        return Text(f"{shown:,f}个百分点", f"{shown:,f} {points}")
    return Text(f"{shown:,f}{figure.unit.zh}", f"{shown:,f} {noun(figure.unit, shown)}")


def _months(first: Period, count: int) -> Text:
    """Name the first so many months of a year: 今年前八个月 / January to August 2025."""
    year = Period.year(first.first.year).words(today())
    if count == 12:
        return year
    if count == 1:
        return Text(f"{year.zh}1月", f"January {year.en}")
    return Text(f"{year.zh}前{_count(count)}个月", f"January to {MONTHS[count - 1]} {year.en}")


def _same_month(first: Period) -> Text:
    year = first.first.year - 1
    zh = Period.year(year).words(today()).zh
    return Text(f"{zh}同月", f"the same month of {year}")


def _count(n: int) -> str:
    return "两" if n == 2 else numeral(n)
