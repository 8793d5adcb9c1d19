"""What is withheld from everybody cannot be computed from what is told."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from dingzi.figures.suppression import NOW, close

SMALLEST = 3
counts = st.sampled_from([0, 0, 1, 2, 2, 3, 4, 7, 20])
years = st.integers(2, 5).flatmap(
    lambda n: st.lists(
        st.lists(counts, min_size=12, max_size=12), min_size=n, max_size=n
    )
)  # fmt: skip
RANGES = [(a, b) for a, b in product(range(1, 13), range(1, 13)) if a <= b]


def vectors(year: list[list[int]], this_month: int) -> tuple[list[list[int]], list[list[int]]]:
    """Return what is told and what is small, as sums over (place, month)."""
    made = close({str(i): m for i, m in enumerate(year)}, SMALLEST, this_month)
    told, small = [], []
    for first, last in RANGES:
        if last > min(this_month, 12):
            continue
        whole = [int(first <= m <= last) for _ in year for m in range(1, 13)]
        told.append(whole)  # the city is always told
        for i, months in enumerate(year):
            one = [
                int(i == j and first <= m <= last) for j in range(len(year)) for m in range(1, 13)
            ]
            n = sum(months[first - 1 : last])
            if not made.hides(str(i), first, last, now=last == this_month):
                assert not 0 < n < SMALLEST
                told.append(one)
            if 0 < n < SMALLEST:
                small.append(one)
    return told, small


def basis(rows: list[list[int]]) -> dict[int, list[Fraction]]:
    """Return the row space in reduced form, by leading place."""
    found: dict[int, list[Fraction]] = {}
    for row in rows:
        rest = reduced([Fraction(x) for x in row], found)
        lead = next((i for i, x in enumerate(rest) if x), None)
        if lead is not None:
            found[lead] = [x / rest[lead] for x in rest]
    return found


def reduced(row: list[Fraction], found: dict[int, list[Fraction]]) -> list[Fraction]:
    for lead in sorted(found):
        if row[lead]:
            factor = row[lead]
            row = [x - factor * y for x, y in zip(row, found[lead], strict=True)]
    return row


@given(years, st.integers(1, 13))
def test_no_small_number_can_be_computed(year: list[list[int]], this_month: int) -> None:
    """Solving all equations between the told numbers of a year gives no small one, of any months."""
    year = [[n if m <= this_month else 0 for m, n in enumerate(months, 1)] for months in year]
    told, small = vectors(year, this_month)
    space = basis(told)
    assert all(any(reduced([Fraction(x) for x in one], space)) for one in small)


def test_little_is_withheld_where_little_is_small() -> None:
    """One small month joins the next one; a second place keeps it company, the rest is told."""
    year = {"a": [9, 2] + [9] * 10, "b": [20] * 12, "c": [30] * 12}
    made = close(year, SMALLEST)
    assert made.closed == {"a": {2}, "b": {2}, "c": set()}
    assert made.hides("a", 2, 2, now=False) and not made.hides("a", 2, 3, now=False)
    assert not made.hides("a", 1, 12, now=False)


def test_a_month_that_has_just_begun_hides_only_itself() -> None:
    """The months that are over stay told while the new one has few."""
    made = close({"a": [9, 9, 1] + [0] * 9, "b": [9, 9, 9] + [0] * 9}, SMALLEST, 3)
    assert made.closed["a"] == {NOW}
    assert not made.hides("a", 1, 2, now=False) and made.hides("a", 1, 3, now=True)
