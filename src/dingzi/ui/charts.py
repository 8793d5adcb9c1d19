"""Geometry of the server-drawn charts: pure, from exact numbers to positions.

Positions are strings of percent or of the SVG's own units, so nothing is styled inline and
the page's content security policy needs no exception.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .scale import ticks
from .words import Exact, exact, number

Values = Sequence[Exact | None]


def spot(value: Fraction) -> str:
    """Write a position with at most two decimals."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


@dataclass(frozen=True, slots=True)
class Mark:
    x: str
    y: str
    text: str = ""
    place: str = ""  # class of the text: "", "mid", "left" or "right"


@dataclass(frozen=True, slots=True)
class Trend:
    """A line chart. x and y are percent of the drawing; path units are 1000 by 1000."""

    grid: tuple[Mark, ...]
    labels: tuple[Mark, ...]
    now_path: str
    then_path: str
    now_dots: tuple[Mark, ...]
    now_end: Mark | None
    then_end: Mark | None
    then_same: Mark | None  # the comparison value at the place of the last present value
    from_zero: bool
    lowest: str


LEFT, TOP, BOTTOM = 8, 6, 88  # percent: where the plot begins, its upper and lower edge


def trend(labels: Sequence[str], now: Values, then: Values = (), *, zero: bool = False) -> Trend:
    """Lay out present and comparison values over equally spaced labels.

    None is a gap. Raises ValueError when a series is longer than the labels.
    """
    if len(now) > len(labels) or len(then) > len(labels):
        raise ValueError("more values than labels")
    known = [v for v in (*now, *then) if v is not None]
    lines = ticks(known, zero=zero)
    low, high = lines[0], lines[-1]
    count = max(len(labels), 1)

    def x_at(index: int) -> Fraction:
        return LEFT + Fraction(100 - LEFT) * (2 * index + 1) / (2 * count)

    def y_at(value: Exact) -> Fraction:
        return BOTTOM - (exact(value) - low) / (high - low) * (BOTTOM - TOP)

    def path(values: Values) -> str:
        parts, pen = [], "M"
        for index, value in enumerate(values):
            if value is None:
                pen = "M"
                continue
            parts.append(f"{pen}{spot(x_at(index) * 10)} {spot(y_at(value) * 10)}")
            pen = "L"
        return "".join(parts)

    def end(values: Values, index: int | None = None) -> Mark | None:
        known = [i for i, v in enumerate(values) if v is not None]
        if not known:
            return None
        at = known[-1] if index is None else index
        value = values[at] if at < len(values) else None
        if value is None:
            return None
        place = "right" if at >= count - 2 else "left" if at < count / 3 else ""
        return Mark(spot(x_at(at)), spot(y_at(value)), labels[at], place)

    places = max((_places(line) for line in lines), default=0)
    grid = tuple(Mark("0", spot(y_at(line)), number(line, places)) for line in reversed(lines))
    last = max((i for i, v in enumerate(now) if v is not None), default=None)
    then_end = end(then)
    same = end(then, last) if last is not None and last < len(then) - 2 else None
    if same is not None and last is not None and exact(then[last] or 0) > exact(now[last] or 0):
        same = Mark(same.x, same.y, same.text, "above")  # away from the present value's label
    return Trend(
        grid=grid,
        labels=tuple(
            Mark(spot(x_at(i)), "97", text, "odd" if i % 2 and count > 8 else "")
            for i, text in enumerate(labels)
        ),
        now_path=path(now),
        then_path=path(then),
        now_dots=tuple(
            Mark(spot(x_at(i)), spot(y_at(v))) for i, v in enumerate(now) if v is not None
        ),
        now_end=end(now),
        then_end=then_end,
        then_same=same,
        from_zero=low == 0,
        lowest=number(low, places),
    )


def _places(line: Fraction) -> int:
    for places in range(4):
        if (line * 10**places).denominator == 1:
            return places
    return 4


@dataclass(frozen=True, slots=True)
class Spark:
    """A small trend in a 96 by 28 drawing; ``end`` is the last present point."""

    now: str
    then: str
    end: Mark | None


def spark(now: Values, then: Values = ()) -> Spark | None:
    """Lay out a small trend; None when there are not two values to draw."""
    known = [exact(v) for v in (*now, *then) if v is not None]
    if len([v for v in now if v is not None]) < 2:
        return None
    low, high = min(known), max(known)
    span = (high - low) or Fraction(1)
    count = max(len(now), len(then))

    def points(values: Values) -> list[tuple[Fraction, Fraction]]:
        return [
            (Fraction(94 * i, max(count - 1, 1)), 25 - (exact(v) - low) / span * 22)
            for i, v in enumerate(values)
            if v is not None
        ]

    present, past = points(now), points(then)
    x, y = present[-1]
    text = [" ".join(f"{spot(a)},{spot(b)}" for a, b in line) for line in (present, past)]
    return Spark(text[0], text[1], Mark(spot(x), spot(y)))


def width(part: Exact, whole: Exact) -> str:
    """Return a part of a whole as percent for a bar, between 0 and 100."""
    if not exact(whole):
        return "0"
    return spot(min(max(exact(part) / exact(whole) * 100, Fraction(0)), Fraction(100)))
