"""The questions: a value, a table, a trend, a comparison, cards. None takes a viewer: what a figure
says is the same for everyone. ``public=False`` is for staff's pages: inner dimensions, several at
once, and no small cells withheld."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from django.utils import timezone

from dingzi.core.errors import Invalid, Refusal
from dingzi.core.text import Text

from . import cells, registry, titles
from .answers import Card, Comparison, Point, Row, Table, Trend, Value
from .comparing import beside, comparable
from .declare import GRAINS, Figure
from .deriving import of_parts, of_periods
from .fetching import one_reading
from .period import Period, today
from .periodwords import MONTHS
from .populations import Dimension
from .valuing import Filters, dims_of

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
#: So many rows of time a table has at most.
MOST = 400


@one_reading
def value(
    name: str | Figure, period: Period, dims: Asked | None = None, *, public: bool = True
) -> Value:
    """Return a figure's value for a period, of all or of one choice of dimensions.

    Raises NotFound ``no_such_figure``; Invalid ``no_such_dimension``, ``inner_dimension``,
    ``one_dimension``, ``unknown_choice``, ``finer_than_grain``, ``finer_than_month``.
    """
    return values(name, [period], dims, public=public)[0]


@one_reading
def values(
    name: str | Figure, periods: Sequence[Period], dims: Asked | None = None, *, public: bool = True
) -> list[Value]:
    """Return the values of several periods at the cost of one."""
    figure = registry.of(name)
    return of_periods(figure, periods, chosen(figure, dims, public), public)


@one_reading
def compare(
    name: str | Figure,
    period: Period,
    other: Period | None = None,
    dims: Asked | None = None,
    *,
    public: bool = True,
) -> Comparison:
    """Set a period beside another, by default the same part of the year before.

    Raises the Refusals of `comparing.comparable`.
    """
    figure = registry.of(name)
    other = other or period.year_before()
    comparable(figure, period, other)
    now, then = of_periods(figure, [period, other], chosen(figure, dims, public), public)
    return beside(figure, now, then)


@one_reading
def compare_values(now: Value, then: Value) -> Comparison:
    """Set two values beside each other, also one that was kept; refuses as `compare` does, and
    ``other_definition`` where they were counted by different definitions."""
    figure = registry.get(now.figure)
    if (now.figure, now.dims, now.definition) != (then.figure, then.dims, then.definition):
        told = {"now": now.version, "then": then.version, "other": then.title}
        raise Refusal.of("other_definition", title=now.title, **told)
    comparable(figure, now.period, then.period)
    return beside(figure, now, then)


@one_reading
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
    year = year or Period.whole_months().first.year
    wanted = _months(year, so_far)
    return _trend(figure, year, filters, of_periods(figure, wanted, filters, public))


@one_reading
def card(
    name: str | Figure,
    period: Period | None = None,
    dims: Asked | None = None,
    *,
    public: bool = True,
) -> Card:
    """Return value, comparison with the year before and trend of a figure, from one reading.

    Where the periods cannot be compared, ``refused`` says why and the comparison is None.
    """
    figure = registry.of(name)
    filters = chosen(figure, dims, public)
    period = period or Period.whole_months()
    refused, before = None, []
    try:
        comparable(figure, period, period.year_before())
        before = [period.year_before()]
    except Refusal as refusal:
        refused = refusal.reasons[0]
    months = _months(period.last.year, so_far=False)
    found = of_periods(figure, [*months, period, *before], filters, public)
    now = found[len(months)]
    return Card(
        figure=figure,
        value=now,
        comparison=beside(figure, now, found[-1]) if before else None,
        refused=refused,
        trend=_trend(figure, period.last.year, filters, found[: len(months)]),
    )


@one_reading
def cards(period: Period | None = None) -> list[Card]:
    """Return the cards of the home page: a handful of figures for the whole city."""
    shown = registry.home()
    cells.read_ahead({figure.model for figure in shown})
    return [card(figure, period) for figure in shown]


@one_reading
def listing(period: Period | None = None) -> list[tuple[registry.Group, list[Value]]]:
    """Return every listed figure's value for the whole city, by mechanism, from one reading."""
    period = period or Period.whole_months()
    groups = registry.public()
    cells.read_ahead({figure.model for group in groups for figure in group.figures})
    return [(group, [value(one, period) for one in group.figures]) for group in groups]


@one_reading
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
    if by in GRAINS:
        return _by_time(figure, period, by, chosen(figure, filters, public), compare, public)
    one = dimension(figure, by, public)
    taken = chosen(figure, filters, public, beside=one)
    if one in taken:
        raise Invalid.of("divided_by_its_filter", field="by", name=one.title)
    periods = [period]
    if compare:
        comparable(figure, period, before := period.year_before())
        periods.append(before)
    answers = [of_parts(figure, each, one, taken, public) for each in periods]
    labels = _labels(one, taken, [key for made, _ in answers for key in made])
    rows = [
        _row(figure, key, label, [made.get(key, none) for made, none in answers])
        for key, label in labels.items()
    ]
    total = of_periods(figure, periods, taken, public)
    return _table(figure, period, by, one.title, taken, rows, total)


