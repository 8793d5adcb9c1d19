"""The case page, and what can be done on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from dingzi import matters
from dingzi.matters.models import Event, Matter, Paper

from .conftest import Office


def sent(number: str, **data: Any) -> dict[str, Any]:
    """Return what the form of an act sends, as a browser would after opening the page."""
    seq = Matter.objects.get(number=number).seq
    return {"seen": str(seq), "key": str(uuid4())} | data


def url(number: str, action: str) -> str:
    return reverse("workbench:act", args=[number, action])


def case(number: str) -> str:
    return reverse("workbench:case", args=[number])


def mediated(number: str, office: Office) -> str:
    matters.act(
        number,
        "accept_dispatch",
        {"category": "neighbours", "lead": office.world.mediation},
        by=office.world.window,
    )
    return number


def test_a_case_shows_what_it_is_and_what_can_be_done(
    office: Office, file: Callable[..., str]
) -> None:
    """The window reads the citizen's words and finds the form to accept."""
    number = file(title="楼上漏水", name="202室业主", phone="13979556620")
    text = office.client(office.world.window).get(case(number)).content.decode()
    assert "楼上卫生间漏水，天花板泡坏了。" in text
    assert "13979556620" in text
    assert url(number, "accept") in text
    assert re.search(r'name="seen" value="1"', text)


def test_an_act_is_done_and_leads_back(office: Office, file: Callable[..., str]) -> None:
    """A good form makes one event and sends the browser back to the case."""
    number = file()
    client = office.client(office.world.window)
    answer = client.post(
        url(number, "accept"), sent(number, **{"accept-category": "neighbours"}), follow=True
    )
    assert answer.redirect_chain[-1] == (case(number), 302)
    assert "已记下：受理。" in answer.content.decode()
    matter = Matter.objects.get(number=number)
    assert (matter.state, matter.seq) == ("accepted", 2)


def test_a_double_click_does_one_act(office: Office, file: Callable[..., str]) -> None:
    """The same form sent twice is one event, and the second answer says so."""
    number = file()
    client = office.client(office.world.window)
    form = sent(number, **{"accept-category": "neighbours"})
    client.post(url(number, "accept"), form)
    again = client.post(url(number, "accept"), form, follow=True)
    assert "没有重复记" in again.content.decode()
    assert Event.objects.filter(stream=Matter.objects.get(number=number).id).count() == 2


