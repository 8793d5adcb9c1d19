"""Rows counted into the cells of a layout, in one pass and in bulk.

A row is first counted under its month and its whole combination of dimensions; the smaller sets of
dimensions are summed from there at the end. Which populations hold it depends on a few columns, so
the answer is remembered by their values instead of evaluating twenty conditions for each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from django.db import models

from .declare import Part
from .layout import DAY, MONTH, SEP, Cuboid, Layout
from .populations import Dimension, compiled, terms
from .tally import Tally

Series = tuple[Part, Cuboid, str]
Row = Sequence[Any]
#: Combinations are numbered; month and combination make one number, quicker to look up than a pair.
_SHIFT = 40


@dataclass(slots=True)
class _Counter:
    """What is counted of one part: by month and combination, and by day; with values where kept."""

    part: Part
    column: int
    by_month: dict[Any, int] = field(default_factory=dict)
    by_day: dict[Any, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Group:
    """A population's counters, and where its day stands in a row."""

    on: int
    counters: tuple[_Counter, ...]


class Tallier:
    """Counts rows that hold ``plan.columns`` in this order; dates as dates or ISO texts."""

    def __init__(self, plan: Layout) -> None:
        self.plan = plan
        at = {name: i for i, name in enumerate(plan.columns)}
        populations = plan.populations
        self._groups = [
            _Group(at[of.on], tuple(_Counter(p, at[p.column] if p.column else -1) for p in parts))
            for of, parts in populations.items()
        ]
        self._tests = [compiled(of.where, plan.columns) for of in populations]
        self._dimensions = _dimensions(plan)
        self._combination = _getter([at[one.column] for one in self._dimensions])
        self._decides, self._masked = _deciding(plan, at)
        self._chosen: dict[Any, list[_Group]] = {}
        self._combinations: dict[Any, int] = {}
        self._months: dict[Any, tuple[date, int]] = {}

    def add(self, row: Row, sign: int = 1) -> None:
        """Count a row, or with ``sign`` -1 take it away."""
        signature = self._decides(row), tuple([row[i] is None for i in self._masked])
        groups = self._chosen.get(signature)
        if groups is None:
            groups = self._chosen[signature] = self._choose(row)
        if not groups:
            return
        combination = self._combination(row)
        number = self._combinations.setdefault(combination, len(self._combinations))
        months = self._months
        for group in groups:
            raw = row[group.on]
            found = months.get(raw)
            if found is None:
                found = months[raw] = _month(raw)
            day, month = found
            slot = month << _SHIFT | number
            for counter in group.counters:
                if counter.column < 0:
                    by_month, by_day = counter.by_month, counter.by_day
                    by_month[slot] = by_month.get(slot, 0) + sign
                    by_day[day] = by_day.get(day, 0) + sign
                elif (value := row[counter.column]) is not None:
                    valued, dated = (slot, value), (day, value)
                    counter.by_month[valued] = counter.by_month.get(valued, 0) + sign
                    counter.by_day[dated] = counter.by_day.get(dated, 0) + sign

    def _choose(self, row: Row) -> list[_Group]:
        return [
            group
            for group, test in zip(self._groups, self._tests, strict=True)
            if row[group.on] is not None and test(row) is True
        ]

    def series(self) -> Iterator[tuple[Series, dict[tuple[date, str], Tally]]]:
        """Yield the tallies of every series by day or month and key; forget them on the way."""
        known: dict[Cuboid, tuple[list[int], list[str]]] = {}
        for group in self._groups:
            for counter in group.counters:
                part = counter.part
                for cuboid in self.plan.cuboids[part]:
                    if cuboid not in known:
                        known[cuboid] = self._keys(cuboid)
                    yield (part, cuboid, MONTH), _by_key(counter, *known[cuboid])
                counter.by_month.clear()
                yield (part, (), DAY), _by_day(counter)
                counter.by_day.clear()

    def _keys(self, cuboid: Cuboid) -> tuple[list[int], list[str]]:
        """Return for each combination the number of its key, and the keys by number."""
        places = [self._dimensions.index(one) for one in cuboid]
        numbers: dict[str, int] = {}
        found = [
            numbers.setdefault(SEP.join([str(values[i]) for i in places]), len(numbers))
            for values in self._combinations
        ]
        return found, list(numbers)


