"""Everything that the public may ask of a small city, put together, gives no small number away."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from dingzi import figures
from dingzi.figures import Period
from tests.figures.rows import dispute
from tests.figures.test_suppression import SMALLEST, basis, reduced
from tests.world import OTHER_COUNTY, build

NAME = "disputes.registered"
COUNTIES, CATEGORIES, MONTHS = ("360902", OTHER_COUNTY), ("neighbours", "wages"), (1, 2, 3)
CELLS = list(product(COUNTIES, CATEGORIES, MONTHS))
SPANS = [(a, b) for a in MONTHS for b in MONTHS if a <= b]


def within(first: int, last: int, county: str = "", category: str = "") -> list[int]:
    """Return which cells a question sums."""
    return [
        int(first <= m <= last and county in ("", c) and category in ("", k)) for c, k, m in CELLS
    ]


def told() -> Iterator[tuple[list[int], int]]:
    """Ask the city, each county, each category over every span of months: value, table, trend."""
    for first, last in SPANS:
        period = Period.months(2024, first, last)
        yield within(first, last), int(figures.value(NAME, period).number or 0)
        for by in ("county", "category"):
            for row in figures.table(NAME, period, by).rows:
                alone = figures.value(NAME, period, {by: row.key})
                assert alone.number == row.value.number
                if row.value.number is not None:
                    yield within(first, last, **{by: row.key}), int(row.value.number)
    for county in COUNTIES:
        for point in figures.trend(NAME, 2024, {"county": county}).now[:3]:
            if point.value and point.value.number is not None:
                month = point.period.first.month
                yield within(month, month, county), int(point.value.number)


@pytest.mark.parametrize("seed", range(5))
def test_no_small_part_follows_from_all_answers(
    seed: int, db: None, at: Callable[..., Any]
) -> None:
    """County totals, months of a year and categories, solved as equations: what is below the
    smallest cell stays unknown; nothing below it is told."""
    at("2025-09-23T10:00+08:00")
    build()
    chance = random.Random(seed)
    counts = {cell: chance.choice((0, 1, 1, 2, 3, 5)) for cell in CELLS}
    for (county, category, month), n in counts.items():
        for _ in range(n):
            dispute(date(2024, month, 5), county=county, category=category)
    answers = list(told())
    for row, number in answers:
        assert number == sum(n for n, taken in zip(counts.values(), row, strict=True) if taken)
    space = basis([row for row, _ in answers])
    small = 0
    for first, last in SPANS:
        for asked in (*({"county": c} for c in COUNTIES), *({"category": k} for k in CATEGORIES)):
            row = within(first, last, **asked)
            n = sum(n for n, taken in zip(counts.values(), row, strict=True) if taken)
            if 0 < n < SMALLEST:
                small += 1
                assert any(reduced([Fraction(x) for x in row], space)), (asked, first, last)
    assert small
