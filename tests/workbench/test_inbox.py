"""The inbox: four groups of what a post must do."""

from __future__ import annotations

from collections.abc import Callable

from .conftest import Office


def test_a_post_sees_what_waits_on_it(office: Office, file: Callable[..., str]) -> None:
    """What was filed in the town waits on its window, with what is asked and by when."""
    number = file(title="楼上漏水")
    page = office.client(office.world.window).get("/work/")
    assert page.status_code == 200
    text = page.content.decode()
    assert number in text
    assert "受理，或写明为什么不收" in text
