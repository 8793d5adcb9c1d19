"""The measure of how many cases are alike in the public log, and the goal: none below five."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dingzi.city import directory
from dingzi.core.registry import mechanism
from dingzi.matters import registry
from dingzi.matters.samples import LOCAL
from dingzi.sample import city, making, structure
from tests.ledger.uniqueness import Shown, of_log, views

_FILED = "county, category, month of filing"
#: A day that stays the same: what happens in the sample city falls out otherwise each day.
NOW = datetime(2026, 11, 27, 2, tzinfo=UTC)


def shown(matter: str, seq: int, public: dict[str, object]) -> Shown:
    return Shown(matter, seq, dict(public))


def test_the_measure_counts_who_is_alone() -> None:
    """Two alike and one alone; with what was done later all three differ."""
    public = {"county": "1", "category": "a", "month": "2025-01"}
    acts = [shown(name, 1, public) for name in "xy"]
    acts += [shown("z", 1, public | {"category": "b"})]
    acts += [shown("x", 2, public | {"changed": {"days": 3}})]
    found = views(acts)
    assert found[_FILED] == (3, 1, 1, 3)
    assert found["with later months, durations and results"].alone == 3


def test_a_category_named_later_is_that_of_the_case() -> None:
    """A case counts under the category that it has in the end, in the month of its filing."""
    public = {"county": "1", "category": "", "month": "2025-01"}
    acts = [shown("x", 1, public), shown("x", 2, public | {"category": "a", "month": "2025-02"})]
    acts += [shown("y", 1, public | {"category": "a"})]
    assert views(acts)[_FILED].smallest == 2


def test_the_running_month_is_left_out_and_leaves_are_read_from_a_log() -> None:
    """It fills up as it goes on; entries of another process and of confidential acts are passed over."""
    public = {"county": "1", "category": "a", "month": "2025-01"}
    made = [{"process": "dispute", "matter": m, "seq": 1, "public": public} for m in "xy"]
    late = {"process": "dispute", "matter": "z", "seq": 1, "public": public | {"month": "2025-02"}}
    other = {"process": "book", "seq": 2, "public": {"month": "2025-01"}}
    entries = [json.dumps(one).encode() for one in (*made, late, other, {"v": 1})]
    assert views(of_log(entries, "dispute"), "2025-02")[_FILED] == (2, 0, 2, 2)


@pytest.mark.one_engine
def test_in_the_smallest_counties_of_a_full_city_no_group_is_below_five(
    db: None, campaign: Any
) -> None:
    """Disputes and petitions of the two smallest counties, composed as the full sample city has them."""
    directory.forget()  # of another test's city, rolled back since
    structure.write(villages=False)
    directory.forget()
    whole = city.build(seed=1, share=making.FULL, whole=True, now=NOW)
    weights = {code: sum(t.weight for t in towns) for code, towns in whole.counties().items()}
    small = sorted(weights, key=weights.__getitem__)[:2]
    since = whole.since + timedelta(days=campaign(430, 0))
    some = replace(
        whole,
        since=since.replace(day=1),
        towns=tuple(t for t in whole.towns if t.county in small),
        home="",
    )
    until = f"{some.today:%Y-%m}"
    for name, process in (("disputes", "dispute"), ("petitions", "petition")):
        found = _composed(name, process, some)
        over = {group: n for group, n in found.items() if group[2] < until}
        assert len(over) >= 2 * 8 * (process == "dispute")
        assert min(over.values()) >= 5, sorted(over.items(), key=lambda one: one[1])[:5]


def _composed(name: str, process: str, one: Any) -> Counter[tuple[str, str, str]]:
    """Count what is alike by county, top category and month of filing, of stories not recorded."""
    made = mechanism(name)
    assert made and made.sample
    top = registry.handle(process).latest.top
    found: Counter[tuple[str, str, str]] = Counter()
    for story in made.sample(one):
        first = story.acts[0]
        if first.process != process or first.data.get("kind") == "accusation":
            continue  # an accusation's leaf shows nothing
        own = [first, *(act for act in story.acts if act.number == "#")]
        categories = [act.data["category"] for act in own if act.data.get("category")]
        county, month = first.data["place"][:6], f"{story.begins.astimezone(LOCAL):%Y-%m}"
        found[county, top((categories or [""])[-1]), month] += 1
    return found
