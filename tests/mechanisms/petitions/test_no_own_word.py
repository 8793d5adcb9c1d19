"""Whether a petition is resolved is said by the petitioner, or by others than who handled it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dingzi import matters
from dingzi.city import directory
from dingzi.city.models import Account, Post, Tenure
from dingzi.core.errors import Refusal
from dingzi.matters import selectors
from dingzi.matters.models import Event, Matter
from dingzi.mechanisms.petitions.models import Petition
from tests.world import SINCE

from .conftest import Petitions

LOOKED = {"result": "resolved", "text": "看了现场，问了信访人。"}


def served(city: Petitions) -> str:
    number = city.opined()
    matters.act(number, "serve", {"how": "direct"}, by=city.housing)
    return number


def test_who_handled_it_neither_looks_back_nor_speaks_for_the_petitioner(city: Petitions) -> None:
    """Not from another post of the unit, not as the same person elsewhere, not by standing in."""
    number = served(city)
    person = Account.objects.create_user("handles", "dingzi-demo-2025")
    Tenure.objects.create(post_id=city.housing.post, account=person, since=SINCE)
    roles = frozenset({"petition", "supervisor"})
    moved = replace(city.office, account=person.pk)
    stands_in = replace(city.office, stands_for=frozenset({city.housing.post or 0}))
    beside = replace(city.housing, post=city.colleague.post, roles=roles, scope="360902")
    before = Event.objects.count()
    for by in (moved, stands_in, beside):
        for action, data in (("confirm", {}), ("disagree", {}), ("look_back", LOOKED)):
            with pytest.raises(Refusal, match="handled_it_oneself"):
                matters.act(number, action, data, by=by)
        state = selectors.state_of(Matter.objects.get(number=number))
        offered = {one.name for one in selectors.possible(state, by) if one.refusal is None}
        assert not offered & {"confirm", "disagree", "look_back"}
    assert Event.objects.count() == before
    assert Petition.objects.get(matter__number=number).resolved_on is None


def test_an_office_that_handled_it_itself_takes_down_no_word(city: Petitions) -> None:
    """Routed to a petition office, it is that office's own; the petitioner says it with the receipt."""
    number = city.brought()
    matters.act(number, "register", {"category": "titles"}, by=city.office)
    Post.objects.filter(pk=city.city_office.post).update(roles=["petition", "handler"])
    directory.forget()
    office = replace(city.city_office, roles=frozenset({"petition", "handler"}))
    matters.act(number, "route", {"lead": office.unit}, by=city.office)
    matters.act(number, "answer_now", {"text": "当场答复"}, by=office)
    with pytest.raises(Refusal, match="handled_it_oneself"):
        matters.act(number, "confirm", {}, by=office)
    matters.act(number, "confirm", {"text": "解决了"}, by=city.citizen(number))
    assert Petition.objects.get(matter__number=number).resolved_on is not None


def test_others_take_it_down_and_look_back(city: Petitions) -> None:
    """The office that only registered and routed it did not handle it."""
    number = served(city)
    matters.act(number, "disagree", {"text": "没有办"}, by=city.office)
    matters.act(number, "look_back", LOOKED, by=city.colleague)
    assert Petition.objects.get(matter__number=number).looked_back == "resolved"
