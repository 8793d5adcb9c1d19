"""From a number to its matters, under the viewer's rights."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from dingzi import figures
from dingzi.city.viewer import PUBLIC, SYSTEM
from dingzi.core.errors import Invalid
from dingzi.figures import Period
from tests.figures.rows import closed, dispute
from tests.world import OTHER_COUNTY, World, build

MARCH = Period.month(2025, 3)


@pytest.fixture
def world(db: None, at: Callable[..., Any]) -> World:
    at("2025-09-23T10:00+08:00")
    return build()


def test_a_viewer_sees_what_is_his_and_nothing_tells_of_the_rest(world: World) -> None:
    """The county's supervisor sees his county's, the stranger his, the public none."""
    here = [closed(date(2025, 3, 5)).pk for _ in range(3)]
    there = [closed(date(2025, 3, 6), county=OTHER_COUNTY).pk]
    closed(date(2025, 4, 6))
    for viewer, seen in (
        (world.supervisor, here),
        (world.stranger, there),
        (PUBLIC, []),
        (SYSTEM, here + there),
    ):
        page = figures.rows("disputes.resolved_share", MARCH, viewer=viewer)
        assert sorted(m.pk for m in page) == sorted(seen)
        assert page.next is None


def test_a_share_shows_its_parts_and_its_rest(world: World) -> None:
    """The list of those that were not resolved is what a reader wants first."""
    good, bad = closed(date(2025, 3, 5)).pk, closed(date(2025, 3, 5), "failed").pk
    for which, seen in (("", [good]), ("of", [good]), ("over", [good, bad]), ("rest", [bad])):
        page = figures.rows("disputes.resolved_share", MARCH, viewer=SYSTEM, which=which)  # type: ignore[arg-type]
        assert sorted(m.pk for m in page) == sorted(seen)
    with pytest.raises(Invalid):
        figures.rows("disputes.closed", MARCH, viewer=SYSTEM, which="rest")


def test_rows_come_in_pages_the_latest_first(world: World) -> None:
    """Pages follow each other by a cursor and hold every row once."""
    wanted = [closed(date(2025, 3, day)).pk for day in (1, 2, 2, 3, 9)]
    first = figures.rows("disputes.closed", MARCH, viewer=SYSTEM, size=3)
    rest = figures.rows("disputes.closed", MARCH, viewer=SYSTEM, size=3, after=first.next)
    assert [m.pk for m in [*first, *rest]] == [wanted[i] for i in (4, 3, 2, 1, 0)]


def test_what_is_open_is_listed_as_it_is_counted(world: World) -> None:
    """Registered until then and not closed until then."""
    one = dispute(date(2025, 2, 5)).pk
    later = closed(date(2025, 4, 10), accepted_on=date(2025, 3, 5)).pk
    closed(date(2025, 3, 31))
    page = figures.rows("disputes.open", MARCH, {"county": "360902"}, viewer=SYSTEM)
    assert sorted(m.pk for m in page) == [one, later]
