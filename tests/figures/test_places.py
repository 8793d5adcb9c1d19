"""Numbers for each resident, and ranks of places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from dingzi import figures
from dingzi.city import book
from dingzi.city.viewer import PUBLIC, SYSTEM
from dingzi.core.errors import Forbidden
from dingzi.core.text import Text
from dingzi.figures import Period, registry
from dingzi.figures.declare import Count
from dingzi.figures.declare_places import PerCapita, Rank
from dingzi.figures.divisions import county
from dingzi.figures.populations import Population
from dingzi.matters.models import Event
from dingzi.mechanisms.disputes.models import Dispute
from tests.figures.rows import dispute
from tests.world import OTHER_COUNTY, build

YEAR = Period.year(2024)
WORDS: dict[str, Any] = {
    "means": Text("是什么", "What it is"), "by": [county], "since": date(2024, 1, 1),
}  # fmt: skip
EACH = PerCapita(
    "disputes.test_each", zh="每万人纠纷", en="Disputes per 10,000",
    of=registry.get("disputes.registered"), unit=Text("件/万人", "per 10,000 people"), **WORDS,
)  # fmt: skip
RANK = Rank("disputes.test_rank", zh="名次", en="Rank", of=EACH, among=county, **WORDS)


@pytest.fixture(autouse=True)
def city(db: None, at: Callable[..., Any]) -> None:
    at("2025-09-23T10:00+08:00")
    build()


def live(code: str, people: int, since: str = "2020-01-01") -> None:
    row = {"division": code, "since": since, "people": people, "source": "测试", "simulated": True}
    book.record("residents_loaded", row, by=SYSTEM)


def file(*, here: int, there: int, year: int = 2024) -> None:
    for county_code, n in (("360902", here), (OTHER_COUNTY, there)):
        for _ in range(n):
            dispute(date(year, 5, 5), county=county_code)


def test_a_number_for_each_resident_is_exact_and_says_of_how_many() -> None:
    """Six disputes among 40,000 people are one and a half of 10,000."""
    live("3609", 40_000)
    file(here=6, there=0)
    value = figures.value(EACH, YEAR)
    assert value.number == Fraction(3, 2) and value.text.zh == "1.50件/万人"
    assert [(one.name, one.n) for one in value.behind][-1] == ("residents", 40_000)


def test_the_residents_of_the_last_day_count() -> None:
    """The number that held at the end of the period, not today's."""
    live("3609", 10_000)
    live("3609", 20_000, "2025-01-01")
    file(here=4, there=0)
    assert figures.value(EACH, YEAR).number == 4
    file(here=4, there=0, year=2025)
    assert figures.value(EACH, Period.month(2025, 5)).number == 2


def test_the_public_log_shows_the_residents_and_only_a_steward_says_them() -> None:
    """Who recounts needs them; the public is refused and nothing is written."""
    with pytest.raises(Forbidden):
        book.record("residents_loaded", {"rows": []}, by=PUBLIC)
    assert not Event.objects.exists()
    live("3609", 40_000)
    assert Event.objects.get().header["facts"]["people"] == 40_000


def test_without_residents_there_is_no_number() -> None:
    """A county of which nobody has said how many live there has no number, and says so by code."""
    live("3609", 10_000)
    live("360902", 10_000)
    file(here=4, there=4)
    table = figures.table(EACH, YEAR, "county")
    assert [(r.key, r.value.number, r.value.why_none) for r in table.rows] == [
        ("360902", 4, ""), (OTHER_COUNTY, None, "no_residents"),
    ]  # fmt: skip


def test_a_place_without_cases_has_nought_for_each_resident() -> None:
    """Nought cases are a number where the residents are known."""
    live("360902", 10_000)
    live(OTHER_COUNTY, 10_000)
    file(here=4, there=0)
    table = figures.table(EACH, YEAR, "county")
    assert [r.value.number for r in table.rows] == [4, 0]


def test_a_small_count_is_withheld_for_each_resident_too() -> None:
    """The count could be had by multiplying: it is withheld together with a neighbour."""
    live("360902", 10_000)
    live(OTHER_COUNTY, 10_000)
    file(here=9, there=1)
    table = figures.table(EACH, YEAR, "county")
    assert {r.value.why_none for r in table.rows} == {"small"}
    assert all(
        one.n is None for r in table.rows for one in r.value.behind if one.name != "residents"
    )
    ranked = figures.table(RANK, YEAR, "county")
    assert {(r.value.number, r.value.why_none) for r in ranked.rows} == {(None, "small")}


def test_places_are_ranked_by_the_figure_and_equal_ones_share() -> None:
    """The larger number is first unless less is better; the city itself has no rank."""
    live("360902", 10_000)
    live(OTHER_COUNTY, 30_000)
    file(here=4, there=6)
    table = figures.table(RANK, YEAR, "county")
    assert [(r.key, r.value.number) for r in table.rows] == [("360902", 1), (OTHER_COUNTY, 2)]
    assert figures.value(RANK, YEAR, {"county": OTHER_COUNTY}).text.zh == "2名"
    assert figures.value(RANK, YEAR).why_none == "unranked"
    assert RANK.ranks({"a": 3, "b": 5, "c": 5, "d": None, "e": 1}) == {
        "b": 1,
        "c": 1,
        "a": 3,
        "e": 4,
    }


def test_a_rank_is_compared_in_places() -> None:
    """Two places up is better, and is said so."""
    live("360902", 10_000)
    live(OTHER_COUNTY, 10_000)
    dispute(date(2023, 1, 1))
    file(here=3, there=6, year=2023)
    file(here=6, there=3)
    found = figures.compare(RANK, YEAR, None, {"county": "360902"})
    assert (found.now.number, found.then.number, found.good) == (1, 2, True)
    assert found.text == Text("比2023年前进1名", "1 place ahead of in 2023")


def test_only_places_are_ranked() -> None:
    """A rank among categories or doors, or of a rank, is refused at load."""
    some = Population("disputes.registered", Dispute, "registered_on", "登记", "Registered")
    door = registry.get("disputes.registered").dimensions["door"]
    count = Count("disputes.test_count", zh="数", en="Count", of=some, **WORDS)
    from dingzi.figures.checking import fault

    bad = Rank("disputes.x", zh="名", en="R", of=count, among=door, **WORDS)
    assert fault(bad, "disputes") == "only places are ranked, and door is none"
    again = Rank("disputes.x", zh="名", en="R", of=RANK, among=county, **WORDS)
    assert "is a rank itself" in str(fault(again, "disputes"))
    share = registry.get("disputes.resolved_share")
    each = PerCapita("disputes.x", zh="名", en="R", of=share, **WORDS)
    assert "a share is not told for each resident" in str(fault(each, "disputes"))