def readers(plan: Layout) -> list[tuple[int, Callable[[Any], Any]]]:
    """Return which columns must be made the field's own values, and how.

    Days stay as they come, unless a condition compares them: `Tallier` reads both forms.
    """
    compared = {
        column
        for of in plan.populations
        for column, lookup, _ in terms(of.where)
        if lookup != "isnull"
    }
    fields: list[Any] = [plan.model._meta.get_field(name) for name in plan.columns]
    return [
        (at, one.to_python)
        for at, one in enumerate(fields)
        if one.name in compared and isinstance(one, models.DateField)
    ]


def converted(row: Row, reads: Sequence[tuple[int, Callable[[Any], Any]]]) -> Row:
    """Return the row with the columns converted that `readers` names."""
    values = list(row)
    for at, read in reads:
        values[at] = read(values[at])
    return values


def _dimensions(plan: Layout) -> list[Dimension]:
    return list(
        dict.fromkeys(one for found in plan.cuboids.values() for cuboid in found for one in cuboid)
    )


def _deciding(plan: Layout, at: dict[str, int]) -> tuple[Callable[[Row], Any], list[int]]:
    """Return what gets the columns on whose values conditions depend, and those of which they only
    ask whether there is one."""
    valued = {
        column
        for of in plan.populations
        for column, lookup, _ in terms(of.where)
        if lookup != "isnull"
    }
    asked = {column for of in plan.populations for column, _, _ in terms(of.where)}
    asked |= {of.on for of in plan.populations}
    return _getter([at[name] for name in sorted(valued)]), [at[n] for n in sorted(asked - valued)]


def _getter(columns: Sequence[int]) -> Callable[[Row], Any]:
    """Return what takes the columns of a row as a tuple."""
    if len(columns) > 1:
        return itemgetter(*columns)
    return lambda row: tuple(row[i] for i in columns)


def _month(raw: Any) -> tuple[date, int]:
    """Return a day and the number of its month."""
    day = raw if isinstance(raw, date) else date.fromisoformat(raw)
    return day, day.year * 12 + day.month - 1


def _by_key(
    counter: _Counter, numbers: Sequence[int], keys: Sequence[str]
) -> dict[tuple[date, str], Tally]:
    mask = (1 << _SHIFT) - 1
    summed: dict[Any, int] = {}
    found: dict[tuple[date, str], Tally] = {}
    firsts = _Firsts()
    if counter.column < 0:
        for slot, n in counter.by_month.items():
            place = slot - (slot & mask) + numbers[slot & mask]
            summed[place] = summed.get(place, 0) + n
        return {
            (firsts[place >> _SHIFT], keys[place & mask]): Tally(n) for place, n in summed.items()
        }
    for (slot, value), n in counter.by_month.items():
        valued = slot - (slot & mask) + numbers[slot & mask], value
        summed[valued] = summed.get(valued, 0) + n
    for (place, value), n in summed.items():
        key = firsts[place >> _SHIFT], keys[place & mask]
        _put(found.setdefault(key, Tally()), counter.part, value, n)
    return found


class _Firsts(dict[int, date]):
    """The first day of a month by its number."""

    def __missing__(self, month: int) -> date:
        found = self[month] = date(month // 12, month % 12 + 1, 1)
        return found


def _by_day(counter: _Counter) -> dict[tuple[date, str], Tally]:
    if counter.column < 0:
        return {(day, ""): Tally(n) for day, n in counter.by_day.items()}
    found: dict[tuple[date, str], Tally] = {}
    for (day, value), n in counter.by_day.items():
        _put(found.setdefault((day, ""), Tally()), counter.part, value, n)
    return found


def _put(tally: Tally, part: Part, value: int, n: int) -> None:
    tally.n += n
    tally.total += n * value
    if part.keep == "spread":
        tally.spread[value] = tally.spread.get(value, 0) + n
