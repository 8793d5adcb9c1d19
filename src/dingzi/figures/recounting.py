"""``dingzi recount``: the public figures computed anew from the public log alone.

Each matter's row is what its leaves have shown of it: columns that its process declares, days as
the first of their month. Figures are then counted by the definitions of this release, over whole
months and the public dimensions. A figure that needs a column which no leaf shows is named with it;
openings (``ledger.openings``) give the column, and exact days. What is confidential shows nothing: how
far it may move a figure is said by ``bounding``, and openings give what it counts by.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

import orjson
from django.db.models import BooleanField, CharField, DateField, Field, IntegerField, Model

from dingzi.ledger.openings import Opened
from dingzi.matters import registry as processes
from dingzi.matters.book import PROCESS as BOOK
from dingzi.matters.clocks import local_day
from dingzi.matters.publishing import SHOWN

from . import registry
from .declare import Change, Figure, Number, Part
from .declare_places import PerCapita, Rank
from .period import Period
from .populations import compiled, terms
from .replaying import Replay
from .tally import Tally

_MONTH = re.compile(r"\d{4}-\d{2}").fullmatch
#: The book's action that says how many live where.
RESIDENTS = "residents_loaded"
#: Columns of every projection that every leaf shows.
_ALWAYS = frozenset({"county"})
#: What a leaf says of the act itself; a column of that name is another thing.
_OF_THE_ACT = frozenset({"month", "unit", "changed", "version"})
#: What columns of these kinds hold.
_HOLDS: tuple[tuple[type[Field[Any, Any]], type], ...] = (
    (DateField, date),
    (BooleanField, bool),
    (IntegerField, int),
    (CharField, str),
)


@dataclass
class Recount:
    """Rows by projection, in the order of their leaves; residents of places by day; how many events
    showed nothing, and how many of these may be confidential acts that nobody opened.

    ``blind``: how many rows of a projection want columns that no leaf shows and no opening gives.
    """

    rows: dict[type[Model], list[Any]] = field(default_factory=dict)
    blind: Counter[type[Model]] = field(default_factory=Counter)
    residents: dict[str, list[tuple[date, int]]] = field(default_factory=dict)
    entries: int = 0
    hidden: int = 0
    closed: int = 0


def fold(entries: Iterable[bytes], openings: Opened | None = None) -> Recount:
    """Fold the log's entries into rows; what is no leaf of a process with figures is passed over.

    ``openings`` are values of hidden fields by entry, verified (``ledger.openings.read``): a field
    sets the column of its name, ``@occurred_at`` the day of the columns whose month the leaf shows.
    A confidential act whose ``shown`` is opened is folded like any other.
    """
    given = openings or Opened(frozenset(), {})
    made = Recount(closed=given.gone)
    replay = Replay(in_part())
    by_name: dict[str, Any] = {}
    for index, entry in enumerate(entries):
        made.entries += 1
        leaf = orjson.loads(entry)
        if leaf.get("public") is None:
            confided = _confided(given.values.get(index, {}))
            if confided is None:
                made.hidden += 1
                made.closed += index >= given.all_of
                continue
            leaf = confided
        shown = leaf["public"]
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
            _set(row, name, value)
        if opened := given.values.get(index):
            _open(row, shown.get("changed", {}), opened)
        replay.add(leaf, opened if index in given.whole else None)
    whole, made.blind = replay.made()
    for name, own in whole.items():
        _complete(by_name[name], own)
    return made


def _complete(row: Model, own: Any) -> None:
    """Set what no leaf shows as the acts have made it, and the days of the months that leaves show."""
    shown = _shown(type(row))
    for name, held in _columns(type(row)).items():
        value = getattr(own, name)
        if name not in shown:
            _set(row, name, value)
        elif held is date and value is not None and getattr(row, name) == value.replace(day=1):
            setattr(row, name, value)


def _confided(opened: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the leaf of a confidential act would show, as far as it was opened."""
    shown = opened.get(SHOWN)
    if shown is None:
        return None
    public = {**shown["facts"], "changed": shown["changed"]}
    return {
        "process": shown["process"],
        "action": "",
        "matter": opened["@stream"],
        "public": public,
    }


