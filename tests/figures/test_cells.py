"""Cells equal the rows: after any changes, by any query, kept up or made anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from dingzi import figures
from dingzi.figures import Period, cells, refreshing, registry, rowstore, triggers
from dingzi.figures.fetching import Query
from dingzi.figures.layout import all_layouts, layout
from dingzi.figures.models import Cell, Pending, Tallied
from dingzi.mechanisms.disputes.figures import populations as declared
from dingzi.mechanisms.disputes.models import Dispute
from tests.figures.rows import closed, dispute
from tests.world import build

DAYS = st.dates(date(2024, 11, 20), date(2025, 3, 10))
SOME = st.one_of(st.none(), DAYS)
ROWS = st.fixed_dictionaries(
    {
        "registered_on": DAYS,
        "accepted_on": SOME,
        "closed_on": SOME,
        "word_on": SOME,
        "reopened_on": SOME,
        "outcome": st.sampled_from(["", "agreed", "settled", "failed", "withdrawn", "merged"]),
        "word": st.sampled_from(["", "confirmed", "disagreed", "silent"]),
        "days": st.one_of(st.none(), st.integers(0, 4)),
        "on_time": st.sampled_from([None, True, False]),
        "reopened": st.integers(0, 2),
        "rating": st.sampled_from([None, 1, 5]),
        "county": st.sampled_from(["360902", "360921", ""]),
        "town": st.sampled_from(["360902001", "360902002", ""]),
        "category": st.sampled_from(["wages", "family"]),
        "door": st.sampled_from(["web", "phone"]),
    }
)
#: Those of disputes: the rows here are theirs.
PARTS = [part for part in registry.parts() if part.population.model is Dispute]
CHANGES = st.lists(st.tuples(st.integers(0, 7), st.one_of(st.none(), ROWS)), max_size=12)


def dump() -> list[tuple[Any, ...]]:
    """Return every cell, by names."""
    return sorted(
        (part, keep, dims, grain, at, key, n, total, sorted((spread or {}).items()))
        for part, keep, dims, grain, at, key, n, total, spread in Cell.objects.values_list(
            "series__part", "series__keep", "series__dimensions", "series__grain", "at", "key",
            "n", "total", "spread",
        )
    )  # fmt: skip


class Kept(TestCase):
    """The property; a class because each example needs a transaction of its own."""

    @given(st.lists(ROWS, max_size=8), CHANGES, st.integers(1, 4))
    def test_cells_kept_up_equal_cells_made_anew(
        self, rows: list[dict[str, Any]], changes: list[Any], pause: int
    ) -> None:
        """Whatever is stored, altered and deleted, with refreshes between, comes to the same."""
        refreshing.rebuild()
        stored = [dispute(**row) for row in rows]
        for turn, (which, row) in enumerate(changes):
            if which >= len(stored):
                if row:
                    stored.append(dispute(**row))
            elif row is None:
                Dispute.objects.filter(pk=stored.pop(which).pk).delete()
            else:
                Dispute.objects.filter(pk=stored[which].pk).update(**row)
            if turn % pause == 0:
                refreshing.refresh()
        refreshing.refresh()
        assert not Pending.objects.exists()
        kept = dump()
        refreshing.rebuild()
        assert kept == dump()

    @given(st.lists(ROWS, max_size=8), DAYS, DAYS, st.data())
    def test_cells_answer_what_the_rows_answer(
        self, rows: list[dict[str, Any]], one: date, other: date, data: st.DataObject
    ) -> None:
        """Any part by any dimension and time over any days is the same from both."""
        for row in rows:
            dispute(**row)
        refreshing.rebuild()
        first, last = sorted((one, other))
        county, town, category = declared.county, declared.town, declared.category
        for part in data.draw(st.lists(st.sampled_from(PARTS), max_size=3)):
            for by, filters, time in (
                ((), {}, ""),
                ((), {}, "month"),
                ((), {}, "day"),
                ((county,), {}, ""),
                ((town,), {county: "360902"}, "month"),
                ((county,), {category: "wages"}, ""),
                ((), {county: "360902", category: "wages"}, "month"),
                ((), {town: "360902001"}, ""),
            ):
                query = Query((part,), first, last, by, time, filters)
                found = cells.fetch(query)
                if (by or filters) and layout(Dispute).cuboids[part] == ((),):
                    assert found is None, "what only guards look at is kept of the whole city"
                    continue
                assert found is not None
                told = {k: t for k, t in found.tallies[part].items() if t.n}
                counted = rowstore.fetch(query).tallies[part]
                assert told == {k: t for k, t in counted.items() if t.n}, query


@pytest.fixture
def city(db: None, at: Callable[..., Any]) -> None:
    at("2025-09-23T10:00+08:00")
    build()


def test_figures_equal_plain_python(city: None) -> None:
    """Values told from cells are those of a loop over the rows."""
    made = [
        closed(date(2025, month, 3), outcome, days=month * 2)
        for month in range(1, 9)
        for outcome in ("agreed", "failed", "settled", "withdrawn")
    ]
    refreshing.refresh()
    period = Period.months(2025, 2, 7)
    inside = [d for d in made if d.closed_on in period]
    share = Fraction(sum(d.outcome in ("agreed", "settled") for d in inside), len(inside))
    assert cells.as_of(Dispute) is not None
    assert figures.value("disputes.resolved_share", period).number == share
    days = sorted(d.days for d in inside if d.outcome != "withdrawn")
    middle = len(days) // 2
    median = Fraction(days[middle - 1] + days[middle], 2)
    assert figures.value("disputes.days_median", period).number == median
    assert figures.value("disputes.open", period).number == 0


def test_pages_count_no_rows(city: None, django_assert_max_num_queries: Any) -> None:
    """A card, and a county table with its comparison, read cells alone and with few queries."""
    for year in (2024, 2025):
        for month in range(1, 9):
            for _ in range(5):
                closed(date(year, month, 3))
    refreshing.refresh()
    period = Period.months(2025, 1, 8)
    with django_assert_max_num_queries(12) as asked:
        figures.card("disputes.resolved_share", period)
    with django_assert_max_num_queries(24) as more:
        figures.table("disputes.resolved_share", period, "county", compare=True)
    further = len(all_layouts()) - 1  # other mechanisms are read in a few queries each
    with django_assert_max_num_queries(40 + 10 * further):
        figures.listing(period)
    statements = [q["sql"] for q in (*asked.captured_queries, *more.captured_queries)]
    assert not any("disputes_dispute" in sql for sql in statements)


def test_a_change_waits_and_then_counts(city: None) -> None:
    """What changed since is not in the number, and the number says as of when it holds."""
    refreshing.refresh()
    state = Tallied.objects.get(rows=Dispute._meta.label)
    dispute(date(2025, 9, 1))
    assert Pending.objects.count() == 1
    before = figures.value("disputes.registered", Period.month(2025, 9))
    assert before.number in (0, None) and before.computed_at == state.at
    assert refreshing.refresh() == 1
    assert figures.value("disputes.registered", Period.month(2025, 9)).number == 1


def test_what_is_not_counted_does_not_wait(city: None) -> None:
    """A change of columns that no figure uses leaves nothing to add."""
    one = dispute(date(2025, 9, 1))
    refreshing.refresh()
    Dispute.objects.filter(pk=one.pk).update(sessions=3, subcategory="x")
    assert not Pending.objects.exists()


def test_other_declarations_are_tallied_anew(city: None) -> None:
    """Cells of an older layout are never read: until the next refresh the rows are counted."""
    dispute(date(2025, 9, 1))
    refreshing.refresh()
    Tallied.objects.update(layout="older")
    assert cells.as_of(Dispute) is None
    assert figures.value("disputes.registered", Period.month(2025, 9)).number == 1
    refreshing.refresh()
    assert cells.as_of(Dispute) is not None


def test_triggers_stand_after_migrate(db: None) -> None:
    """An installation has them without anybody's doing."""
    assert all(triggers.stand(plan, connection) for plan in all_layouts())


def test_an_edition_lasts_as_long_as_the_numbers(city: None) -> None:
    """Pages may keep what they show until it changes; nothing while there are no cells."""
    assert figures.edition() is None
    refreshing.refresh()
    first = figures.edition()
    refreshing.refresh()
    assert first is not None and figures.edition() == first
    dispute(date(2025, 9, 1))
    refreshing.refresh()
    assert figures.edition() != first
