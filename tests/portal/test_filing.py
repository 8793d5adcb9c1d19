"""Filing without scripts: three steps, nothing lost, refused with nothing written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.core import throttle
from dingzi.matters.models import Event, Matter, Paper, Private
from tests.portal.conftest import TEXT, photo
from tests.world import OTHER_TOWN, TOWN, World

Fill = Callable[..., Any]


def test_three_steps_give_a_receipt(world: World, client: Client, fill: Fill) -> None:
    """What was asked is filed as it was written, and the receipt opens it."""
    assert '"/file/disputes/' in client.get("/file/").content.decode()
    assert fill(1).headers["Location"] == "/file/disputes/2/"
    assert fill(2).headers["Location"] == "/file/disputes/3/"
    page = client.get("/file/disputes/3/").content.decode()
    assert TEXT in page
    assert "秀江花园3栋" in page
    assert fill(3).headers["Location"] == "/receipt/"
    matter = Matter.objects.get()
    assert (matter.town, matter.door, matter.people[0]["phone"]) == (TOWN, "web", "13800006620")
    receipt = client.get("/receipt/").content.decode()
    assert matter.number in receipt
    assert "尾号6620" in receipt
    assert "13800006620" not in receipt
    assert client.get("/case/").status_code == 200


def test_an_identity_number_is_refused_with_its_digits_underlined(
    world: World, client: Client, fill: Fill
) -> None:
    """The text comes back as it was typed, nothing of it is kept, nothing is filed."""
    page = fill(1, text="登记的是362201195001010417，一直没人修。")
    body = page.content.decode()
    assert page.status_code == 422
    assert "<u><b>362201195001010417</b></u>" in body
    assert "请删掉画线的数字" in body
    assert "登记的是362201195001010417" in body
    assert "362201195001010417" not in str(dict(client.session))
    assert Event.objects.count() == 0


def test_a_broken_photo_is_named_and_the_good_one_is_kept(
    world: World, client: Client, fill: Fill
) -> None:
    """One bad file costs neither the good one nor the text."""
    broken = SimpleUploadedFile("坏.jpg", b"nonsense", "image/jpeg")
    page = fill(1, papers=[photo("好.jpg"), broken])
    body = page.content.decode()
    assert page.status_code == 422
    assert "第2张“坏.jpg”没有收" in body
    assert "好.jpg" in body
    assert TEXT in body
    assert fill(1).headers["Location"] == "/file/disputes/2/"
    fill(2)
    fill(3)
    assert [paper.name for paper in Paper.objects.all()] == ["好.jpg"]


def test_photos_stay_between_steps_and_can_be_taken_out(
    world: World, client: Client, fill: Fill
) -> None:
    """Each kept photo has its button; what is typed stays when one is taken out."""
    fill(1, papers=[photo("一.jpg", 10), photo("二.jpg", 20)])
    fill(2)
    body = client.get("/file/disputes/1/").content.decode()
    assert "一.jpg" in body
    first = client.session["draft:disputes"]["papers"][0]["digest"]
    body = fill(1, drop=first, text="改过的话。").content.decode()
    assert "一.jpg" not in body
    assert "二.jpg" in body
    assert "改过的话。" in body


def test_more_photos_than_nine_are_not_taken(world: World, client: Client, fill: Fill) -> None:
    """The first nine are kept; the page says that the others were not."""
    fill(1, papers=[photo(f"{n}.jpg", n * 7) for n in range(8)])
    page = fill(1, papers=[photo(f"x{n}.jpg", 100 + n * 7) for n in range(3)])
    assert "最多9张" in page.content.decode()
    assert len(client.session["draft:disputes"]["papers"]) == 9


@pytest.mark.parametrize("number", [2, 3])
def test_no_step_can_be_skipped(world: World, client: Client, fill: Fill, number: int) -> None:
    """An address of a later step leads to the first that is missing."""
    answer = client.get(f"/file/disputes/{number}/")
    assert answer.headers["Location"] == "/file/disputes/1/"
    assert fill(number).headers["Location"] == "/file/disputes/1/"
    assert Event.objects.count() == 0


def test_an_unknown_form_or_step_is_not_there(world: World, client: Client) -> None:
    """Nothing is filed with a mechanism that is none."""
    assert client.get("/file/nothing/1/").status_code == 404
    assert client.get("/file/disputes/4/").status_code == 404
    assert client.get("/file/disputes/0/").status_code == 404


def test_sending_twice_files_once(world: World, client: Client, fill: Fill) -> None:
    """A retry of the last step leads to the same receipt."""
    fill(1)
    fill(2)
    key = client.session["draft:disputes"]["key"]
    assert fill(3, key=key).headers["Location"] == "/receipt/"
    assert fill(3, key=key).headers["Location"] == "/receipt/"
    assert Matter.objects.count() == 1


def test_two_sends_at_once_file_once(world: World, client: Client, fill: Fill) -> None:
    """Where the second send still sees the draft, its key gives the first matter again."""
    fill(1)
    fill(2)
    kept = client.session["draft:disputes"]
    fill(3)
    session = client.session
    session["draft:disputes"] = kept
    del session["portal-filed"]
    session.save()
    assert fill(3).headers["Location"] == "/receipt/"
    assert Matter.objects.count() == 1


def test_the_next_one_is_another_matter(world: World, client: Client, fill: Fill) -> None:
    """Who has a second thing to say gets a second number."""
    for text in ("第一件事，楼上漏水。", "第二件事，工钱没有发。"):
        fill(1, text=text)
        fill(2)
        fill(3)
    assert Matter.objects.count() == 2


def test_what_fills_the_hidden_field_files_nothing(
    world: World, client: Client, fill: Fill
) -> None:
    """A machine that fills in everything is told to empty the field."""
    page = fill(1, website="http://example.com")
    assert page.status_code == 422
    assert client.get("/file/disputes/2/").status_code == 302
    assert Event.objects.count() == 0


def test_put_aside_can_be_gone_on_with(world: World, client: Client, fill: Fill) -> None:
    """An unfinished answer is kept as it is, and the front page leads back to it."""
    answer = fill(1, text="先写到这里", later="1")
    assert answer.headers["Location"] == "/"
    home = client.get("/").content.decode()
    assert "接着写" in home
    assert "先写到这里" in client.get("/file/disputes/1/").content.decode()


def test_an_empty_first_step_says_what_is_missing(world: World, client: Client, fill: Fill) -> None:
    """The message names the field."""
    page = fill(1, text="  ")
    assert page.status_code == 422
    assert "“发生了什么事”还没有填" in page.content.decode()


@pytest.mark.parametrize(
    ("text", "said"), [("长" * 20_001, "最多"), ("响\x07铃", "看不见的控制字符")]
)
def test_a_text_that_cannot_be_taken_is_said_on_its_step(
    world: World, client: Client, fill: Fill, text: str, said: str
) -> None:
    """What the act would refuse is refused where it was written."""
    page = fill(1, text=text)
    assert page.status_code == 422
    assert said in page.content.decode()


def test_a_place_is_chosen_by_links(world: World, client: Client, fill: Fill) -> None:
    """County, town, then one list of villages: no script needed."""
    fill(1)
    page = client.get("/file/disputes/2/").content.decode()
    assert "?at=360902" in page
    page = client.get("/file/disputes/2/?at=360902").content.decode()
    assert f"?at={TOWN}" in page
    assert "说不清是哪个乡镇，就到袁州区" in page
    page = client.get(f"/file/disputes/2/?at={TOWN}").content.decode()
    assert "说不清，就到灵泉街道" in page
    assert "东门社区" in page
    assert "下一步" in page


def test_a_place_is_found_by_its_name(world: World, client: Client, fill: Fill) -> None:
    """A search leads to the place; one that finds nothing says what to do."""
    fill(1)
    page = client.get("/file/disputes/2/?q=秀江").content.decode()
    assert f"?at={OTHER_TOWN}" in page
    page = client.get("/file/disputes/2/?q=没有这个地方").content.decode()
    assert "没有找到“没有这个地方”" in page


def test_an_unknown_place_is_refused(world: World, client: Client, fill: Fill) -> None:
    """A code that is no place of the city is not taken."""
    fill(1)
    page = fill(2, place="999999")
    assert page.status_code == 422
    assert client.get("/file/disputes/3/").status_code == 302


def test_a_wrong_telephone_is_said_and_nothing_is_filed(
    world: World, client: Client, fill: Fill
) -> None:
    """The number is checked before anything is written."""
    fill(1)
    fill(2)
    page = fill(3, phone="不是号码")
    assert page.status_code == 422
    assert "电话号码不对" in page.content.decode()
    assert Event.objects.count() == 0


def test_name_and_telephone_may_stay_empty(world: World, client: Client, fill: Fill) -> None:
    """Nothing is asked that is not needed; the receipt says what follows from it."""
    fill(1)
    fill(2)
    fill(3, name="", phone="")
    assert Matter.objects.get().people == []
    assert "您没有留电话" in client.get("/receipt/").content.decode()


def test_a_lost_session_leads_back_and_says_so(world: World, client: Client, fill: Fill) -> None:
    """Without the earlier steps the last one files nothing."""
    fill(1)
    fill(2)
    client.cookies.pop("dingzi")
    answer = fill(3)
    assert answer.headers["Location"] == "/file/disputes/1/"
    assert "放得太久" in client.get("/file/disputes/1/").content.decode()
    assert Event.objects.count() == 0


def test_the_door_brings_a_category_along(world: World, client: Client, fill: Fill) -> None:
    """A quick link of the front page is filed with the matter; nonsense is not."""
    client.get("/file/disputes/?category=wages")
    assert "劳动工资" in client.get("/file/disputes/1/").content.decode()
    for number in (1, 2, 3):
        fill(number)
    assert Matter.objects.get().category == "wages"
    client.get("/file/disputes/?category=nonsense")
    assert "nonsense" not in client.get("/file/disputes/1/").content.decode()


def test_a_flood_from_one_place_is_braked(
    world: World, client: Client, fill: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit the page says when to come again; what was written stays."""
    monkeypatch.setattr(throttle, "FILED", throttle.Limit("filed", 1, 600))
    for number in (1, 2, 3):
        fill(number)
    fill(1, text="再说一件。")
    fill(2)
    page = fill(3)
    assert page.status_code == 429
    assert "10分钟" in page.content.decode()
    assert Matter.objects.count() == 1
    assert "再说一件。" in client.get("/file/disputes/1/").content.decode()


