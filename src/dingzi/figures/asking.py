"""The questions: a value, a table, a trend, a comparison. None takes a viewer: what a figure says is
the same for everyone. ``public=False`` is for staff's pages: inner dimensions, and no small cells
withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from dingzi.core.errors import Invalid, Refusal
from dingzi.core.text import Text

from . import registry, words
from .answers import Behind, Comparison, Dims, Point, Row, Table, Trend, Value
from .coverage import counted_since
from .declare import GRAINS, Change, Figure, Part
from .fetching import Found, Key, Query, fetch
from .period import Period, today
from .populations import Dimension
from .tally import Tally

TIMES = {
    "day": Text("日", "Day"),
    "month": Text("月份", "Month"),
    "quarter": Text("季度", "Quarter"),
    "half": Text("半年", "Half-year"),
    "year": Text("年份", "Year"),
}
UNKNOWN = Text("没有填", "Not given")
CITY = Text("全市", "Whole city")
Asked = Mapping[str, str]


def value(
    name: str | Figure, period: Period, dims: Asked | None = None, *, public: bool = True
) -> Value:
    """Return a figure's value for a period, of all or of one choice of dimensions.

    Raises NotFound ``no_such_figure``; Invalid ``no_such_dimension``, ``inner_dimension``,
    ``finer_than_grain``, ``finer_than_month``.
    """
    figure = registry.of(name)
    filters = chosen(figure, dims, public)
    (found,) = _values(figure, [period], filters, public)
    return found


def values(
    name: str | Figure,
    periods: Sequence[Period],
    dims: Asked | None = None,
    *,
    public: bool = True,
) -> list[Value]:
    """Return the values of several periods at the cost of one."""
    figure = registry.of(name)
    return _values(figure, periods, chosen(figure, dims, public), public)


def table(
    name: str | Figure,
    period: Period,
    by: str = "county",
    filters: Asked | None = None,
    *,
    compare: bool = False,
    public: bool = True,
) -> Table:
    """Divide a figure by a dimension or by time (``month`` ...), with its total.

    ``compare`` sets each row beside the same part of the year before; it raises what `compare`
    raises. Every value of the dimension has a row, in the dimension's order.
    """
    figure = registry.of(name)
    chosen_filters = chosen(figure, filters, public)
    if by in GRAINS:
        return _by_time(figure, period, by, chosen_filters, compare, public)
    one = dimension(figure, by, public)
    if one in chosen_filters:
        raise Invalid.of("divided_by_its_filter", field="by", name=one.title)
    periods = [period]
    if compare:
        comparable(figure, period, before := period.year_before())
        periods.append(before)
    answers = [_divided(figure, each, one, chosen_filters, public) for each in periods]
    total = _values(figure, periods, chosen_filters, public)
    labels = _labels(one, chosen_filters, [key for answer in answers for key in answer[0]])
    rows = []
    for key, label in labels.items():
        each = [made.get(key) or empty for made, empty in answers]
        rows.append(_row(figure, key, label, each))
    return Table(
        figure=figure.name,
        title=figure.title,
        by=by,
        by_title=one.title,
        period=period,
        filters=_dims(chosen_filters),
        rows=tuple(rows),
        total=_row(figure, "", CITY, total),
        hidden=any(row.value.suppressed for row in rows),
        computed_at=total[0].computed_at,
    )


def trend(
    name: str | Figure,
    year: int | None = None,
    dims: Asked | None = None,
    *,
    so_far: bool = False,
    public: bool = True,
) -> Trend:
    """Return the months of a year and of the year before.

    A month that is not over has no value, unless ``so_far`` (then the last one is part of a month
    and must not be read beside a whole one).
    """
    figure = registry.of(name)
    filters = chosen(figure, dims, public)
    now = today()
    year = year or Period.whole_months(now).first.year
    months = [Period.month(y, m) for y in (year - 1, year) for m in range(1, 13)]
    wanted = [m for m in months if m.over(now) or (so_far and m.first <= now)]
    found = dict(zip(wanted, _values(figure, wanted, filters, public), strict=True))
    points = [Point(_month(m), m, found.get(m)) for m in months]
    return Trend(
        figure=figure.name,
        title=figure.title,
        unit=figure.unit,
        year=year,
        now=tuple(points[12:]),
        then=tuple(points[:12]),
        computed_at=max((v.computed_at for v in found.values()), default=_now()),
        dims=_dims(filters),
    )


def compare(
    name: str | Figure,
    period: Period,
    other: Period | None = None,
    dims: Asked | None = None,
    *,
    public: bool = True,
) -> Comparison:
    """Set a period beside another, by default the same part of the year before.

    Raises
    ------
    Refusal
        ``unequal_periods`` of different length, ``other_part_of_year``, ``period_not_over``,
        ``definition_changed`` (a break lies between), ``uncounted`` (no rows so early).
    """
    figure = registry.of(name)
    other = other or period.year_before()
    comparable(figure, period, other)
    filters = chosen(figure, dims, public)
    now, then = _values(figure, [period, other], filters, public)
    return beside(figure, now, then)


def compare_values(now: Value, then: Value) -> Comparison:
    """Set two values beside each other, also one that was kept; refuses as `compare` does, and
    ``definition_changed`` where they were counted by different definitions."""
    figure = registry.get(now.figure)
    if now.definition != then.definition or then.figure != now.figure or now.dims != then.dims:
        raise Refusal.of("definition_changed", title=now.title, on=None)
    comparable(figure, now.period, then.period)
    return beside(figure, now, then)


def comparable(figure: Figure, period: Period, other: Period) -> None:
    """Raise the Refusal that says why two periods cannot be compared; pass where they can."""
    told = {"period": period.words(), "other": other.words()}
    if not period.same_part_as(other):
        equal = period.is_as_long_as(other)
        raise Refusal.of("other_part_of_year" if equal else "unequal_periods", **told)
    for one in (period, other):
        if not one.over():
            raise Refusal.of("period_not_over", period=one.words())
    early, late = sorted((period, other))
    for gap in figure.breaks:
        if early.first < gap.on <= late.last:
            raise Refusal.of("definition_changed", title=figure.title, on=gap.on)
    begin = counted_since(figure.model)
    if begin is None or early.first < begin:
        raise Refusal.of("uncounted", period=early.words(), since=begin)


# -- what was asked -----------------------------------------------------------------------------


def dimension(figure: Figure, name: str, public: bool) -> Dimension:
    found = figure.dimensions.get(name)
    if found is None:
        raise Invalid.of("no_such_dimension", field="by", name=name, title=figure.title)
    if public and not found.public:
        raise Invalid.of("inner_dimension", field="by", name=found.title)
    return found


def chosen(figure: Figure, dims: Asked | None, public: bool) -> dict[Dimension, str]:
    """Return the filters by dimension, in the order of the declaration."""
    asked = {k: v for k, v in (dims or {}).items() if v != ""}
    for name in asked:
        dimension(figure, name, public)
    return {one: asked[one.name] for one in figure.by if one.name in asked}


def _grain(figure: Figure, period: Period, filters: Mapping[Dimension, str], public: bool) -> None:
    now = today()
    ends = period.last == now
    if figure.grain != "day" and not (period.is_whole_months or ends):
        raise Invalid.of("finer_than_grain", field="period", title=figure.title)
    if public and filters and not (period.first.day == 1 and (period.is_whole_months or ends)):
        raise Invalid.of("finer_than_month", field="period")


# -- values -------------------------------------------------------------------------------------


def _values(
    figure: Figure, periods: Sequence[Period], filters: Mapping[Dimension, str], public: bool
) -> list[Value]:
    """Tally all periods with one query for what happened and one for what stands."""
    if not periods:
        return []
    if isinstance(figure, Change):
        return _changes(figure, periods, filters, public)
    for period in periods:
        _grain(figure, period, filters, public)
    tallies, at = _tallies(figure, periods, filters)
    dims = _dims(filters)
    return [_value(figure, p, dims, t, at) for p, t in zip(periods, tallies, strict=True)]


def _tallies(
    figure: Figure, periods: Sequence[Period], filters: Mapping[Dimension, str]
) -> tuple[list[dict[Part, Tally]], datetime]:
    time = "month" if all(p.is_whole_months for p in periods) else "day"
    if len(periods) == 1:
        time = ""
    at = None
    result: list[dict[Part, Tally]] = [{} for _ in periods]
    for until in (False, True):
        parts = tuple(part for part in figure.parts if part.until is until)
        if not parts:
            continue
        first = None if until else min(p.first for p in periods)
        last = max(p.last for p in periods)
        found = fetch(Query(parts, first, last, (), time, filters))
        at = min(at, found.at) if at else found.at
        for part in parts:
            for period, into in zip(periods, result, strict=True):
                keyed = found.tallies[part]
                into[part] = Tally.sum(
                    tally for key, tally in keyed.items() if _within(key, period, until, time)
                )
    return result, at or _now()


def _within(key: Key, period: Period, until: bool, time: str) -> bool:
    if not time:
        return True
    day = key[-1]
    assert isinstance(day, date)
    return day <= period.last and (until or day >= period.first)


def _value(
    figure: Figure, period: Period, dims: Dims, tallies: Mapping[Part, Tally], at: datetime
) -> Value:
    now, begin = today(), counted_since(figure.model)
    number, why = figure.number(tallies), ""
    if period.first > now:
        number, why = None, "future"
    elif begin is None or period.last < begin:
        number, why = None, "uncounted"
    elif number is None:
        why = "empty"
    told = not why or why == "empty"
    behind = [
        Behind(p.population.name, p.population.label, tallies[p].n if told else None)
        for p in figure.behind
    ]
    return Value(
        figure=figure.name,
        title=figure.title,
        period=period,
        dims=dims,
        number=number,
        why_none=why,
        behind=tuple(behind),
        unit=figure.unit,
        scale=figure.scale,
        places=figure.places,
        is_stock=figure.is_stock,
        so_far=period.first <= now < period.last,
        recounted=period.first < figure.since,
        definition=figure.definition,
        computed_at=at,
    )


def _changes(
    figure: Change, periods: Sequence[Period], filters: Mapping[Dimension, str], public: bool
) -> list[Value]:
    """A change is worth what two values of its figure are worth, where they can be compared."""
    pairs = [(p, p.year_before()) for p in periods]
    flat = _values(figure.of, [p for pair in pairs for p in pair], filters, public)
    found = []
    for (period, before), now, then in zip(pairs, flat[::2], flat[1::2], strict=True):
        tallies: dict[Part, Tally] = {part: Tally() for part in figure.parts}
        made = _value(figure, period, _dims(filters), tallies, now.computed_at)
        number, why = figure.change(now.number, then.number), now.why_none or then.why_none
        try:
            comparable(figure.of, period, before)
        except Refusal as refusal:
            number, why = None, refusal.codes[0]
        if number is None and not why:
            why = "empty"
        found.append(_with(made, number, why, now.behind))
    return found


def _with(made: Value, number: object, why: str, behind: tuple[Behind, ...]) -> Value:
    from dataclasses import replace

    return replace(made, number=number, why_none=why, behind=behind)


def beside(figure: Figure, now: Value, then: Value) -> Comparison:
    """Return the comparison of two values that may be compared."""
    difference = None
    if now.number is not None and then.number is not None:
        difference = now.number - then.number
    relative = (
        Fraction(difference) / then.number if difference is not None and then.number else None
    )
    direction = (
        "" if difference is None else ("same", "up", "down")[(difference > 0) - (difference < 0)]
    )
    good = None
    if figure.good and direction in ("up", "down"):
        good = direction == figure.good
    return Comparison(
        now=now,
        then=then,
        difference=difference,
        relative=relative,
        direction=direction,
        good=good,
        text=words.change(now, then, difference),
    )


# -- tables -------------------------------------------------------------------------------------


def _divided(
    figure: Figure, period: Period, one: Dimension, filters: Mapping[Dimension, str], public: bool
) -> tuple[dict[str, Value], Value]:
    """Return the value of each part that has rows, and the value of one that has none."""
    if isinstance(figure, Change):
        raise Invalid.of("no_such_dimension", field="by", name=one.name, title=figure.title)
    _grain(figure, period, {one: "", **filters}, public)
    keyed: dict[str, dict[Part, Tally]] = {}
    found: Found | None = None
    for part in figure.parts:
        first = None if part.until else period.first
        found = fetch(Query((part,), first, period.last, (one,), "", filters))
        for key, tally in found.tallies[part].items():
            keyed.setdefault(str(key[0]), {})[part] = tally
    assert found is not None
    none = dict.fromkeys(figure.parts, Tally())
    dims = _dims(filters)
    made = {
        key: _value(figure, period, (*dims, (one.name, key)), none | tallies, found.at)
        for key, tallies in keyed.items()
    }
    return made, _value(figure, period, dims, none, found.at)


def _by_time(
    figure: Figure,
    period: Period,
    grain: str,
    filters: Mapping[Dimension, str],
    compare: bool,
    public: bool,
) -> Table:
    if GRAINS.index(grain) < GRAINS.index(figure.grain):
        raise Invalid.of("finer_than_grain", field="by", title=figure.title)
    now = today()
    periods = [p for p in period.each(grain) if p.first <= now]
    before = [p.year_before() for p in (*periods, period)] if compare else []
    for one, other in zip((*periods, period), before, strict=False):
        comparable(figure, one, other)
    found = _values(figure, [*periods, period, *before], filters, public)
    here, there = found[: len(periods) + 1], found[len(periods) + 1 :]
    rows = [
        _row(figure, v.period.code, _label(v.period, grain), [v, *there[i : i + 1]])
        for i, v in enumerate(here[:-1])
    ]
    return Table(
        figure=figure.name,
        title=figure.title,
        by=grain,
        by_title=TIMES[grain],
        period=period,
        filters=_dims(filters),
        rows=tuple(rows),
        total=_row(figure, "", CITY, [here[-1], *there[-1:]]),
        hidden=any(row.value.suppressed for row in rows),
        computed_at=here[-1].computed_at,
    )


def _row(figure: Figure, key: str, label: Text, found: Sequence[Value]) -> Row:
    comparison = beside(figure, *found) if len(found) == 2 else None
    return Row(key=key, label=label, value=found[0], comparison=comparison)


def _labels(
    one: Dimension, filters: Mapping[Dimension, str], keys: Iterable[str]
) -> dict[str, Text]:
    """Name every value of the dimension, in its order; then what rows have beside them."""
    around = next((v for d, v in filters.items() if d.name == one.within), "")
    labels = {k: v for k, v in one.labels().items() if k.startswith(around)}
    for key in sorted(set(keys) - set(labels)):
        labels[key] = UNKNOWN if key == "" else Text(key, key)
    return labels


def _label(period: Period, grain: str) -> Text:
    return _month(period) if grain == "month" else period.words()


def _month(period: Period) -> Text:
    from .periodwords import MONTHS

    month = period.first.month
    return Text(f"{month}月", MONTHS[month - 1][:3])


def _dims(filters: Mapping[Dimension, str]) -> Dims:
    return tuple((one.name, value) for one, value in filters.items())


def _now() -> datetime:
    from django.utils import timezone

    return timezone.now()
