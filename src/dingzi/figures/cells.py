"""Tallies read from the cells. Whole months come from the months' cells; the days of a month that a
period cuts from the days' cells, or, divided, from that month's rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from . import rowstore
from .declare import Part
from .fetching import Found, Key, Query, during, elsewhere, know
from .layout import DAY, MONTH, SEP, Cuboid, Layout, layout, plain_part
from .models import Cell, Pending, Series, Tallied
from .period import month_end
from .tally import Tally

Span = tuple[date | None, date]
#: Of a cell: its series, its day or month, key, and the tally's three.
Row = tuple[int, date, str, int, int, dict[str, int] | None]
#: The numbers of series by part, keep, dimensions and grain.
Numbers = dict[tuple[str, ...], int]
_SERIES = ("part", "keep", "dimensions", "grain", "id")


def as_of(model: Any) -> datetime | None:
    """Return the moment as of which the cells of a projection hold; None where there are none.

    Where no change waits they hold as of now.
    """
    return during(("as of", model), lambda: _as_of(layout(model)))


def first_month(model: Any) -> date | None:
    """Return the first month that has a cell."""
    return during(("first", model), lambda: _first_month(layout(model)))


def read_ahead(models: Iterable[Any]) -> None:
    """Read what a question about many figures asks of each: three statements for all of them.

    These are the state of their projections and the undivided months; any other cells are read as
    they are asked for. Call it within the question (``one_reading``).
    """
    if elsewhere():
        return
    plans = {plan.rows: plan for plan in map(layout, models)}
    now = timezone.now()
    states = {state.rows: state for state in _states(plans)}
    for rows, plan in plans.items():
        know(("as of", plan.model), _holds(plan, states.get(rows), now))
    numbers: dict[str, Numbers] = {rows: {} for rows in plans}
    for rows, *named, number in Series.objects.filter(rows__in=plans).values_list("rows", *_SERIES):
        numbers[rows][tuple(named)] = number
    months: dict[int, list[Row]] = {
        one: [] for known in numbers.values() for one in _undivided(known)
    }
    for row in _rows(Cell.objects.filter(series__in=list(months))):
        months[row[0]].append(row)
    for rows, plan in plans.items():
        here = {number: months[number] for number in _undivided(numbers[rows])}
        know(("series", rows), numbers[rows])
        know(("months", rows), here)
        first = min((at for found in here.values() for _, at, *_ in found), default=None)
        know(("first", plan.model), first)


def _as_of(plan: Layout) -> datetime | None:
    now = timezone.now()
    return _holds(plan, _states([plan.rows]).first(), now)


def _states(rows: Iterable[str]) -> QuerySet[Tallied]:
    waiting = Exists(Pending.objects.filter(rows=OuterRef("rows")))
    return Tallied.objects.filter(rows__in=list(rows)).annotate(waiting=waiting)


def _holds(plan: Layout, state: Any, now: datetime) -> datetime | None:
    if state is None or state.layout != plan.name:
        return None
    at: datetime = state.at
    return at if state.waiting else now


def fetch(query: Query) -> Found | None:
    """Answer from the cells; None where they are not kept, or not for these dimensions."""
    plan = layout(query.parts[0].population.model)
    at = as_of(plan.model)
    if at is None:
        return None
    cuboid = _cuboid(plan, query)
    if cuboid is None or (query.time == DAY and cuboid):
        return None
    reading = _Reading(plan, cuboid, query)
    for grain, span in reading.spans():
        if grain == "rows":
            reading.add_rows(span)
        else:
            reading.add_cells(grain, span)
    return Found(reading.found, at)


def _first_month(plan: Layout) -> date | None:
    months = _undivided(_series(plan))
    return Cell.objects.filter(series__in=months).aggregate(first=Min("at"))["first"]


def _undivided(numbers: Numbers) -> list[int]:
    """Return the numbers of the series of months that are not divided."""
    return [one for (*_, names, grain), one in numbers.items() if grain == MONTH and not names]


def _rows(cells: QuerySet[Cell]) -> Iterable[Row]:
    return cells.values_list("series_id", "at", "key", "n", "total", "spread")


def _series(plan: Layout) -> Numbers:
    """Return the numbers of all series.

    Cells are asked for by these numbers: through a join the planner would read all of them.
    """
    return during(("series", plan.rows), lambda: _numbers(plan))


def _numbers(plan: Layout) -> Numbers:
    found = Series.objects.filter(rows=plan.rows).values_list(*_SERIES)
    return {(part, keep, names, grain): number for part, keep, names, grain, number in found}


def _cuboid(plan: Layout, query: Query) -> Cuboid | None:
    found = {plan.cuboid(plain_part(p), (*query.by, *query.filters)) for p in query.parts}
    return found.pop() if len(found) == 1 else None


class _Reading:
    """One query being answered: tallies by part and key."""

    def __init__(self, plan: Layout, cuboid: Cuboid, query: Query) -> None:
        self.cuboid, self.query = cuboid, query
        self.found: dict[Part, dict[Key, Tally]] = {part: {} for part in query.parts}
        self.names = {_named(plain_part(part)): part for part in query.parts}
        self.plan = plan
        self.numbers: dict[int, Part] = {}
        self.fixed = {cuboid.index(one): value for one, value in query.filters.items()}
        self.taken = [cuboid.index(one) for one in query.by]

    def spans(self) -> Iterator[tuple[str, Span]]:
        """Split the query's days into whole months and the days that are left."""
        first, last = self.query.first, self.query.last
        if self.query.time == DAY:
            yield DAY, (first, last)
            return
        if self._nothing_after(last):
            last = month_end(last.year, last.month)
        rest = "rows" if self.cuboid else DAY
        if first is not None and first.day > 1:
            end = min(month_end(first.year, first.month), last)
            yield rest, (first, end)
            first = end + timedelta(days=1)
        if first is not None and first > last:
            return
        if last != month_end(last.year, last.month):
            begin = last.replace(day=1)
            yield rest, (begin, last)
            last = begin - timedelta(days=1)
        if first is None or first <= last:
            yield MONTH, (first, last)

    def _nothing_after(self, last: date) -> bool:
        """Tell whether the month of ``last`` has no row after it: then its cells are those days."""
        end = month_end(last.year, last.month)
        if not self.cuboid or last == end:
            return False
        later = self._cells((), DAY).filter(at__gt=last, at__lte=end)
        return not later.exists()

    def _cells(self, cuboid: Cuboid, grain: str) -> QuerySet[Cell]:
        self._number(cuboid, grain)
        return Cell.objects.filter(series__in=list(self.numbers))

    def _number(self, cuboid: Cuboid, grain: str) -> None:
        dimensions = ",".join(one.name for one in cuboid)
        known = _series(self.plan)
        self.numbers = {
            known[name, keep, dimensions, grain]: part
            for (name, keep), part in self.names.items()
            if (name, keep, dimensions, grain) in known
        }

    def _read(self, grain: str, span: Span) -> Iterable[Row]:
        """Return the cells of a span; undivided months may be read already (``read_ahead``)."""
        first, last = span
        months: dict[int, list[Row]] | None = None
        if grain == MONTH and not self.cuboid:
            months = during(("months", self.plan.rows), lambda: None)
        if months is not None:
            self._number((), MONTH)
            found = (row for number in self.numbers for row in months[number])
            return (r for r in found if r[1] <= last and (first is None or r[1] >= first))
        cells = self._cells(self.cuboid, grain).filter(self._where(), at__lte=last)
        return _rows(cells if first is None else cells.filter(at__gte=first))

    def add_cells(self, grain: str, span: Span) -> None:
        for number, at, key, n, total, spread in self._read(grain, span):
            values = key.split(SEP) if self.cuboid else []
            if any(values[i] != value for i, value in self.fixed.items()):
                continue
            counts = {int(value): count for value, count in spread.items()} if spread else {}
            self._add(self.numbers[number], values, at, Tally(n, total, counts))

    def _where(self) -> Q:
        """Narrow the key where the filters say its beginning."""
        if self.fixed and len(self.fixed) == len(self.cuboid):
            return Q(key=SEP.join(self.fixed[i] for i in range(len(self.cuboid))))
        if 0 in self.fixed:
            return Q(key__startswith=self.fixed[0] + SEP)
        return Q()

    def add_rows(self, span: Span) -> None:
        first, last = span
        query = Query(
            self.query.parts, first, last, self.query.by, self.query.time, self.query.filters
        )
        for part, keyed in rowstore.fetch(query).tallies.items():
            for key, tally in keyed.items():
                self.found[part].setdefault(key, Tally()).add(tally)

    def _add(self, part: Part, values: list[str], at: date, tally: Tally) -> None:
        key: Key = tuple(values[i] for i in self.taken)
        if self.query.time == MONTH:
            key = (*key, at.replace(day=1))
        elif self.query.time == DAY:
            key = (*key, at)
        self.found[part].setdefault(key, Tally()).add(tally)


def _named(part: Part) -> tuple[str, str]:
    return part.name, part.keep
