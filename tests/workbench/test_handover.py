"""Hand-over: the successor signs for each matter."""

from __future__ import annotations

from collections.abc import Callable

from dingzi.city.viewer import SYSTEM
from dingzi.matters import handover
from dingzi.matters.models import HandOverSign

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
