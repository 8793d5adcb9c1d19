"""What a matter speaks of is proposed where somebody must say its category; he decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

from dingzi.matters.models import Matter

from .conftest import Office


def selected(page: str, name: str) -> str:
    (inner,) = re.findall(rf'<select[^>]*name="{name}"[^>]*>(.*?)</select>', page, re.S)
    found = re.search(r'<option value="(\w*)" selected', inner)
    return found[1] if found else ""


def test_the_form_begins_with_what_the_words_speak_of(
    office: Office, file: Callable[..., str]
) -> None:
    """Accepting starts with the proposed category and says from which words."""
    number = file(title="工地拖欠工资三个月", text="老板一直不发工资。")
    page = office.client(office.world.window).get(f"/work/matters/{number}/").content.decode()
    assert selected(page, "accept-category") == "wages"
    assert "里面写到“拖欠工资”" in page


def test_a_category_that_was_given_is_kept(office: Office, file: Callable[..., str]) -> None:
    """What the citizen chose stands; no words are said to speak for another."""
    number = file(title="工地拖欠工资三个月", text="老板一直不发工资。", category="contract")
    page = office.client(office.world.window).get(f"/work/matters/{number}/").content.decode()
    assert selected(page, "accept-category") == "contract"
    assert "里面写到" not in page


def test_each_of_many_is_accepted_under_its_own(office: Office, file: Callable[..., str]) -> None:
    """The bulk page proposes for each, shows the words, and takes what is chosen there."""
    numbers = [
        file(title="工地拖欠工资", text="三个月没有发。"),
        file(title="请问公交线路什么时候开通", text="公交车一直没有。"),
        file(title="一件怪事", text="说不清楚。"),
    ]
    ids = dict(Matter.objects.values_list("number", "id"))
    client = office.client(office.world.window)
    form = {"pick": numbers, "action": "accept", "key": str(uuid4())}
    page = client.post("/work/bulk/", form).content.decode()
    assert [selected(page, f"category-{ids[n]}") for n in numbers] == ["wages", "traffic", ""]
    assert "“拖欠工资”" in page and "像是咨询" in page and "看不出来，请您选" in page
    chosen = {f"category-{ids[n]}": c for n, c in zip(numbers, ["wages", "other", ""], strict=True)}
    lacking = client.post("/work/bulk/", form | {"step": "do"} | chosen)
    assert lacking.status_code == 422
    assert "还有1件没有选类别" in lacking.content.decode()
    assert set(Matter.objects.values_list("state", flat=True)) == {"registered"}
    rest = {"all-category": "neighbours"}
    done = client.post("/work/bulk/", form | {"step": "do"} | chosen | rest)
    assert "办好了3件" in done.content.decode()
    assert [Matter.objects.get(number=n).category for n in numbers] == [
        "wages", "other", "neighbours",
    ]  # fmt: skip
