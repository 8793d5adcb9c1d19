"""Whatever who carries a case does, by whatever act and with whatever duties, he never resolves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.db import transaction

from dingzi import matters
from dingzi.city import roles
from dingzi.city.models import Account, Tenure
from dingzi.city.viewer import Viewer
from dingzi.core.errors import Refusal
from dingzi.matters import registry
from dingzi.matters.fields import FieldDef
from dingzi.matters.models import Matter
from dingzi.mechanisms.carried.models import Carry
from tests.world import TOWN

from .conftest import Leaders


def answers(fields: tuple[FieldDef, ...], city: Leaders) -> list[dict[str, Any]]:
    """Return right answers to an act's fields, one set for each choice of its first choice."""
    made: dict[str, Any] = {
        "line": "甲", "text": "说了些话", "flag": True, "date": "2099-01-01", "number": 1,
        "unit": city.housing.unit, "units": [city.housing.unit], "post": city.other.post,
        "place": TOWN, "phone": "13800000000", "names": ["甲"], "papers": [], "parties": [],
        "money": 1, "matter": "",
    }  # fmt: skip
    base = {f.name: made[f.kind] for f in fields if f.required and f.kind in made}
    picks = [f for f in fields if f.required and f.kind == "choice"]
    base |= {f.name: next(iter(f.choices)) for f in picks}
    if not picks:
        return [base]
    return [base | {picks[0].name: code} for code in picks[0].choices]


def carriers(city: Leaders) -> list[Viewer]:
    """The leader, a colleague, a deputy, and the same person on an inspector's post; all with every
    duty that there is."""
    every = frozenset(role.name for role in roles.roles())
    person = Account.objects.create_user("leader-himself", "a-long-password")
    Tenure.objects.create(post_id=city.leader.post, account=person, since=date(2020, 1, 1))
    found = [
        city.leader,
        replace(city.other, unit=city.leader.unit),
        replace(city.inspector, stands_for=frozenset({city.leader.post or 0})),
        replace(city.inspector, account=person.id),
    ]
    return [replace(viewer, roles=every, scope="3609") for viewer in found]


def test_no_act_of_who_carries_it_resolves_it(city: Leaders) -> None:
    """Every act on the case and on the matter carried, every choice, from every such seat."""
    petition = city.petition()
    carry = city.given(petition)
    city.worked(carry)
    city.answered(petition)
    seats, tried, done = carriers(city), 0, 0
    for number in (carry, petition):
        process = registry.handle(Matter.objects.get(number=number).process).latest
        for action in registry.actions(process):
            if action.opens or action.by == {"system"}:
                continue
            for data in answers(action.fields, city):
                for by in seats:
                    tried += 1
                    with transaction.atomic():
                        try:
                            matters.act(number, action.name, data, by=by)
                            done += 1
                        except Refusal:
                            pass
                        own = Carry.objects.get(matter__number=carry)
                        assert own.resolved_on is None, (number, action.name, data, by)
                        assert own.matter.outcome != "resolved"
                        transaction.set_rollback(True)
    assert tried > 100 and done > 10
