"""Lists by branches: the same matters as the test on one matter and the filter on many."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Post, Unit
from dingzi.city.viewer import PUBLIC, SYSTEM, Viewer, receipt
from dingzi.core import keyset
from dingzi.matters import selectors
from dingzi.matters.models import Matter, Part
from dingzi.matters.visibility import sees, visible
from tests.world import OTHER_COUNTY, OTHER_TOWN, TOWN, World


@pytest.fixture
def city(world: World) -> World:
    """Disputes in three places, with and without a lead unit, some of them confidential."""
    leads = [None, world.mediation, world.housing]
    for n in range(18):
        place = (TOWN, TOWN + "001", OTHER_TOWN, OTHER_COUNTY)[n % 4]
        number = _file(place)
        lead = leads[n % 3]
        if lead and place.startswith(TOWN):
            data: dict[str, Any] = {"category": "family", "lead": lead}
            matters.act(number, "accept_dispatch", data, by=world.window)
    for one in Matter.objects.order_by("id")[::5]:
        Matter.objects.filter(id=one.id).update(confidential=True)
    return world


def _file(place: str) -> str:
    told = {"text": "楼上漏水。", "place": place}
    return matters.open_matter("dispute", "file", told, by=PUBLIC, door="web").number


def _walk(viewer: Viewer, **filters: Any) -> list[int]:
    found: list[int] = []
    after = None
    while True:
        page = keyset.page(
            selectors.listed(viewer, "dispute", **filters),
            after=after,
            size=4,
            rows=Matter.objects.all(),
        )
        found += [m.id for m in page]
        if page.next is None:
            return found
        after = page.next


def _seen(viewer: Viewer) -> list[int]:
    rows = Matter.objects.filter(process="dispute").order_by("-opened_at", "-id")
    return [m.id for m in rows if sees(viewer, m)]


def _viewers(world: World) -> dict[str, Viewer]:
    city = replace(world.supervisor, scope="3609", post=world.stranger.post, unit=None)
    stand_in = replace(world.bureau, stands_for=frozenset({world.window.post or 0}))
    lent = replace(world.other_window, stands_for=frozenset({world.mediator.post or 0}))
    first = Matter.objects.order_by("id")[0]
    return {
        "window": world.window,
        "mediator": world.mediator,
        "bureau": world.bureau,
        "county": world.supervisor,
        "stranger": world.stranger,
        "other_window": world.other_window,
        "city": city,
        "stand_in": stand_in,
        "lent": lent,
        "system": SYSTEM,
        "public": PUBLIC,
        "receipt": receipt(first.id),
    }


def test_a_list_holds_what_one_sees_and_nothing_else(city: World) -> None:
    """Every kind of viewer: branches, the filter and the test on one matter agree."""
    for name, viewer in _viewers(city).items():
        seen = _seen(viewer)
        assert _walk(viewer) == seen, name
        rows = Matter.objects.filter(visible(viewer), process="dispute")
        assert set(rows.values_list("id", flat=True)) == set(seen), name
        assert keyset.capped_count(selectors.listed(viewer, "dispute")) == (len(seen), False)
    assert len(_seen(city.window)) > len(_seen(city.mediator)) > 0


def test_filters_hold_in_every_branch(city: World) -> None:
    """State, dates and place narrow what comes by place and what comes by part alike."""
    today = Matter.objects.earliest("id").opened_at.date()
    for viewer in _viewers(city).values():
        states = {m.id: m.state for m in Matter.objects.all()}
        wanted = [i for i in _seen(viewer) if states[i] == "mediating"]
        assert _walk(viewer, state="mediating") == wanted
        assert _walk(viewer, opened_from=today + timedelta(days=3)) == []
        assert _walk(viewer, opened_to=today + timedelta(days=3)) == _seen(viewer)


def test_a_post_keeps_its_matters_when_its_unit_is_merged(city: World) -> None:
    """What was on the post before it came to its present unit stays in its list."""
    Post.objects.filter(id=city.mediator.post).update(unit=city.housing)
    Unit.objects.filter(id=city.mediation).update(successor=city.housing)
    directory.forget()
    moved = replace(city.mediator, unit=city.housing)
    held = Matter.objects.filter(holder=moved.post).count()
    assert held > 0
    assert _walk(moved) == _seen(moved)
    assert len(_walk(moved)) > len(_walk(city.bureau))


def test_a_count_stops_at_its_cap(city: World) -> None:
    """A count over several branches takes in no more than it was asked for."""
    branches = selectors.listed(city.window, "dispute")
    assert keyset.capped_count(branches, 3) == (3, True)


def test_parts_keep_the_order_of_their_matters(city: World) -> None:
    """Process and day of a part are those of its matter."""
    for part in Part.objects.select_related("matter"):
        assert (part.process, part.opened_at) == (part.matter.process, part.matter.opened_at)
