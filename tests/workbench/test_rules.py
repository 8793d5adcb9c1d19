"""Pages of processes and parameters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from dingzi import law
from dingzi.city import directory
from dingzi.city.models import LocalParameter, Post
from dingzi.matters import registry
from dingzi.matters.models import Event

from .conftest import Office


def test_every_process_has_its_page(office: Office) -> None:
    """Picture, acts, deadlines and states of each version; BPMN to take away."""
    client = office.client(office.world.window)
    listed = client.get("/work/processes/").content.decode()
    for handle in registry.handles():
        process = handle.latest
        assert process.title.zh in listed
        text = client.get(f"/work/processes/{process.name}/").content.decode()
        assert "<svg" in text
        assert all(s.label.zh in text for s in process.states.values())
        bpmn = client.get(f"/work/processes/{process.name}/{process.version}.bpmn")
        assert bpmn["Content-Disposition"].endswith('.bpmn"')


@pytest.mark.parametrize("path", ["nothing/", "dispute/999/", "dispute/999.bpmn"])
def test_an_unknown_process_is_not_there(office: Office, path: str) -> None:
    """A name or version that does not exist is 404."""
    assert office.client(office.world.window).get(f"/work/processes/{path}").status_code == 404


def test_every_parameter_says_on_what_it_rests(office: Office) -> None:
    """All parameters are listed; what is no law is called a local setting."""
    text = office.client(office.world.window).get("/work/settings/").content.decode()
    for one in law.PARAMETERS:
        assert one.name in text
    assert "本市设置" in text
    assert "民法典" in text


def steward(office: Office) -> Any:
    """Return a client on a post that may write the city's book, with its second factor."""
    account = office.accounts[office.world.supervisor.post or 0]
    Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={"secret": "x"})
    Post.objects.filter(pk=office.world.supervisor.post).update(roles=["steward"])
    directory.forget()
    return office.client(office.world.supervisor)


def test_a_steward_sets_the_citys_own_value(office: Office) -> None:
    """A local setting takes a new value from a day on; the book holds it, the page tells it."""
    client = steward(office)
    page = "/work/settings/disputes.mediation_days/"
    day = timezone.localdate() + timedelta(days=1)
    form = {"value": "20", "since": day.isoformat(), "reason": "市政府办公室会议"}
    assert client.post(page, form).status_code == 302
    assert LocalParameter.objects.get().value == 20
    assert Event.objects.filter(action="parameter_set").count() == 1
    assert "20天" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("disputes.mediation_days", {"value": "many"}),
        ("disputes.mediation_days", {"value": "-3"}),
        ("disputes.mediation_days", {"value": "NaN"}),
        ("disputes.mediation_days", {"since": ""}),
        ("disputes.confirmation_application", {"value": "45"}),
    ],
)
def test_what_the_city_may_not_set_is_refused(
    office: Office, name: str, form: dict[str, str]
) -> None:
    """Nonsense, and a number that the law fixes, stay as they were; the page says why."""
    client = steward(office)
    told = {"value": "20", "since": "2030-01-01", "reason": "x"} | form
    answer = client.post(f"/work/settings/{name}/", told)
    assert answer.status_code == 422
    assert "data-errors" in answer.content.decode()
    assert not LocalParameter.objects.exists()


def test_only_a_steward_sets_values(office: Office) -> None:
    """Everybody reads them; another role's form is refused and nothing recorded."""
    client = office.client(office.world.window)
    page = "/work/settings/disputes.mediation_days/"
    assert "记进簿册" not in client.get(page).content.decode()
    form = {"value": "20", "since": "2030-01-01", "reason": "x"}
    assert client.post(page, form).status_code == 403
    assert not LocalParameter.objects.exists()
    assert client.get("/work/settings/no.such/").status_code == 404
