"""``dingzi recount``: the public figures computed anew from the public log alone.

Each matter's row is what its leaves have shown of it: columns that its process declares, days as
the first of their month. Figures are then counted by the definitions of this release, over whole
months and the public dimensions. A figure that needs a column which no leaf shows is named with it;
openings (``ledger.openings``) give the column, and exact days.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import orjson
from django.db.models import DateField, Model

from dingzi.matters import registry as processes
from dingzi.matters.book import PROCESS as BOOK
from dingzi.matters.clocks import local_day

from . import registry
from .declare import Change, Figure, Number, Part
from .declare_places import PerCapita, Rank
from .period import Period
from .populations import compiled, terms
from .tally import Tally

_MONTH = re.compile(r"\d{4}-\d{2}").fullmatch
#: The book's action that says how many live where.
RESIDENTS = "residents_loaded"
#: Columns of every projection that every leaf shows.
_ALWAYS = frozenset({"county"})


@dataclass
class Recount:
    """Rows by projection, in the order of their leaves; residents of places by day; and how many
    events showed nothing."""

    rows: dict[type[Model], list[Any]] = field(default_factory=dict)
    residents: dict[str, list[tuple[date, int]]] = field(default_factory=dict)
    entries: int = 0
    hidden: int = 0


def fold(
    entries: Iterable[bytes], openings: Mapping[int, Mapping[str, Any]] | None = None
) -> Recount:
    """Fold the log's entries into rows; what is no leaf of a process with figures is passed over.

    ``openings`` are values of hidden fields by entry, verified (``ledger.openings.read``): a field
    sets the column of its name, ``@occurred_at`` the day of the columns whose month the leaf shows.
    """
    made = Recount()
    by_name: dict[str, Any] = {}
    for index, entry in enumerate(entries):
        made.entries += 1
        leaf = orjson.loads(entry)
        shown = leaf.get("public")
        if shown is None:
            made.hidden += 1
            continue
        if leaf["action"] == RESIDENTS and leaf["process"] == BOOK:
            _settle(made, shown["facts"])
            continue
        model = _model(leaf["process"])
        if model is None:
            continue
        row = by_name.get(leaf["matter"])
        if row is None:
            row = by_name[leaf["matter"]] = model()
            made.rows.setdefault(model, []).append(row)
        for name, value in (_shown_of(leaf["process"], shown) | shown.get("changed", {})).items():
            if name in _columns(model):
                setattr(row, name, _day(value))
        if openings and (opened := openings.get(index)):
            _open(row, shown.get("changed", {}), opened)
    return made


def _shown_of(process: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a leaf shows, its category as the top category where the process declares tops."""
    latest = processes.handle(process).latest
    if latest.tops is None:
        return dict(shown)
    # the top of a top is itself; an entry from before tops were declared has a category
    rest = {name: value for name, value in shown.items() if name != "category"}
    return rest | {"top": latest.top(shown["category"])}


def _open(row: Any, changed: Mapping[str, Any], opened: Mapping[str, Any]) -> None:
    for name, value in opened.items():
        if name in _columns(type(row)):
            dated = isinstance(row._meta.get_field(name), DateField)
            setattr(row, name, date.fromisoformat(value) if dated and value else value)
    if "@occurred_at" in opened:
        day = local_day(datetime.fromisoformat(opened["@occurred_at"]))
        for name, value in changed.items():
            dated = isinstance(row._meta.get_field(name), DateField)
            if dated and name not in opened and value == day.isoformat()[:7]:
                setattr(row, name, day)


def _settle(made: Recount, facts: dict[str, Any]) -> None:
    for row in facts.get("rows", [facts]):
        since = date.fromisoformat(row["since"])
        held = made.residents.setdefault(row["division"], [])
        held[:] = sorted([one for one in held if one[0] != since] + [(since, row["people"])])


def _model(process: str) -> type[Model] | None:
    try:
        return processes.handle(process).model
    except KeyError:
        return None


def _columns(model: type[Model]) -> frozenset[str]:
    return frozenset(one.name for one in model._meta.concrete_fields if not one.primary_key)


def _day(value: Any) -> Any:
    if isinstance(value, str) and _MONTH(value):
        return date(int(value[:4]), int(value[5:]), 1)
    return value


def lacking(figure: Figure, opened: Collection[str] = ()) -> set[str]:
    """Return the columns that a figure counts by and no leaf shows, nor the fields ``opened``."""
    needed: set[str] = set()
    for part in figure.parts:
        needed |= {part.population.on, part.column} - {""}
        needed |= {column for column, _, _ in terms(part.population.where)}
    return needed - _shown(figure.model) - {*opened}


def divides(figure: Figure, name: str, opened: Collection[str] = ()) -> bool:
    """Tell whether a figure can be recounted divided by a dimension."""
    one = figure.dimensions.get(name)
    return one is not None and one.column in _shown(figure.model) | {*opened}


def _shown(model: type[Model]) -> set[str]:
    found: set[str] = set(_ALWAYS)
    for handle in processes.handles():
        if handle.model is model:
            found |= {*handle.latest.shown_columns, *handle.latest.public}
            found |= {"category"} if handle.latest.tops is None else {"top"}
    return found


def value(made: Recount, figure: Figure, period: Period, dims: Mapping[str, str]) -> Number | None:
    """Return a figure's value over whole months and one choice of public dimensions."""
    if isinstance(figure, Change):
        before = value(made, figure.of, period.year_before(), dims)
        return figure.change(value(made, figure.of, period, dims), before)
    if isinstance(figure, PerCapita):
        return figure.each(
            value(made, figure.of, period, dims), _people(made, figure, period, dims)
        )
    if isinstance(figure, Rank):
        name = figure.among.name
        every = {k: value(made, figure.of, period, {name: k}) for k in figure.among.labels()}
        return figure.ranks(every).get(dims.get(name, ""))
    rows = [
        row
        for row in made.rows.get(figure.model, ())
        if all(getattr(row, figure.dimensions[d].column) == v for d, v in dims.items())
    ]
    return figure.number({part: _tally(part, rows, period) for part in figure.parts})


def _people(
    made: Recount, figure: PerCapita, period: Period, dims: Mapping[str, str]
) -> int | None:
    """Return the residents of the place on the period's last day; of the whole city's shortest code."""
    places = {one.name for one in figure.by if one.place}
    codes = [code for name, code in dims.items() if name in places]
    code = max(codes, key=len) if codes else min(made.residents, key=len, default="")
    told = [people for since, people in made.residents.get(code, ()) if since <= period.last]
    return told[-1] if told else None


def _tally(part: Part, rows: Iterable[Any], period: Period) -> Tally:
    of = part.population
    names = [one.name for one in of.model._meta.concrete_fields]
    attributes = [one.attname for one in of.model._meta.concrete_fields]
    test = compiled(of.condition, names)
    counts: dict[int, int] = {}
    n = 0
    for row in rows:
        day = getattr(row, of.on)
        if day is None or day > period.last or not (part.until or day >= period.first):
            continue
        if test([getattr(row, name) for name in attributes]):
            kept = getattr(row, part.column) if part.column else 1
            if kept is not None:
                n += 1
                counts[kept] = counts.get(kept, 0) + 1
    return Tally.of(counts) if part.column else Tally(n=n)


def figures(opened: Collection[str] = ()) -> Iterator[tuple[Figure, set[str]]]:
    """Yield every listed figure with the columns that keep it from being recounted."""
    for group in registry.public():
        for figure in group.figures:
            yield figure, lacking(figure, opened)
