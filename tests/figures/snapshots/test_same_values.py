"""What a snapshot says is what the rows said: every figure, part by part, as of any leaf."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from dingzi import figures
from dingzi.core.errors import Invalid
from dingzi.figures import fetching, layout, proving, registry, rowstore, snapshots
from dingzi.figures.answers import Value
from dingzi.figures.declare import Change, Part
from dingzi.figures.fetching import Query
from dingzi.figures.period import Period, today
from dingzi.figures.snapshots import tables
from dingzi.ledger.models import Head, Leaf
from dingzi.matters.apply import fold
from dingzi.matters.models import Event, Private
from dingzi.matters.rebuild import _fresh, act_of
from dingzi.matters.writer import insert_all

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


class Undo(Exception):
    """Takes back what was written."""


@contextmanager
def rows_as_of(size: int) -> Iterator[None]:
    """Put into the projections what the first ``size`` leaves make of them, leaf by leaf."""
    events = Event.objects.filter(leaf__index__lt=size).order_by("leaf__index")
    private = dict(Private.objects.values_list("event_id", "data"))
    states: dict[int, Any] = {}
    for event in events:
        act = act_of(event, private.get(event.id, {}))
        if act.stream not in states and event.seq == 1 and act.process != "book":
            states[act.stream] = _fresh(act.stream, act)
        if act.stream in states:
            fold(states[act.stream], act)
    try:
        with transaction.atomic():
            for table in tables.tables():
                table.model._default_manager.all().delete()
                insert_all([s.own for s in states.values() if isinstance(s.own, table.model)])
            yield
            raise Undo
    except Undo:
        pass


def parts() -> list[Part]:
    """Return every part that figures and guards tally, cumulated ones too."""
    own = [part for figure in registry.load().values() for part in figure.parts]
    return list(dict.fromkeys([*own, *registry.parts()]))


def told(query: Query, found: fetching.Found) -> dict[Any, Any]:
    return {
        (part.name, part.keep, part.until, key): (tally.n, tally.total, tally.spread)
        for part in query.parts
        for key, tally in found.tallies[part].items()
        if tally.n
    }


def queries() -> Iterator[Query]:
    """Yield, of every part, each county by category by month, and the days of the whole city."""
    for plan in layout.all_layouts():
        kinds = {
            one.name: one for f in registry.load().values() if f.model is plan.model for one in f.by
        }
        by = tuple(kinds[name] for name in ("county", "category") if name in kinds)
        of_model = [part for part in parts() if part.population.model is plan.model]
        for until in (False, True):
            asked = tuple(part for part in of_model if part.until is until)
            if asked:
                first = None if until else date(2024, 1, 1)
                yield Query(asked, first, today(), by, "month")
                yield Query(asked, first, today(), (), "day")
                yield Query(asked, first, date(today().year - 1, 12, 17), by[:1])
                if "town" in kinds:
                    yield Query(asked, first, today(), (kinds["town"],))


def test_every_part_is_tallied_as_from_the_rows_as_of_any_leaf(city: list[int]) -> None:
    """Counties by categories by months, days, towns: of every figure and guard, at six tree sizes."""
    last = city[-1]
    sizes = sorted({1, city[0] - 1, city[1], city[len(city) // 2] + 3, last - 1, last})
    compared = 0
    for size in sizes:
        with rows_as_of(size), snapshots.as_of(size) as tree:
            assert tree.size == size
            for query in queries():
                here = told(query, fetching.fetch(query))
                assert here == told(query, rowstore.fetch(query)), (size, query)
                compared += len(here)
    assert compared > 20_000


def test_every_value_is_that_of_the_rows(city: list[int]) -> None:
    """Months and years of every figure: of the city, some counties and categories, text and all."""
    now = today()
    ends = (now.year * 12 + now.month - 1 - n for n in range(12))
    months = [Period.month(month // 12, month % 12 + 1) for month in ends]
    periods = [*months, Period.whole_months(), Period.year(now.year - 1)]
    compared = numbers = 0
    for name, figure in registry.load().items():
        asked: list[tuple[dict[str, str], bool]] = [({}, True)]
        for one in figure.by:
            if one.public:
                first, second = list(one.labels())[:2]
                asked += [({one.name: first}, True), ({one.name: second}, False)]
        for dims, public in asked:
            live = figures.values(name, periods, dims, public=public)
            with snapshots.as_of():
                shot = figures.values(name, periods, dims, public=public)
            assert [_told(one) for one in live] == [_told(one) for one in shot], (name, dims)
            numbers += sum(one.number is not None for one in live)
            compared += len(live)
    assert compared > 2_000
    assert numbers > compared / 4


def _told(value: Value) -> tuple[Any, ...]:
    return value.number, value.why_none, value.behind, value.text, value.period, value.recounted


def test_tables_and_trends_are_answered_too(city: list[int]) -> None:
    """Whatever asks by the same questions: a table by county, a trend, a comparison, withheld cells."""
    period = Period.whole_months()
    every = [f for f in registry.load().values() if "county" in f.dimensions]
    some = [f for f in every if not isinstance(f, Change)][:6]
    for figure in some:
        live = [figures.table(figure, period), figures.trend(figure), figures.card(figure)]
        with snapshots.as_of():
            shot = [figures.table(figure, period), figures.trend(figure), figures.card(figure)]
        assert _plain(live) == _plain(shot)


def _plain(found: list[Any]) -> list[Any]:
    table, trend, card = found
    return [
        [(row.key, row.label, row.value.number, row.value.why_none) for row in table.rows],
        [point.value and point.value.number for point in (*trend.now, *trend.then)],
        (card.value.number, card.comparison and card.comparison.difference),
    ]


def test_a_tree_says_its_root_and_one_that_is_not_there_is_refused(city: list[int]) -> None:
    """Where a head of just this size was signed its root is told; larger trees are refused."""
    with snapshots.as_of() as tree:
        assert tree.size == city[-1] == Leaf.objects.count()
        assert len(tree.root) == 64
    with snapshots.as_of(city[0]) as earlier:
        assert earlier.root and earlier.root != tree.root
    with snapshots.as_of(city[0] - 1) as between:
        assert between.root == ""
    for size in (0, -1, tree.size + 1):
        with pytest.raises(Invalid) as refused, snapshots.as_of(size):
            pass
        assert refused.value.codes == ("figures_no_such_tree",)


def test_a_proof_is_of_exactly_its_tree(city: list[int]) -> None:
    """Asked again for the size of an older head, a figure says what it said then, with that root."""
    period = Period.year(today().year - 1)
    sizes = sorted(Head.objects.filter(size__lte=city[-1]).values_list("size", flat=True))
    for size in (sizes[0], sizes[-1]):
        found = proving.prove("disputes.registered", period, size=size)
        assert found is not None
        with snapshots.as_of(size) as tree:
            assert found.value.number == figures.value("disputes.registered", period).number
        assert (found.size, found.root, found.waiting) == (size, tree.root, 0)
    with pytest.raises(Invalid) as refused:
        proving.prove("disputes.registered", period, size=sizes[0] - 1)
    assert refused.value.codes[0] in ("figures_unsigned_tree", "figures_no_such_tree")