def test_html_in_a_text_stays_text(world: World, client: Client, fill: Fill) -> None:
    """What a citizen writes never becomes part of a page."""
    fill(1, text="<script>alert(1)</script> 漏水")
    fill(2, spot="<img src=x onerror=alert(1)>")
    for page in (client.get("/file/disputes/3/"), fill(3) and client.get("/case/")):
        body = page.content.decode()
        assert "<script>alert" not in body
        assert "<img src=x" not in body


def test_the_same_thing_is_told_only_of_ones_own(world: World, client: Client, fill: Fill) -> None:
    """Who holds the receipt is told that he said it before; a stranger with the same telephone
    learns nothing."""
    data = {"text": TEXT, "place": TOWN, "phone": "13800006620"}
    matters.open_matter("dispute", "file", data, by=PUBLIC, door="web")
    for number in (1, 2):
        fill(number)
    stranger = client.get("/file/disputes/3/").content.decode()
    assert "已经说过" not in stranger
    fill(3)
    for number in (1, 2):
        fill(number)
    own = client.get("/file/disputes/3/").content.decode()
    assert "看来这件事您已经说过" in own
    assert Matter.objects.last().number in own  # type: ignore[union-attr]


def test_only_what_was_asked_is_kept(world: World, client: Client, fill: Fill) -> None:
    """Fields that no step asks cannot be smuggled in."""
    fill(1, channel="counter", title="别的标题", category="wages")
    fill(2, county="360921")
    fill(3, parties="某人")
    kept = Private.objects.get().data | Event.objects.get().facts
    assert "channel" not in kept
    assert "category" not in kept
    assert kept["county"] == "360902"
    assert [p["side"] for p in kept["parties"]] == ["applicant"]
