"""Rows that no act made, and what the city's book says, changed or slipped in: the audit names them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from dingzi import matters
from dingzi.city.models import Account, LocalParameter, Post, Tenure
from dingzi.city.viewer import SYSTEM
from dingzi.figures import definitions, freezing
from dingzi.ledger.auditing import Difference, whole
from dingzi.ledger.sealing import Sealer
from dingzi.matters import book
from dingzi.matters.models import BOOK, HandOver, Matter, Part
from dingzi.mechanisms.disputes.models import Dispute
from dingzi.project import roles
from tests.databases import acting_as
from tests.world import World

from .conftest import file
from .tampering import unguarded

pytestmark = pytest.mark.django_db

COUNTY = "360902"
DAY = timezone.localdate() - timedelta(days=40)


def audit() -> set[Difference]:
    with acting_as(roles.STEWARD):
        return set(whole()[1])


@pytest.fixture
def case(world: World) -> Matter:
    """A sealed dispute with a task of a co-handling unit."""
    number = file()
    data = {"category": "property", "lead": world.mediation, "co_units": [world.housing], "what": "看"}  # fmt: skip
    matters.act(number, "accept_dispatch", data, by=world.window)
    return Matter.objects.get(number=number)


def sealed() -> None:
    with acting_as(roles.STEWARD):
        Sealer().seal()


def test_a_row_that_belongs_to_no_act_is_named(case: Matter) -> None:
    """A dispute beside a matter that is none would be counted; so would one beside no matter."""
    sealed()
    task = Matter.objects.get(parent=case)
    row = Dispute.objects.get(matter=case)
    part = Part.objects.filter(matter=case).first()
    assert part
    with unguarded():
        for stream in (task.id, 99_999):
            row.matter_id = stream
            row.save(force_insert=True)
        part.matter_id = 99_999
        part.save()
    found = audit()
    with unguarded():
        Dispute.objects.exclude(matter_id=case.id).delete()
        part.delete()
    assert found == {
        Difference(None, task.id, "projection", "disputes.Dispute.extra"),
        Difference(None, 99_999, "projection", "disputes.Dispute.extra"),
        Difference(None, 99_999, "projection", "matters.Part.extra"),
        Difference(None, case.id, "projection", "matters.Part.row"),
    }


@pytest.fixture
def opened(case: Matter, world: World) -> Post:
    """A post opened through the book, with who sits on it, residents, a hand-over, a frozen figure."""
    day = DAY.isoformat()
    said: list[tuple[str, dict[str, Any]]] = [
        ("unit_opened", {"code": "x", "name": "新中心", "kind": "centre", "division": COUNTY, "since": day}),
        ("post_opened", {"code": "x.p", "unit": "x", "name": "新岗", "roles": ["window"], "since": day}),
        ("account_opened", {"username": "li"}),
        ("tenure_started", {"post": "x.p", "account": "li", "since": day}),
        ("residents_loaded", {"division": COUNTY, "people": 9_000, "since": day, "source": "年鉴"}),
    ]  # fmt: skip
    for action, facts in said:
        book.record(action, facts, by=SYSTEM)
    post = Post.objects.get(code="x.p")
    definitions.settle()
    facts: dict[str, Any] = {
        "id": 77, "post": post.id, "tenure": None, "leaving": None, "items": [case.id],
        "sign_by": timezone.localdate().isoformat(),
    }  # fmt: skip
    book.record("handover_opened", facts, by=SYSTEM)
    row = {
        "figure": "disputes.filed",
        "number": "7",
        "behind": [],
        "definition": "0" * 16,
        "version": 1,
    }
    facts = {"first": "2025-01-01", "last": "2025-01-31", "size": 1, "root": "00" * 32, "rows": [row]}  # fmt: skip
    book.record(freezing.ACTION, facts, by=SYSTEM)
    sealed()
    return post


CHANGED = {
    "city.Post.roles": "UPDATE city_post SET roles = '[\"steward\"]' WHERE code = 'x.p'",
    "city.Tenure.until": "UPDATE city_tenure SET until = '2040-01-01' WHERE until IS NULL",
    "city.Account.is_active": "UPDATE city_account SET is_active = FALSE WHERE username = 'li'",
    "city.Residents.people": "UPDATE city_residents SET people = 1",
    "figures.Frozen.number": "UPDATE figures_frozen SET number = '999'",
    "figures.Definition.definition": "UPDATE figures_definition SET definition = '1'",
    "matters.HandOver.sign_by": "UPDATE matters_handover SET sign_by = '2030-01-01'",
}


def test_what_the_book_says_is_compared(opened: Post) -> None:
    """Roles, tenures, residents, frozen figures, hand-overs: who changes one is found."""
    before = audit()
    with unguarded() as cursor:
        for sql in CHANGED.values():
            cursor.execute(sql)
    found = {one for one in audit() - before if one.field in CHANGED}
    assert found == {Difference(None, BOOK, "projection", field) for field in CHANGED}


def test_what_the_book_never_said_is_named(opened: Post) -> None:
    """A tenure slipped in would let somebody act; a parameter would move a deadline."""
    before = audit()
    with unguarded() as cursor:
        account = Account.objects.create_user("mallory")
        other = Tenure.objects.create(post=opened, account=account, since=DAY)
        value = LocalParameter.objects.create(name="disputes.mediation_days", value=90, since=DAY)
        HandOver.objects.filter(id=77).update(tenure=other.pk)
        cursor.execute("DELETE FROM matters_handoveritem")
    found = {one.field.partition(":")[0] + ":" * (":" in one.field) for one in audit() - before}
    assert found == {
        "city.Account.extra:", "city.Tenure.extra:", "city.LocalParameter.extra:",
        "matters.HandOver.tenure", "matters.HandOverItem.row:",
    }  # fmt: skip
    assert value.pk
