"""Values made of another figure's values: changes, numbers for each resident, ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dingzi.city import directory
from dingzi.core.errors import Refusal
from dingzi.core.text import Text

from . import valuing
from .answers import Behind, Dims, Value
from .comparing import comparable
from .declare import Change, Figure, Number
from .declare_places import PerCapita, Rank
from .period import Period, today
from .populations import Dimension
from .valuing import Filters

RESIDENTS = Text("常住人口", "Residents")


def of_periods(
    figure: Figure, periods: Sequence[Period], filters: Filters, public: bool
) -> list[Value]:
    """Return the value of each period."""
    if isinstance(figure, Change):
        before = [p.year_before() for p in periods]
        found = of_periods(figure.of, [*periods, *before], filters, public)
        half = len(periods)
        return [_changed(figure, *pair) for pair in zip(found[:half], found[half:], strict=True)]
    if isinstance(figure, PerCapita):
        return [_each(figure, v) for v in of_periods(figure.of, periods, filters, public)]
    if isinstance(figure, Rank):
        if figure.among not in filters:
            found = of_periods(figure.of, periods, filters, public)
            return [_told_as(figure, value, None, "unranked") for value in found]
        key = filters[figure.among]
        every = [of_parts(figure, period, figure.among, {}, public) for period in periods]
        return [made.get(key, none) for made, none in every]
    return valuing.of_periods(figure, periods, filters, public)


def of_parts(
    figure: Figure, period: Period, one: Dimension, filters: Filters, public: bool
) -> tuple[dict[str, Value], Value]:
    """Return the values by key of a dimension, and the value of a part without rows."""
    if isinstance(figure, Change):
        now, none = of_parts(figure.of, period, one, filters, public)
        then, nought = of_parts(figure.of, period.year_before(), one, filters, public)
        keys = dict.fromkeys([*now, *then])
        made = {key: _changed(figure, now.get(key, none), then.get(key, nought)) for key in keys}
        return made, _changed(figure, none, nought)
    if isinstance(figure, PerCapita):
        every, none = _all_parts(figure.of, period, one, filters, public)
        return {key: _each(figure, value) for key, value in every.items()}, _each(figure, none)
    if isinstance(figure, Rank):
        every, none = _all_parts(figure.of, period, one, filters, public)
        known = one.labels()
        ranks = figure.ranks({key: every[key].number for key in known})
        made = {key: _ranked(figure, value, ranks.get(key)) for key, value in every.items()}
        return made, _told_as(figure, none, None, "unranked")
    return valuing.of_parts(figure, period, one, filters, public)


def _all_parts(
    figure: Figure, period: Period, one: Dimension, filters: Filters, public: bool
) -> tuple[dict[str, Value], Value]:
    """Return `of_parts` with a value for every label, also of those without rows."""
    made, none = of_parts(figure, period, one, filters, public)
    around = next((value for d, value in filters.items() if d.name == one.within), "")
    keys = [key for key in one.labels() if key.startswith(around)]
    dims: Dims = valuing.dims_of(filters)
    empty = {key: replace(none, dims=(*dims, (one.name, key))) for key in keys if key not in made}
    return made | empty, none


def _told_as(figure: Figure, value: Value, number: Number | None, why: str) -> Value:
    return replace(
        value,
        figure=figure.name,
        kind=figure.kind,
        title=figure.title,
        number=number,
        why_none=why if number is None else "",
        unit=figure.unit,
        scale=figure.scale,
        places=figure.places,
        recounted=value.period.first < figure.since,
        definition=figure.definition,
        version=figure.version,
    )


def _changed(figure: Change, now: Value, then: Value) -> Value:
    """A change is worth what two values of its figure are worth, where they may be compared."""
    number: Number | None = figure.change(now.number, then.number)
    why = now.why_none or then.why_none
    try:
        comparable(figure.of, now.period, then.period)
    except Refusal as refusal:
        number, why = None, refusal.codes[0]
    return _told_as(figure, now, number, why or "empty")


def _each(figure: PerCapita, value: Value) -> Value:
    card = residents_of(figure, value)
    people = card.people if card else None
    number = figure.each(value.number, people)
    told = _told_as(figure, value, number, value.why_none or "no_residents")
    return replace(told, behind=(*value.behind, Behind("residents", RESIDENTS, people)))


def residents_of(figure: PerCapita, value: Value) -> directory.PeopleCard | None:
    """Return how many live where a value is of, on its last day (today, while it runs)."""
    places = {one.name for one in figure.by if one.place}
    codes = [code for name, code in value.dims if name in places]
    if not codes:
        city = directory.city()
        codes = [city.code] if city else [""]
    return directory.people(max(codes, key=len), min(value.period.last, today()))


def _ranked(figure: Rank, value: Value, rank: int | None) -> Value:
    return _told_as(figure, value, rank, value.why_none or "unranked")
