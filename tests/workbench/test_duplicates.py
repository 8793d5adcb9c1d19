"""Groups of matters that may be one thing: proposed with why, merged by acts, seen by who may."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.cache import caches
from django_tasks_db.models import DBTaskResult

from dingzi import matters
from dingzi.matters import alike, tasks
from dingzi.matters.models import Event, Matter

from .conftest import Office

PAGE = "/work/duplicates/"
TOLD = (
    (
        "丽苑小区附近建搅拌站噪音扰民",
        "丽苑小区旁边的搅拌站彻夜施工，灰尘和噪音让人睡不着，请查处。",
    ),
    (
        "丽苑小区旁违建搅拌站，灰尘污染",
        "我们丽苑小区旁边的搅拌站没有手续，灰尘很大，夜里也在施工。",
    ),
    ("投诉丽苑小区搅拌站夜间施工", "丽苑小区旁边搅拌站夜里两点还在施工，灰尘飘进屋里。"),
    ("广场舞音量太大", "每天晚上九点以后还在跳，孩子没法睡觉。"),
)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What one test compared is not another's."""
    caches["shared"].clear()


@pytest.fixture
def told(file: Callable[..., str]) -> list[str]:
    """Three filings about one thing and one about another, in the order in which they came."""
    phones = ["13800006620"] * 3 + ["13900001111"]
    return [
        file(title=title, text=text, phone=phone)
        for (title, text), phone in zip(TOLD, phones, strict=True)
    ]


def test_a_group_says_what_its_matters_share(office: Office, told: list[str]) -> None:
    """The shared words stand above and are marked in the titles; the earliest stays."""
    text = office.client(office.world.window).get(PAGE).content.decode()
    assert "有1组像是同一件事" in text
    assert "3件，都写到" in text
    assert "“丽苑小区”" in text and "搅拌站”" in text
    assert "<b>丽苑小区</b>" in text
    assert "广场舞" not in text
    assert re.findall(r'name="pick" value="([^"]+)" checked', text) == told[1:3]
    assert f'name="into" value="{told[0]}"' in text
    assert text.count("留的电话一样") == 3


def test_what_is_picked_is_merged_into_the_earliest(office: Office, told: list[str]) -> None:
    """Each is merged by an act of its own; the result names every number; a reload does nothing."""
    client = office.client(office.world.window)
    key = re.findall(r'name="key" value="([^"]+)"', client.get(PAGE).content.decode())[0]
    form = {"of": "disputes", "into": told[0], "pick": told[1:3], "key": key}
    text = client.post(PAGE, form).content.decode()
    assert "并过去2件" in text
    client.post(PAGE, form)
    assert Event.objects.filter(action="merge").count() == 2
    merged = Matter.objects.filter(merged_into__number=told[0])
    assert {m.number for m in merged} == set(told[1:3])
    assert "没有像是同一件的" in client.get(PAGE).content.decode()


def test_a_refused_merge_is_named_and_the_others_are_done(office: Office, told: list[str]) -> None:
    """One that was declined meanwhile is told apart; the other is merged."""
    client = office.client(office.world.window)
    client.get(PAGE)
    declined = {"ground": "court", "remedy": "去法院"}
    matters.act(told[1], "decline", declined, by=office.world.window)
    form = {"of": "disputes", "into": told[0], "pick": told[1:3]}
    text = client.post(PAGE, form).content.decode()
    assert "并过去1件" in text and "没有办" in text
    assert [Matter.objects.get(number=n).state for n in told[1:3]] == ["declined", "merged"]


def test_only_what_he_sees_is_compared(office: Office, told: list[str]) -> None:
    """A window of another town finds nothing; a mediator without a part neither."""
    for viewer in (office.world.other_window, office.world.mediator):
        text = office.client(viewer).get(PAGE).content.decode()
        assert "没有像是同一件的" in text
        assert "搅拌站" not in text


def test_who_merges_nothing_has_no_such_page(office: Office, told: list[str]) -> None:
    """A handler's post gets 403 and no line in the rail."""
    client = office.client(office.world.bureau)
    assert client.get(PAGE).status_code == 403
    assert PAGE not in client.get("/work/").content.decode()


def test_a_number_that_is_not_his_merges_nothing(office: Office, told: list[str]) -> None:
    """Made-up forms of another town's clerk meet 404, and nothing is written."""
    events = Event.objects.count()
    client = office.client(office.world.other_window)
    form = {"of": "disputes", "into": told[0], "pick": told[1:3]}
    assert client.post(PAGE, form).status_code == 404
    assert Event.objects.count() == events


def test_many_are_compared_by_the_steward(
    office: Office, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond a size the page says that it is being made, renews itself, and then has it."""
    monkeypatch.setattr(alike, "AT_ONCE", 2)
    client = office.client(office.world.window)
    text = client.get(PAGE).content.decode()
    assert "正在比对" in text and 'http-equiv="refresh"' in text
    client.get(PAGE)
    (waiting,) = DBTaskResult.objects.ready()
    assert tasks.find_duplicates.func(*waiting.args_kwargs["args"]) == 1
    assert "有1组像是同一件事" in client.get(PAGE).content.decode()


def test_what_was_closed_since_is_left_out(office: Office, told: list[str]) -> None:
    """A group shows what is open now, not what was open when it was found."""
    client = office.client(office.world.window)
    client.get(PAGE)
    declined = {"ground": "court", "remedy": "去法院"}
    matters.act(told[0], "decline", declined, by=office.world.window)
    text = client.get(PAGE).content.decode()
    assert f'name="into" value="{told[1]}"' in text
    assert told[0] not in text


def test_the_case_page_proposes_and_leads_to_the_merge(office: Office, told: list[str]) -> None:
    """Beside a case stand those like it, with why, and a link that opens the merge filled in."""
    client = office.client(office.world.window)
    page = client.get(f"/work/matters/{told[2]}/similar/").content.decode()
    assert told[0] in page and told[1] in page
    assert "电话" in page
    links = re.findall(r'href="([^"]*do=merge[^"]*)"', page)
    assert len(links) == 2, links
    opened = client.get(links[0].replace("&amp;", "&").partition("#")[0]).content.decode()
    assert re.search(rf'name="merge-into"[^>]*value="({told[0]}|{told[1]})"', opened)