# -- what was asked -----------------------------------------------------------------------------


def dimension(figure: Figure, name: str, public: bool) -> Dimension:
    """Return a dimension of the figure; Invalid ``no_such_dimension``, ``inner_dimension``."""
    found = figure.dimensions.get(name)
    if found is None:
        raise Invalid.of("no_such_dimension", field="by", name=name, title=figure.title)
    if public and not found.public:
        raise Invalid.of("inner_dimension", field="by", name=found.title)
    return found


def chosen(
    figure: Figure, dims: Asked | None, public: bool, beside: Dimension | None = None
) -> dict[Dimension, str]:
    """Return the filters by dimension, in the order of the declaration.

    Raises Invalid ``one_dimension`` where the public asks for more than one, ``beside`` included.
    """
    asked = {name: value for name, value in (dims or {}).items() if value}
    for name in asked:
        dimension(figure, name, public)
    if public and len(asked) + (beside is not None) > 1:
        raise Invalid.of("one_dimension", field="by")
    for name, value in asked.items():
        if public and value not in figure.dimensions[name].labels():
            raise Invalid.of("unknown_choice", field=name, value=value)
    return {one: asked[one.name] for one in figure.by if one.name in asked}


# -- putting together ---------------------------------------------------------------------------


def _months(year: int, so_far: bool) -> list[Period]:
    now = today()
    months = [Period.month(y, m) for y in (year - 1, year) for m in range(1, 13)]
    return [m for m in months if m.over(now) or (so_far and m.first <= now)]


def _trend(figure: Figure, year: int, filters: Filters, found: Sequence[Value]) -> Trend:
    by_month = {value.period: value for value in found}
    points = [
        Point(month_label(p), p, by_month.get(p))
        for p in (Period.month(y, m) for y in (year - 1, year) for m in range(1, 13))
    ]
    now, then = tuple(points[12:]), tuple(points[:12])
    return Trend(
        figure=figure.name,
        title=figure.title,
        says=titles.over_time(figure, now, then),
        unit=figure.unit,
        year=year,
        now=now,
        then=then,
        computed_at=min((v.computed_at for v in found), default=timezone.now()),
        dims=dims_of(filters),
    )


def _by_time(
    figure: Figure, period: Period, grain: str, filters: Filters, compare: bool, public: bool
) -> Table:
    if GRAINS.index(grain) < GRAINS.index(figure.grain):
        raise Invalid.of("finer_than_grain", field="by", title=figure.title)
    now = today()
    parts = list(islice((p for p in period.each(grain) if p.first <= now), MOST + 1))
    if len(parts) > MOST:
        raise Invalid.of("too_many_parts", field="by", limit=MOST)
    periods = [*parts, period]
    before = [p.year_before() for p in periods] if compare else []
    for one, other in zip(periods, before, strict=False):
        comparable(figure, one, other)
    found = of_periods(figure, [*periods, *before], filters, public)
    here, there = found[: len(periods)], found[len(periods) :]
    pairs = [[v, *there[i : i + 1]] for i, v in enumerate(here)]
    rows = [_row(figure, v[0].period.code, time_label(v[0].period), v) for v in pairs[:-1]]
    return _table(figure, period, grain, TIMES[grain], filters, rows, pairs[-1])


def _table(
    figure: Figure,
    period: Period,
    by: str,
    by_title: Text,
    filters: Filters,
    rows: Sequence[Row],
    total: Sequence[Value],
) -> Table:
    return Table(
        figure=figure.name,
        title=figure.title,
        says=titles.highest_lowest(figure, by_title, rows),
        unit=figure.unit,
        by=by,
        by_title=by_title,
        period=period,
        filters=dims_of(filters),
        rows=tuple(rows),
        total=_row(figure, "", CITY if not filters else Text("合计", "Total"), total),
        hidden=any(row.value.suppressed for row in rows),
        computed_at=total[0].computed_at,
    )


def _row(figure: Figure, key: str, label: Text, found: Sequence[Value]) -> Row:
    comparison = beside(figure, *found) if len(found) == 2 else None
    return Row(key=key, label=label, value=found[0], comparison=comparison)


def _labels(one: Dimension, filters: Filters, keys: Iterable[str]) -> dict[str, Text]:
    """Name every value of the dimension, in its order; then what rows have beside them."""
    around = next((v for d, v in filters.items() if d.name == one.within), "")
    labels = {k: v for k, v in one.labels().items() if k.startswith(around)}
    for key in sorted(set(keys) - set(labels)):
        labels[key] = UNKNOWN if key == "" else Text(key, key)
    return labels


def time_label(period: Period) -> Text:
    """Name a row of time: 8月 for a month, else the period's words."""
    return month_label(period) if period.kind == "month" else period.words()


def month_label(period: Period) -> Text:
    month = period.first.month
    return Text(f"{month}月", MONTHS[month - 1][:3])