def test_a_stale_page_says_what_changed_and_keeps_what_was_typed(
    office: Office, file: Callable[..., str]
) -> None:
    """A note written meanwhile stops the act; the words stand in the form, the version is new."""
    number = file()
    client = office.client(office.world.window)
    form = sent(number, **{"note-text": "我写到一半的话"})
    matters.act(number, "note", {"text": "别人先写的"}, by=office.world.window)
    answer = client.post(url(number, "note"), form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "您打开以后有1处变化" in text
    assert "我写到一半的话" in text
    assert 'name="seen" value="2"' in text
    assert Matter.objects.get(number=number).seq == 2
    on = client.post(url(number, "note"), form | {"seen": "2"})
    assert on.status_code == 302
    assert Matter.objects.get(number=number).seq == 3


def test_a_refusal_stands_beside_its_field(office: Office, file: Callable[..., str]) -> None:
    """A day for the answer that is past is refused at that field; nothing is written."""
    number = mediated(file(), office)
    client = office.client(office.world.mediator)
    form = sent(number, **{"propose-text": "各付一半", "propose-answer_by": "2020-01-01"})
    answer = client.post(url(number, "propose"), form)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "答复日期要在今天以后" in text
    assert "各付一半" in text
    assert Matter.objects.get(number=number).seq == 2


def test_papers_of_a_refused_act_need_not_be_chosen_again(
    office: Office, file: Callable[..., str]
) -> None:
    """A file that was taken comes back as a ticked line; the next try sends it along."""
    number = mediated(file(), office)
    client = office.client(office.world.mediator)
    plan = SimpleUploadedFile("方案.txt", "各付一半".encode(), "text/plain")
    form = sent(number, **{"propose-text": "各付一半", "propose-answer_by": "2020-01-01"})
    page = client.post(url(number, "propose"), form | {"propose-papers": plan}).content.decode()
    (name, token) = re.findall(r'name="(kept-propose-papers)" value="([^"]+)"', page)[0]
    assert "方案.txt" in page
    day = (timezone.localdate() + timedelta(days=5)).isoformat()
    good = form | {"propose-answer_by": day, name: token}
    assert client.post(url(number, "propose"), good).status_code == 302
    assert [p.name for p in Paper.objects.all()] == ["方案.txt"]


def test_a_paper_reference_is_worth_nothing_to_another_account(
    office: Office, file: Callable[..., str]
) -> None:
    """Somebody else's signed reference is left out, so that no file can be borrowed."""
    number = mediated(file(), office)
    form = sent(number, **{"propose-text": "各付一半", "propose-answer_by": "2020-01-01"})
    plan = SimpleUploadedFile("方案.txt", "各付一半".encode(), "text/plain")
    client = office.client(office.world.mediator)
    page = client.post(url(number, "propose"), form | {"propose-papers": plan}).content.decode()
    (name, token) = re.findall(r'name="(kept-propose-papers)" value="([^"]+)"', page)[0]
    other = file()
    borrowed = sent(other, **{"note-text": "x", name.replace("propose", "add_paper"): token})
    answer = office.client(office.world.window).post(url(other, "add_paper"), borrowed)
    assert answer.status_code == 422
    assert not Paper.objects.exists()


def test_what_is_not_his_is_not_there(office: Office, file: Callable[..., str]) -> None:
    """A stranger gets 404 for the page and for the act, in plain words."""
    number = file()
    client = office.client(office.world.stranger)
    page = client.get(case(number))
    assert page.status_code == 404
    assert "没有找到" in page.content.decode()
    assert client.post(url(number, "note"), sent(number)).status_code == 404
    assert Matter.objects.get(number=number).seq == 1


def test_an_act_of_another_role_is_refused(office: Office, file: Callable[..., str]) -> None:
    """The supervisor sees the case but the mediator's acts are not his."""
    number = file()
    form = sent(number, **{"decline-ground": "court", "decline-remedy": "去法院"})
    answer = office.client(office.world.supervisor).post(url(number, "decline"), form)
    assert answer.status_code == 403
    assert Matter.objects.get(number=number).seq == 1


def test_an_act_in_a_wrong_state_says_so_and_shows_what_was_typed(
    office: Office, file: Callable[..., str]
) -> None:
    """Declining what was accepted meanwhile is refused; the typed remedy can be copied."""
    number = file()
    client = office.client(office.world.window)
    form = sent(number, **{"decline-ground": "court", "decline-remedy": "请去法院立案庭"})
    matters.act(number, "accept", {"category": "family"}, by=office.world.window)
    form["seen"] = "2"
    answer = client.post(url(number, "decline"), form)
    assert answer.status_code == 409
    assert "请去法院立案庭" in answer.content.decode()
    assert Matter.objects.get(number=number).seq == 2


@pytest.mark.parametrize("when", ["nonsense", "1900-01-01T10:00", "2199-01-01T10:00"])
def test_a_bad_earlier_time_is_refused(office: Office, file: Callable[..., str], when: str) -> None:
    """A time that is none, before the opening, or to come, is refused beside its input."""
    number = file()
    form = sent(number, **{"note-text": "记一下", "late-at": when, "late-why": "忘了记"})
    answer = office.client(office.world.window).post(url(number, "note"), form)
    assert answer.status_code == 422
    assert "记一下" in answer.content.decode()
    assert Matter.objects.get(number=number).seq == 1


def test_a_guard_shows_why_not_yet(office: Office, file: Callable[..., str]) -> None:
    """Without a session there is no agreement yet: it stands there with the reason, no form."""
    number = file()
    matters.act(
        number,
        "accept_dispatch",
        {"category": "neighbours", "lead": office.world.mediation},
        by=office.world.window,
    )
    text = office.client(office.world.mediator).get(case(number)).content.decode()
    assert "还没有记过调解" in text
    assert url(number, "agree") not in text


def test_a_case_costs_few_queries(
    office: Office, file: Callable[..., str], django_assert_max_num_queries: Any
) -> None:
    """However long the history, the page asks the database a fixed number of times."""
    number = file()
    for place in range(6):
        matters.act(number, "note", {"text": f"第{place}条"}, by=office.world.window)
    client = office.client(office.world.window)
    client.get("/work/")
    with django_assert_max_num_queries(16):
        client.get(case(number) + "?via=mine.")


def test_a_paper_is_a_download_under_the_same_rights(
    office: Office, file: Callable[..., str]
) -> None:
    """Whoever sees the case gets its papers as attachments; others find none."""
    number = file()
    paper = SimpleUploadedFile("现场.txt", "水从灯里滴下来".encode(), "text/plain")
    client = office.client(office.world.window)
    form = sent(number, **{"add_paper-papers": paper})
    assert client.post(url(number, "add_paper"), form).status_code == 302
    where = reverse("workbench:paper", args=[Paper.objects.get().id])
    answer = client.get(where)
    assert answer["Content-Disposition"].startswith("attachment;")
    assert b"".join(answer.streaming_content).decode() == "水从灯里滴下来"  # type: ignore[attr-defined]
    assert where in client.get(f"{case(number)}?show=papers").content.decode()
    assert office.client(office.world.stranger).get(where).status_code == 404


@pytest.mark.parametrize("show", ["public", "inner", "papers", "nonsense"])
def test_tabs_show_their_own_part(office: Office, file: Callable[..., str], show: str) -> None:
    """An internal note stands among the internal ones and not among the public ones."""
    number = file()
    matters.act(number, "note", {"text": "只给自己人看"}, by=office.world.window)
    matters.act(number, "reply", {"text": "已经安排人去看"}, by=office.world.window)
    text = office.client(office.world.window).get(f"{case(number)}?show={show}").content.decode()
    assert ("只给自己人看" in text) is (show in ("inner", "nonsense"))
    assert ("已经安排人去看" in text) is (show in ("public", "nonsense"))


def test_who_only_looks_on_sees_the_end_of_a_telephone(
    office: Office, file: Callable[..., str]
) -> None:
    """The whole number is for who has the matter in hand; the county sees its last digits."""
    number = file(name="202室业主", phone="13979556620")
    text = office.client(office.world.supervisor).get(case(number)).content.decode()
    assert "13979556620" not in text
    assert "手机尾号6620" in text


def test_html_in_a_reply_is_text(office: Office, file: Callable[..., str]) -> None:
    """What somebody writes is shown as he wrote it, never run."""
    number = file(title="<img src=x onerror=alert(1)>", text="<script>alert(1)</script>")
    matters.act(number, "reply", {"text": "<b onclick=x>hi</b>"}, by=office.world.window)
    client = office.client(office.world.window)
    for page in ("/work/", case(number), "/work/disputes/", "/work/search/?q=alert"):
        text = client.get(page).content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b onclick" not in text


def test_a_category_is_corrected_by_its_name(office: Office, file: Callable[..., str]) -> None:
    """No clerk knows codes: the form offers names, what is left alone stays, the timeline names it."""
    number = mediated(file(), office)
    client = office.client(office.world.mediator)
    form = client.get(case(number)).content.decode()
    found = re.search(r'<select name="correct-category".*?</select>', form, re.DOTALL)
    assert (
        found
        and ">物业<" in found[0]
        and "selected" not in found[0].replace('value="" selected', "")
    )
    kept = {"correct-title": "楼上漏水", "correct-category": "", "correct-why": "原来没有标题"}
    assert client.post(url(number, "correct"), sent(number, **kept)).status_code == 302
    matter = Matter.objects.get(number=number)
    assert (matter.title, matter.category) == ("楼上漏水", "neighbours")
    assert "category" not in Event.objects.get(stream=matter.id, seq=matter.seq).facts
    other = {"correct-category": "property", "correct-why": "说的是物业"}
    assert client.post(url(number, "correct"), sent(number, **other)).status_code == 302
    assert Matter.objects.get(number=number).category == "property"
    assert "类别：物业" in client.get(case(number)).content.decode()


def test_a_task_has_no_category_to_correct(office: Office, file: Callable[..., str]) -> None:
    """Its process knows none, so the form does not ask."""
    number = file()
    lead = {"category": "neighbours", "lead": office.world.mediation}
    asked = lead | {"co_units": [office.world.housing], "what": "看"}
    matters.act(number, "accept_dispatch", asked, by=office.world.window)
    task = Matter.objects.get(parent__number=number)
    page = office.client(office.world.bureau).get(case(task.number)).content.decode()
    assert 'name="correct-title"' in page and 'name="correct-category"' not in page
