"""Pages of processes and parameters."""

from __future__ import annotations

import pytest

from dingzi import law
from dingzi.matters import registry

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
