"""The city's book: what each action refuses and what it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from dingzi import law
from dingzi.city import book, directory, selectors
from dingzi.city.appliers import BOOK
from dingzi.city.models import (
    Account,
    ApiClient,
    Delegation,
    LocalParameter,
    Post,
    Stamp,
    Tenure,
    Unit,
)
from dingzi.city.parameters import overrides
from dingzi.city.viewer import PUBLIC, SYSTEM
from dingzi.core import reasons
from dingzi.core.errors import Forbidden, Invalid
from dingzi.matters import book as matters_book
from dingzi.matters.models import Event
from tests.city.conftest import Record

TODAY = "2025-09-26"
CITY_MODELS: list[type[models.Model]] = [
    model for model in apps.get_app_config("city").get_models() if model not in (Account, Stamp)
]


@pytest.fixture(autouse=True)
def _today(at: Callable[..., Any]) -> None:
    at(f"{TODAY}T10:00+08:00")


def state() -> list[Any]:
    """Everything the book has made, to compare."""
    rows: list[Any] = [
        list(model._default_manager.order_by("pk").values()) for model in CITY_MODELS
    ]
    return [*rows, list(Account.objects.order_by("pk").values("pk", "username", "is_active"))]


def refused(action: str, facts: dict[str, Any]) -> set[str]:
    """Codes for which facts are refused; makes sure that nothing was written and all have words."""
    before = state()
    with pytest.raises(Invalid) as caught:
        BOOK[action][0](facts)
    assert state() == before
    unknown = reasons.say(("unknown_reason", {}), "zh-hans")
    for code, params in caught.value.reasons:
        assert "field" in params
        assert reasons.say((code, params), "zh-hans") != unknown
    return set(caught.value.codes)


UNIT = {"code": "x", "name": "新中心", "kind": "centre", "division": "990102", "since": TODAY}
OLDER = UNIT | {"since": "2025-01-01"}
POST = {"code": "x.p", "unit": "jia", "name": "新岗", "roles": ["window"], "since": TODAY}


@pytest.mark.parametrize(
    ("action", "facts", "code"),
    [
        ("unit_opened", {}, "required"),
        ("unit_opened", UNIT | {"colour": "red"}, "city_unknown_field"),
        ("unit_opened", UNIT | {"code": "a b"}, "city_code_form"),
        ("unit_opened", UNIT | {"code": "jia"}, "city_taken"),
        ("unit_opened", UNIT | {"name": 5}, "city_not_text"),
        ("unit_opened", UNIT | {"name": "中" * 81}, "too_long"),
        ("unit_opened", UNIT | {"name": "中\x00心"}, "control_characters"),
        ("unit_opened", UNIT | {"division": "990199"}, "city_no_division"),
        ("unit_opened", UNIT | {"parent": "nobody"}, "city_no_unit"),
        ("unit_opened", UNIT | {"since": "26.9.2025"}, "not_a_date"),
        ("unit_opened", {"rows": []}, "city_not_rows"),
        ("unit_opened", {"rows": [UNIT, UNIT]}, "city_twice"),
        ("unit_opened", {"rows": [UNIT, 5]}, "city_not_rows"),
        ("unit_changed", {"code": "nobody", "name": "甲", "on": TODAY}, "city_no_unit"),
        ("unit_changed", {"code": "jia", "name": "甲", "on": "2025-09-27"}, "city_ahead"),
        ("unit_changed", {"code": "jia", "name": "甲", "on": "2019-01-01"}, "city_not_begun"),
        ("unit_merged", {"code": "jia", "successor": "jia", "on": TODAY}, "city_own_successor"),
        ("unit_merged", {"code": "jia", "successor": "no", "on": TODAY}, "city_no_unit"),
        ("unit_merged", {"code": "jia", "successor": "yi", "on": TODAY}, "city_post_twice"),
        ("unit_closed", {"code": "jia", "on": TODAY}, "city_unit_has_posts"),
        ("post_opened", POST | {"unit": "no"}, "city_no_unit"),
        ("post_opened", POST | {"code": "jia.window"}, "city_taken"),
        ("post_opened", POST | {"name": "window", "since": "2020-01-01"}, "city_post_twice"),
        ("post_opened", POST | {"roles": ["king"]}, "city_unknown_role"),
        ("post_opened", POST | {"roles": "window"}, "city_not_list"),
        ("post_opened", POST | {"supervisor": "no"}, "city_no_post"),
        ("post_opened", POST | {"since": "2019-01-01"}, "city_not_begun"),
        ("post_changed", {"code": "jia.window"}, "required"),
        ("post_changed", {"code": "jia.window", "roles": ["king"]}, "city_unknown_role"),
        ("post_changed", {"code": "jia.leader", "supervisor": "jia.window"}, "city_supervisor_circle"),
        ("post_changed", {"code": "jia.leader", "name": "window"}, "city_post_twice"),
        ("post_closed", {"code": "no", "on": TODAY}, "city_no_post"),
        ("post_closed", {"code": "jia.window", "on": "2026-01-01"}, "city_ahead"),
        ("account_opened", {"username": "zhao"}, "city_taken"),
        ("account_opened", {"username": "a<b>"}, "city_username_form"),
        ("account_opened", {"username": "li", "password": "secret"}, "city_unknown_field"),
        ("account_closed", {"username": "nobody", "on": TODAY}, "city_no_account"),
        ("tenure_started", {"post": "jia.window", "account": "sun", "since": TODAY}, "city_post_held"),
        ("tenure_started", {"post": "yi.window", "account": "no", "since": TODAY}, "city_no_account"),
        ("tenure_started", {"post": "yi.window", "account": "sun", "since": TODAY, "until": TODAY}, "city_until_before_since"),
        ("tenure_ended", {"post": "jia.window", "account": "sun", "until": TODAY}, "city_not_sitting"),
        ("tenure_ended", {"post": "jia.window", "account": "zhao", "until": "2019-01-01"}, "city_not_sitting"),
        ("delegated", {"post": "jia.window", "delegate": "jia.window", "since": TODAY}, "city_own_delegate"),
        ("delegation_ended", {"post": "jia.window", "delegate": "yi.window", "until": TODAY}, "city_not_delegated"),
        ("client_opened", {"name": "oa", "post": "no", "since": TODAY}, "city_no_post"),
        ("client_closed", {"name": "oa", "on": TODAY}, "city_no_apiclient"),
        ("parameter_set", {"name": "no.such", "value": 5, "since": TODAY}, "city_unknown_parameter"),
        ("divisions_loaded", {"file": "x", "since": TODAY, "count": "1"}, "not_a_number"),
    ],
)  # fmt: skip
def test_refuses(city: Record, action: str, facts: dict[str, Any], code: str) -> None:
    """Facts that cannot be taken are refused with their field, and nothing is written."""
    assert code in refused(action, facts)


def test_a_bad_row_is_named(city: Record) -> None:
    """Of many rows the bad one is named by its place."""
    with pytest.raises(Invalid) as caught:
        city("unit_opened", {"rows": [UNIT, UNIT | {"code": "y", "name": ""}]})
    assert caught.value.reasons[0][1]["row"] == 2


def test_opens_a_thousand_units_and_posts_in_few_queries(city: Record) -> None:
    """Many rows go in one event and a handful of queries, whatever their number."""
    units = [UNIT | {"code": f"u{n}", "parent": "u0" if n else None} for n in range(1000)]
    posts = [
        POST | {"code": f"u{n}.p", "unit": f"u{n}", "supervisor": "u0.p" if n else None}
        for n in range(1000)
    ]
    with CaptureQueriesContext(connection) as queries:
        city("unit_opened", {"rows": units})
        city("post_opened", {"rows": posts})
    assert len(queries) < 60
    assert Unit.objects.filter(parent__code="u0").count() == 999
    assert Post.objects.filter(supervisor__code="u0.p").count() == 999


def test_a_renamed_unit_keeps_its_past_name(city: Record) -> None:
    """The former name stays, with the first day on which it was no more."""
    city("unit_changed", {"code": "jia", "name": "甲县矛盾调处中心", "on": TODAY})
    now = Unit.objects.get(code="jia")
    assert [(f["name"], f["until"]) for f in now.former_names] == [("甲县综治中心", "2025-09-26")]
    assert directory.unit(now.pk).name == "甲县矛盾调处中心"  # type: ignore[union-attr]


def test_a_merged_unit_hands_its_posts_on(city: Record) -> None:
    """Posts and who sits on them go to the successor; the old unit answers with it."""
    for name in ("window", "leader"):
        city("post_changed", {"code": f"jia.{name}", "name": f"甲{name}"})
    city("unit_merged", {"code": "jia", "successor": "yi", "on": TODAY})
    assert Post.objects.get(code="jia.window").unit.code == "yi"
    assert selectors.holder_of(Post.objects.get(code="jia.window").pk) is not None
    old = Unit.objects.get(code="jia")
    assert old.until == date(2025, 9, 26)
    assert [unit.code for unit in selectors.successors(old)] == ["yi"]


def test_a_unit_closes_when_its_posts_have(city: Record) -> None:
    """First the posts, with their tenures, then the unit."""
    for name in ("window", "leader"):
        city("post_closed", {"code": f"jia.{name}", "on": TODAY})
    city("unit_closed", {"code": "jia", "on": TODAY})
    assert Unit.objects.get(code="jia").until == date(2025, 9, 26)
    assert not Tenure.objects.filter(post__unit__code="jia", until__isnull=True).exists()
    assert selectors.posts_of_unit(Unit.objects.get(code="jia").pk) == []


def test_a_closed_post_takes_no_one(city: Record) -> None:
    """Nobody can be seated on a post that has ended."""
    city("post_closed", {"code": "yi.window", "on": TODAY})
    facts = {"post": "yi.window", "account": "sun", "since": TODAY}
    assert refused("tenure_started", facts) == {"city_ended"}


def test_a_post_changes_hands_on_a_day(city: Record) -> None:
    """One leaves and another comes on the same day; at no moment two sit there."""
    city("tenure_ended", {"post": "jia.window", "account": "zhao", "until": TODAY})
    city("tenure_started", {"post": "jia.window", "account": "sun", "since": TODAY})
    post = Post.objects.get(code="jia.window").pk
    holders = [selectors.holder_of(post, date(2025, 9, day)) for day in (25, 26)]
    names = [Account.objects.get(pk=holder).username for holder in holders]
    assert names == ["zhao", "sun"]


def test_a_mistaken_tenure_is_taken_back(city: Record) -> None:
    """A tenure may end on the day it began: it never held, and the post is free."""
    row = {"post": "yi.window", "account": "sun"}
    city("tenure_started", row | {"since": TODAY})
    city("tenure_ended", row | {"until": TODAY})
    assert selectors.holder_of(Post.objects.get(code="yi.window").pk) is None
    city("tenure_started", {"post": "yi.window", "account": "qian", "since": TODAY})


def test_a_delegation_is_not_given_twice(city: Record) -> None:
    """While one stands in, the same is not recorded again."""
    row = {"post": "jia.leader", "delegate": "jia.window"}
    city("delegated", row | {"since": TODAY, "until": "2025-10-10"})
    assert refused("delegated", row | {"since": "2025-10-01"}) == {"city_delegated_already"}
    city("delegation_ended", row | {"until": "2025-09-30"})
    city("delegated", row | {"since": "2025-10-01"})
    assert Delegation.objects.count() == 2
    assert selectors.delegates_of(Post.objects.get(code="jia.leader").pk, date(2025, 9, 27))
    assert not selectors.delegates_of(Post.objects.get(code="jia.leader").pk, date(2025, 9, 30))


def test_a_closed_account_holds_nothing(city: Record) -> None:
    """Closing an account ends its tenures, and no new one can be given to it."""
    city("account_closed", {"username": "zhao", "on": TODAY})
    assert not Account.objects.get(username="zhao").is_active
    assert selectors.holder_of(Post.objects.get(code="jia.window").pk) is None
    facts = {"post": "yi.window", "account": "zhao", "since": TODAY}
    assert refused("tenure_started", facts) == {"city_account_closed"}


def test_a_closed_account_is_opened_again(city: Record) -> None:
    """Who comes back gets the same account; a name that differs only in case is taken."""
    city("account_closed", {"username": "zhao", "on": TODAY})
    before = Account.objects.get(username="zhao").pk
    assert refused("account_opened", {"username": "ZHAO"}) == {"city_taken"}
    city("account_opened", {"username": "zhao"})
    assert Account.objects.get(username="zhao", is_active=True).pk == before
    assert refused("account_opened", {"username": "Zhao"}) == {"city_taken"}
    assert refused("account_opened", {"rows": [{"username": "li"}, {"username": "Li"}]}) == {
        "city_twice"
    }


def test_a_client_is_opened_without_a_token(city: Record) -> None:
    """The book opens a client; its token is issued apart and stays out of the book."""
    city("client_opened", {"name": "oa", "post": "jia.window", "since": TODAY})
    assert ApiClient.objects.get(name="oa").token_hash is None
    city("client_closed", {"name": "oa", "on": TODAY})
    assert ApiClient.objects.get(name="oa").until == date(2025, 9, 26)


def test_a_parameter_of_the_city_is_seen_by_law(city: Record) -> None:
    """A value set in the book reaches law in the form that it takes, and can be given back."""
    name = next(d.name for d in law.PARAMETERS if d.unit == "day" and d.dated[-1].value.local)
    known = law.parameter(name, date(2025, 9, 26)).value
    city("parameter_set", {"name": name, "value": known + 3, "since": TODAY, "reason": "本市文件"})
    assert law.parameter(name, date(2025, 9, 25), overrides()).value == known
    assert law.parameter(name, date(2025, 9, 26), overrides()).value == known + 3
    city("parameter_set", {"name": name, "value": None, "since": TODAY})
    assert law.parameter(name, date(2025, 9, 26), overrides()).value == known
    assert LocalParameter.objects.count() == 1


def test_a_rebuild_changes_nothing(city: Record) -> None:
    """Replaying the same events over what they made gives the same rows under the same ids."""
    told: list[tuple[str, dict[str, Any]]] = []
    script: list[tuple[str, dict[str, Any]]] = [
        ("unit_opened", {"rows": [OLDER, OLDER | {"code": "y", "parent": "x"}]}),
        ("post_opened", POST | {"unit": "x", "supervisor": "jia.leader", "since": "2025-01-01"}),
        ("account_opened", {"username": "li"}),
        ("tenure_started", {"post": "x.p", "account": "li", "since": "2025-09-20"}),
        ("unit_changed", {"code": "x", "name": "改名", "on": TODAY}),
        ("post_changed", {"code": "x.p", "name": "改岗", "roles": ["mediator"]}),
        ("tenure_ended", {"post": "x.p", "account": "li", "until": "2025-09-25"}),
        ("tenure_started", {"post": "x.p", "account": "sun", "since": "2025-09-25"}),
        ("delegated", {"post": "x.p", "delegate": "jia.window", "since": "2025-09-25"}),
        ("unit_merged", {"code": "x", "successor": "jia", "on": TODAY}),
        ("post_closed", {"code": "x.p", "on": TODAY}),
        ("account_closed", {"username": "li", "on": TODAY}),
    ]
    for action, facts in script:
        city(action, facts)
        told.append((action, facts))
    before = state()
    for action, facts in told:
        BOOK[action][1](facts, datetime.now(UTC))
    assert state() == before


def test_what_the_law_does_not_leave_to_a_city(city: Record) -> None:
    """A value of law is not changed by a city, and the refusal says whose it is."""
    found = next(d for d in law.PARAMETERS if d.unit == "day" and d.dated[-1].value.source)
    assert refused("parameter_set", {"name": found.name, "value": 999, "since": TODAY})


def test_the_book_writes_one_event(city: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """Through the real book: one event, its effect, and neither where it is refused."""
    monkeypatch.setattr(book, "_record", matters_book.record)
    book.record("unit_opened", UNIT, by=SYSTEM)
    assert Event.objects.get(action="unit_opened").facts == UNIT
    assert Unit.objects.filter(code="x").exists()
    with pytest.raises(Invalid):
        book.record("unit_opened", UNIT, by=SYSTEM)
    with pytest.raises(Forbidden):
        book.record("unit_opened", UNIT | {"code": "y"}, by=PUBLIC)
    assert Event.objects.count() == 1


def test_every_action_of_the_book_is_documented() -> None:
    """docs/city.md has a line for each action."""
    page = (Path(__file__).parents[2] / "docs" / "city.md").read_text()
    assert [action for action in BOOK if f"`{action}`" not in page] == []


def test_facts_carry_no_password(city: Record) -> None:
    """An account opened by the book can be used by nobody until a password is set apart."""
    city("account_opened", {"username": "li"})
    assert not Account.objects.get(username="li").has_usable_password()
