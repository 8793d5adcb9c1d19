"""A confidential matter may be carried, and nothing of it leaks by that."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client

from dingzi import matters
from dingzi.city import tokens
from dingzi.city.models import Account, ApiClient, Post, Tenure
from dingzi.city.viewer import SYSTEM
from dingzi.core.errors import Invalid, NotFound
from dingzi.matters import handover, selectors
from dingzi.matters.models import Event, Matter
from dingzi.matters.visibility import sees
from dingzi.mechanisms.carried.models import Carry
from tests.world import SINCE

from .conftest import Leaders

SECRET = "私设小金库发补贴"


def accused(city: Leaders) -> str:
    return city.petition(
        "accusation", text=f"{SECRET}，请查。", title=SECRET, accused_units=[city.leader.unit]
    )


def test_no_leader_of_the_unit_accused_carries_it(city: Leaders) -> None:
    """Neither at first nor when it is passed on; nothing is written."""
    number = accused(city)
    before = Event.objects.count()
    asked = {"leader": city.leader.post, "what": "办"}
    with pytest.raises(Invalid, match="barred_from_matter"):
        matters.act(number, "carry", asked, by=city.office)
    assert Event.objects.count() == before
    carry = city.given(number, city.city_leader)
    before = Event.objects.count()
    for post in (city.leader.post, city.other.post):
        with pytest.raises(Invalid, match="barred_from_matter"):
            matters.act(carry, "transfer", {"post": post, "why": "x"}, by=city.office)
    assert Event.objects.count() == before


def test_a_child_opened_before_the_bar_does_not_go_round_it(city: Leaders) -> None:
    """A post that is barred later is barred from what was opened below before."""
    data = {"text": f"{SECRET}，请查。", "kind": "accusation", "place": "360902001"}
    number = matters.open_matter("petition", "receive", data, by=city.office).number
    carry = city.given(number, city.city_leader)
    told = {"category": "conduct", "accused_post": city.leader.post}
    matters.act(number, "register", told, by=city.office)
    with pytest.raises(Invalid, match="barred_from_matter"):
        matters.act(carry, "transfer", {"post": city.leader.post, "why": "x"}, by=city.office)


def test_who_carries_sees_it_and_nobody_else_learns_of_it(city: Leaders) -> None:
    """By every door: pages, boards, lists, search, API; the figures keep no place and no level."""
    number = accused(city)
    carry = city.given(number, city.city_leader)
    parent, child = Matter.objects.get(number=number), Matter.objects.get(number=carry)
    assert sees(city.city_leader, parent) and sees(city.city_leader, child)
    own = Carry.objects.get(matter=child)
    assert (own.county, own.town, own.level, own.of) == ("", "", "", "")
    assert Event.objects.get(stream=child.id, seq=1).header == {}
    inside = {city.office.post, city.city_leader.post}
    for post in Post.objects.select_related("unit").order_by("id"):
        if post.id in inside:
            continue
        post.roles = sorted({*post.roles, "leader", "inspector", "petition", "supervisor"})
        post.save()
        account = Account.objects.create_user(f"user-{post.pk}", "dingzi-demo-2025")
        Tenure.objects.create(post=post, account=account, since=SINCE)
        desk = Client()
        desk.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        for page in (
            "/work/boards/carried/", "/work/carried/", "/work/carried/export.csv", "/work/",
            f"/work/search/?q={quote(SECRET)}", f"/work/matters/{quote(carry)}/",
        ):  # fmt: skip
            answer = desk.get(page)
            body = b"".join(answer) if answer.streaming else answer.content
            assert carry not in body.decode() or "matters/" in page, (page, post)
            if "?q=" not in page:
                assert SECRET not in body.decode(), (page, post)
        assert desk.get(f"/work/matters/{quote(carry)}/").status_code == 404
        token = tokens.issue(ApiClient.objects.create(name=f"m{post.pk}", post=post, since=SINCE))
        for call in (
            "matters?process=carry", f"search?q={quote(SECRET)}", "inbox?whole_unit=true",
            "figures/carried.assigned/by/level", "figures/carried.assigned/by/county",
        ):  # fmt: skip
            answer = Client().get(f"/api/v1/{call}", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 200, call
            assert carry not in answer.content.decode(), call
            assert "search" in call or SECRET not in answer.content.decode(), call
        for call in ("", "/timeline", "/deadlines", "/children", "/actions"):
            answer = Client().get(
                f"/api/v1/matters/{quote(carry)}{call}",
                headers={"Authorization": f"Bearer {token}"},
            )
            assert answer.status_code == 404, call


def test_a_hand_over_shows_it_to_no_supervisor_and_leaves_it_where_it_is(city: Leaders) -> None:
    """Who stands above sees neither it nor how many there are; unsigned, it stays on its post."""
    number = accused(city)
    Post.objects.filter(id=city.office.post).update(supervisor=city.world.supervisor.post)
    opened = handover.start(city.office.post or 0, SYSTEM)
    assert [i.matter.number for i in handover.items(opened, city.office)] == [number]
    assert handover.items(opened, city.world.supervisor) == []
    handover.close(opened)
    matter = Matter.objects.get(number=number)
    assert matter.holder_id == city.office.post
    with pytest.raises(NotFound):
        selectors.get(number, city.world.supervisor)