def _shown_of(process: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a leaf shows, its category as the top category where the process declares tops."""
    latest = processes.handle(process).latest
    shown = {name: value for name, value in shown.items() if name not in _OF_THE_ACT}
    if latest.tops is None or "category" not in shown:
        return shown
    # the top of a top is itself; an entry from before tops were declared has a category
    rest = {name: value for name, value in shown.items() if name != "category"}
    return rest | {"top": latest.top(shown["category"])}


def _open(row: Model, changed: Mapping[str, Any], opened: Mapping[str, Any]) -> None:
    known = _columns(type(row))
    for name, value in opened.items():
        _set(row, name, date.fromisoformat(value) if known.get(name) is date and value else value)
    if "@occurred_at" in opened:
        day = local_day(datetime.fromisoformat(opened["@occurred_at"]))
        for name, value in changed.items():
            dated = known.get(name) is date
            if dated and name not in opened and value == day.isoformat()[:7]:
                setattr(row, name, day)


def _set(row: Model, name: str, value: Any) -> None:
    """Set a column of a kind that is counted; ValueError for what it cannot hold.

    The month of a day is its first day.
    """
    wanted = _columns(type(row)).get(name)
    if wanted is None:
        return
    if wanted is date:
        value = _day(value)
    if value is not None and type(value) is not wanted:
        raise ValueError(f"{type(row).__name__}.{name}: {value!r:.60}")
    setattr(row, name, value)


def _settle(made: Recount, facts: dict[str, Any]) -> None:
    for row in facts.get("rows", [facts]):
        since = date.fromisoformat(row["since"])
        if type(row["people"]) is not int or type(row["division"]) is not str:
            raise ValueError(f"{RESIDENTS}: {row!r:.60}")
        held = made.residents.setdefault(row["division"], [])
        held[:] = sorted([one for one in held if one[0] != since] + [(since, row["people"])])


def _model(process: str) -> type[Model] | None:
    try:
        return processes.handle(process).model
    except KeyError:
        return None


@cache
def _columns(model: type[Model]) -> dict[str, type]:
    """Return the columns of kinds that are counted by name, and what each holds beside nothing."""
    return {
        one.name: held
        for one in model._meta.concrete_fields
        for kind, held in _HOLDS
        if isinstance(one, kind) and not one.primary_key
    }


def _day(value: Any) -> Any:
    if isinstance(value, str) and _MONTH(value):
        return date(int(value[:4]), int(value[5:]), 1)
    return value


def lacking(figure: Figure, made: Recount | None = None) -> set[str]:
    """Return the columns that a figure counts by and no leaf shows; none where all rows have them."""
    if made is not None and not made.blind[figure.model]:
        return set()
    needed: set[str] = set()
    for part in figure.parts:
        needed |= {part.population.on, part.column} - {""}
        needed |= {column for column, _, _ in terms(part.population.where)}
    return needed - _shown(figure.model)


def in_part() -> frozenset[type[Model]]:
    """Return the projections of which some listed figure counts by a column that no leaf shows."""
    return frozenset(figure.model for figure, lacks in figures() if lacks)


def whole() -> list[str]:
    """Return the processes whose acts must be opened whole, for every figure to be recounted."""
    models = in_part()
    return sorted(one.name for one in processes.handles() if one.model in models)


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


def value(
    made: Recount,
    figure: Figure,
    period: Period,
    dims: Mapping[str, str],
    unranked: Collection[str] = (),
) -> Number | None:
    """Return a figure's value over whole months and one choice of public dimensions.

    ``unranked`` are the places that have no rank and take none from others, their numbers withheld.
    """
    if isinstance(figure, Change):
        before = value(made, figure.of, period.year_before(), dims)
        return figure.change(value(made, figure.of, period, dims), before)
    if isinstance(figure, PerCapita):
        return figure.each(value(made, figure.of, period, dims), people(made, figure, period, dims))
    if isinstance(figure, Rank):
        name = figure.among.name
        if name not in dims:
            return None  # the whole city has no rank
        ranked = _places(made, figure, dims[name]) - {*unranked}
        every = {k: value(made, figure.of, period, {name: k}) for k in ranked}
        return figure.ranks(every).get(dims[name])
    return figure.number(tallies(made, figure, period, dims))


def tallies(
    made: Recount, figure: Figure, period: Period, dims: Mapping[str, str]
) -> dict[Part, Tally]:
    """Return what a figure that is made of no other one is counted from."""
    rows = [
        row
        for row in made.rows.get(figure.model, ())
        if all(getattr(row, figure.dimensions[d].column) == v for d, v in dims.items())
    ]
    return {part: _tally(part, rows, period) for part in figure.parts}


def _places(made: Recount, figure: Rank, one: str) -> set[str]:
    """Return the places of the same rank as one: those with residents, and those with rows."""
    column = figure.among.column
    found = {getattr(row, column) for row in made.rows.get(figure.model, ())} | {*made.residents}
    return {place for place in found | {one} if len(place) == len(one)}


def people(made: Recount, figure: PerCapita, period: Period, dims: Mapping[str, str]) -> int | None:
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


def figures(made: Recount | None = None) -> Iterator[tuple[Figure, set[str]]]:
    """Yield every listed figure with the columns that keep it from being recounted."""
    for group in registry.public():
        for figure in group.figures:
            yield figure, lacking(figure, made)
