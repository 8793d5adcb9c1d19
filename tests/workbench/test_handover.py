"""Hand-over: the successor signs for each matter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dingzi.city.viewer import SYSTEM
from dingzi.matters import handover
from dingzi.matters.models import HandOverSign, Matter

from .conftest import Office


def test_the_new_holder_signs_item_by_item(office: Office, file: Callable[..., str]) -> None:
    """Two on the post, one ticked: the bar moves by one, the other stays unsigned."""
    numbers = [file(title="甲"), file(title="乙")]
    one = handover.start(office.world.window.post or 0, SYSTEM)
    client = office.client(office.world.window)
    assert client.get("/work/handover/").status_code == 302
    page = f"/work/handover/{one.id}/"
    assert "没签" in client.get(page).content.decode()
    told = client.post(page, {"pick": [numbers[0]]}, follow=True).content.decode()
    assert "签了1件" in told
    assert "1 / 2" in told
    assert HandOverSign.objects.count() == 1


def test_a_post_with_thousands_of_matters_is_signed_for_in_one_go(
    office: Office, file: Callable[..., str]
) -> None:
    """More boxes than Django takes by default are no bad request; what is not there is left out."""
    number = file()
    one = handover.start(office.world.window.post or 0, SYSTEM)
    client = office.client(office.world.window)
    picks = [number, *(f"袁纠〔2026〕{n}号" for n in range(10_000, 12_500))]
    answer = client.post(f"/work/handover/{one.id}/", {"pick": picks})
    assert answer.status_code < 500 and answer.status_code != 400
    assert HandOverSign.objects.count() == 1


def test_signing_twice_is_refused(office: Office, file: Callable[..., str]) -> None:
    """A second signature for the same matter is named, not written."""
    number = file()
    one = handover.start(office.world.window.post or 0, SYSTEM)
    client = office.client(office.world.window)
    client.post(f"/work/handover/{one.id}/", {"pick": [number]})
    again = client.post(f"/work/handover/{one.id}/", {"pick": [number]})
    assert again.status_code == 409
    assert HandOverSign.objects.count() == 1


def test_a_supervisor_looks_on_and_does_not_sign(office: Office, file: Callable[..., str]) -> None:
    """The post above sees the progress; its ticks count for nothing."""
    number = file()
    one = handover.start(office.world.window.post or 0, SYSTEM)
    client = office.client(office.world.supervisor)
    assert "您的下级岗位" in client.get("/work/handover/").content.decode()
    client.post(f"/work/handover/{one.id}/", {"pick": [number]})
    assert not HandOverSign.objects.exists()


def test_anothers_hand_over_is_not_there(office: Office, file: Callable[..., str]) -> None:
    """It is 404 for everybody else."""
    file()
    one = handover.start(office.world.window.post or 0, SYSTEM)
    client = office.client(office.world.mediator)
    assert client.get(f"/work/handover/{one.id}/").status_code == 404
    assert "没有要交接的" in client.get("/work/handover/").content.decode()


def test_a_confidential_matter_is_not_told_to_the_post_above(
    office: Office, file: Callable[..., str]
) -> None:
    """The supervisor sees how far it is without what only the post below may know; it signs for all."""
    file(title="能看的")
    posts = [office.world.window.post]
    Matter.objects.filter(number=file(title="保密的")).update(confidential=True, posts=posts)
    one = handover.start(office.world.window.post or 0, SYSTEM)
    above = office.client(office.world.supervisor)
    told = above.get(f"/work/handover/{one.id}/").content.decode()
    assert "能看的" in told and "保密的" not in told
    assert "0 / 1" in told
    own = office.client(office.world.window).get(f"/work/handover/{one.id}/").content.decode()
    assert "保密的" in own and "0 / 2" in own


def test_the_pages_ask_as_often_for_many_as_for_few(
    office: Office, file: Callable[..., str], django_assert_max_num_queries: Any
) -> None:
    """Neither the list of hand-overs nor one of them asks for each matter by itself."""
    for n in range(12):
        file(title=f"第{n}件")
    one = handover.start(office.world.window.post or 0, SYSTEM)
    above, here = office.client(office.world.supervisor), office.client(office.world.window)
    for client, page in ((above, "/work/handover/"), (here, f"/work/handover/{one.id}/")):
        client.get(page)
        with django_assert_max_num_queries(22):
            assert client.get(page).status_code == 200
