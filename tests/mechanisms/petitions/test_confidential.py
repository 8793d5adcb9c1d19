"""An accusation reaches nobody without a part in it: every role, every door, every state."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dingzi import matters
from dingzi.city import tokens
from dingzi.city.models import Account, ApiClient, Post, Tenure
from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.core import keyset
from dingzi.core.errors import Invalid, NotFound, Refusal
from dingzi.matters import selectors
from dingzi.matters.models import Event, Matter
from dingzi.matters.visibility import sees, visible
from tests.world import SINCE, TOWN

from .conftest import Petitions

#: Words that stand in the accusation and nowhere else.
SECRET = "私设小金库发补贴"
PAGES = (
    "/work/", "/work/inbox/later/?unit=1", "/work/inbox/week/?unit=1", "/work/handled/",
    "/work/petitions/", "/work/petitions/?state=routed", "/work/petitions/?overdue=1",
    "/work/petitions/export.csv", "/work/duplicates/", "/work/handover/",
    "/work/search/?q={secret}", "/work/search/?q={number}", "/work/matters/{number}/",
    "/work/matters/{number}/similar/", "/work/matters/{number}/receipt/",
)  # fmt: skip
CALLS = (
    "/matters?process=petition", "/search?q={secret}", "/inbox", "/inbox?whole_unit=true",
    "/matters/{number}", "/matters/{number}/timeline", "/matters/{number}/deadlines",
    "/matters/{number}/children", "/matters/{number}/actions", "/matters/{number}/papers",
    "/figures", "/figures/petitions.registered", "/figures/petitions.registered/tables/county",
)  # fmt: skip


def accused(city: Petitions) -> str:
    return city.brought(
        "accusation", text=f"{SECRET}，请查。", title=SECRET, accused_units=[city.housing.unit],
        accused=["某局长"], phone="13800006620", category="conduct",
    )  # fmt: skip


def everybody() -> list[Viewer]:
    """One viewer a post of the city, each with the widest sight that its place could give."""
    found = []
    for post in Post.objects.select_related("unit").order_by("id"):
        scope = post.unit.division_id
        roles = frozenset({*post.roles, "supervisor", "petition", "window", "auditor"})
        found.append(
            Viewer(kind="staff", post=post.id, unit=post.unit_id, roles=roles, scope=scope)
        )
    return found


def test_it_exists_for_its_holder_alone(city: Petitions) -> None:
    """One post sees it; each rule that filters or tests agrees."""
    number = accused(city)
    matter = Matter.objects.get(number=number)
    for viewer in everybody():
        seen = viewer.post == city.office.post
        assert sees(viewer, matter) is seen
        assert Matter.objects.filter(visible(viewer), number=number).exists() is seen
        rows = keyset.page(selectors.listed(viewer, "petition"))
        assert (number in [m.number for m in rows]) is seen
        unit = selectors.on_desk(viewer, whole_unit=True)
        assert unit.filter(number=number).exists() is seen
        counts = selectors.desk_counts(viewer, whole_unit=True)
        assert ("petition" in counts) is seen


def test_no_page_and_no_call_tells_of_it(city: Petitions, caplog: pytest.LogCaptureFixture) -> None:
    """Lists, counts, search, exports, pages, calls, refusals, logs: neither number nor words."""
    caplog.set_level(logging.DEBUG)
    number = accused(city)
    matters.act(number, "register", {"category": "conduct"}, by=city.office)
    matters.act(number, "route", {"lead": city.land.unit}, by=city.office)
    inside = {city.office.post, city.land.post}
    for post in Post.objects.select_related("unit").order_by("id"):
        if post.id in inside:
            continue
        post.roles = sorted({*post.roles, "supervisor", "petition", "window", "auditor"})
        post.save()
        account = Account.objects.create_user(f"user-{post.pk}", "dingzi-demo-2025")
        Tenure.objects.create(post=post, account=account, since=SINCE)
        desk = Client()
        desk.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        for page in PAGES:
            told(desk.get(written(page, number)), number, page)
        token = tokens.issue(ApiClient.objects.create(name=f"m{post.pk}", post=post, since=SINCE))
        bearer = {"Authorization": f"Bearer {token}"}
        for call in CALLS:
            told(Client().get("/api/v1" + written(call, number), headers=bearer), number, call)
    for page in ("/", "/figures/", "/map/", "/search?q={secret}", "/api/v1/figures"):
        told(Client().get(written(page, number)), number, page)
    kept = "\n".join(f"{r.getMessage()} {r.__dict__.get('number', '')}" for r in caplog.records)
    assert SECRET not in kept
    assert "某局长" not in kept


def written(address: str, number: str) -> str:
    return address.format(number=quote(number), secret=quote(SECRET))


def told(answer: Any, number: str, where: str) -> None:
    """Fail where an answer tells of it; what was asked for itself may be said again."""
    body = b"".join(answer) if answer.streaming else answer.content
    text = body.decode("utf-8", "replace")
    assert answer.status_code in (200, 302, 403, 404), (where, answer.status_code)
    if "{number}" in where and "matters/" in where:
        assert answer.status_code == 404, where
    assert "某局长" not in text, where
    assert "13800006620" not in text, where
    if "{secret}" not in where:
        assert SECRET not in text, where
    if "{number}" not in where:
        assert number not in text, where


def test_it_goes_to_no_one_accused(city: Petitions) -> None:
    """Neither routed, handed, nor given as a task to the unit or the post that it accuses."""
    number = accused(city)
    matters.act(number, "register", {"category": "conduct"}, by=city.office)
    before = Event.objects.count()
    barred = city.housing
    for action, data in (
        ("route", {"lead": barred.unit}),
        ("transfer", {"post": barred.post, "why": "x"}),
        ("ask_units", {"units": [barred.unit], "what": "x"}),
        ("joint_meeting", {"units": [barred.unit], "text": "x"}),
    ):
        with pytest.raises(Invalid, match="barred_from_matter"):
            matters.act(number, action, data, by=city.office)
    assert Event.objects.count() == before


def test_an_accused_official_is_barred_by_post(city: Petitions) -> None:
    """The post that is accused gets no part, also where it stands in for one that has."""
    number = accused(city)
    data = {"category": "conduct", "accused_post": city.colleague.post}
    matters.act(number, "register", data, by=city.office)
    with pytest.raises(Invalid, match="barred_from_matter"):
        matters.act(number, "transfer", {"post": city.colleague.post, "why": "x"}, by=city.office)
    matter = Matter.objects.get(number=number)
    posts = frozenset({city.office.post or 0})
    deputy = Viewer(
        kind="staff", post=city.colleague.post, unit=city.colleague.unit,
        roles=frozenset({"petition"}), scope="360902", stands_for=posts,
    )  # fmt: skip
    assert not sees(deputy, matter)
    assert not Matter.objects.filter(visible(deputy)).exists()


def test_units_that_the_office_reads_of_are_barred_when_it_registers(city: Petitions) -> None:
    """Who writes on the web names units in words; the office bars them, and not itself."""
    number = city.brought("accusation", text=f"{SECRET}，请查。")
    data = {"category": "conduct", "accused_units": [city.office.unit]}
    with pytest.raises(Invalid, match="barred_from_matter"):
        matters.act(number, "register", data, by=city.office)
    data = {"category": "conduct", "accused_units": [city.housing.unit]}
    matters.act(number, "register", data, by=city.office)
    with pytest.raises(Invalid, match="barred_from_matter"):
        matters.act(number, "route", {"lead": city.housing.unit}, by=city.office)


def test_the_accused_office_does_not_receive_it(city: Petitions) -> None:
    """An accusation against the county's petition office lands at the city's."""
    number = city.brought("accusation", accused_units=[city.office.unit])
    assert Matter.objects.get(number=number).holder_unit_id == city.city_office.unit
    with pytest.raises(Invalid, match="no_clear_office"):
        city.brought("accusation", accused_units=[city.office.unit, city.city_office.unit])
    assert Matter.objects.count() == 1


def test_a_claim_that_names_somebody_is_asked_to_be_an_accusation(city: Petitions) -> None:
    """Whoever is accused must not learn of it because the wrong kind was picked."""
    with pytest.raises(Invalid, match="accused_needs_accusation"):
        city.brought("claim", accused=["某人"])
    assert not Event.objects.exists()


STEPS = (
    ("register", {"category": "conduct"}), ("route", {}), ("take_accusation", {}),
    ("inquire", {"inquirers": ["甲"], "text": SECRET}), ("answer", {"result": "unfounded", "text": SECRET}),
    ("note", {"text": SECRET}), ("withdraw", {}), ("decline", {"ground": "elsewhere", "text": SECRET}),
    ("look_back", {"result": "resolved", "text": SECRET}), ("escalate", {"clock": "registration"}),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(range(20)), st.sampled_from(STEPS)), max_size=8))
def test_whatever_anybody_tries_who_has_no_part_finds_nothing(
    city: Petitions, walk: list[tuple[int, tuple[str, dict[str, Any]]]]
) -> None:
    """A random walk of acts by random posts: refused as not there, never as forbidden."""
    number = accused(city)
    people = everybody()
    for who, (action, data) in walk:
        viewer = people[who % len(people)]
        sent = data | ({"lead": city.land.unit} if action == "route" else {})
        part = sees(viewer, Matter.objects.get(number=number))
        try:
            matters.act(number, action, sent, by=viewer)
        except NotFound:
            assert not part
        except Refusal:
            assert part
        else:
            assert part
        with pytest.raises(NotFound):
            selectors.get(number, PUBLIC)
    matter = Matter.objects.get(number=number)
    assert not sees(city.housing, matter)
    parts = {p for p in (city.office.post, city.land.post) if p in matter.posts}
    assert {v.post for v in people if sees(v, matter)} == parts


def test_only_the_citys_totals_count_it(city: Petitions) -> None:
    """Its county and category stay empty in what figures are counted from, and in the header."""
    number = accused(city)
    matters.act(number, "register", {"category": "conduct"}, by=city.office)
    own = Matter.objects.select_related("petition").get(number=number).petition
    assert (own.county, own.town, own.category) == ("", "", "")
    assert all(not event.header for event in Event.objects.all())
    assert TOWN not in str([event.header for event in Event.objects.all()])
