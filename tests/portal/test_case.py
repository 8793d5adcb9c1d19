"""A case as its citizen sees it, and what he can do."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.matters.models import Event, Matter, Paper
from tests.portal.conftest import TEXT, moved, photo
from tests.world import TOWN, World


def send(client: Client, path: str, matter: Matter, **data: Any) -> Any:
    """Send a form of the case as its page would."""
    matter.refresh_from_db()
    hidden = {"number": matter.number, "seen": matter.seq, "key": str(uuid4())}
    return client.post(f"/case/{path}/", hidden | data)


def state(matter: Matter) -> str:
    matter.refresh_from_db()
    return matter.state


def test_the_first_sentence_says_where_it_stands(holder: Client, matter: Matter) -> None:
    """State, unit, next step, day; and what was written."""
    body = holder.get("/case/").content.decode()
    assert "登记了，正在看由谁来办。" in body
    assert "现在由灵泉街道综治中心办。" in body
    assert "下一步：看收不收、由谁来办。" in body
    assert "为什么是这一天" in body
    assert TEXT in body


def test_the_date_is_explained(holder: Client, matter: Matter) -> None:
    """The rule and its source stand under it."""
    body = holder.get("/case/").content.decode()
    assert "3个工作日" in body
    assert "本市设置，不是法律规定" in body


def test_what_is_internal_is_not_there(world: World, holder: Client, matter: Matter) -> None:
    """No internal note, no name of a post; the reply is."""
    moved(world, matter.number, "accept", "note", "reply")
    body = holder.get("/case/").content.decode()
    assert "内部看法" not in body
    assert "调解一岗" not in body
    assert "受理岗" not in body
    assert "我们明天上门看现场。" in body
    assert "灵泉街道人民调解委员会" in body


def test_what_a_clerk_took_down_is_no_reply(world: World, holder: Client, matter: Matter) -> None:
    """The citizen's own word, given at the counter, stands in the story alone."""
    moved(world, matter.number, "accept", "session", "settle", "visit")
    matters.act(matter.number, "disagree", {"text": "修了又坏了。"}, by=world.window)
    body = holder.get("/case/").content.decode()
    assert body.count("修了又坏了。") == 1
    assert body.index("当场说好了。") < body.index("修了又坏了。")


def test_the_telephone_is_told_by_its_tail(holder: Client, matter: Matter) -> None:
    """Who looks over the shoulder learns four digits."""
    body = holder.get("/case/").content.decode()
    assert "尾号6620" in body
    assert "13800006620" not in body


def test_a_proposal_is_accepted(world: World, holder: Client, matter: Matter) -> None:
    """Two buttons of equal weight; the answer is recorded as the citizen's own."""
    moved(world, matter.number, "accept", "session", "propose")
    body = holder.get("/case/").content.decode()
    assert "这个方案，您认可吗？" in body
    assert body.count('class="btn line wide" name="answer"') == 2
    assert send(holder, "answer", matter, answer="accept_proposal").status_code == 302
    event = Event.objects.order_by("id").last()
    assert event is not None
    assert (event.action, event.post_id, event.door) == ("accept_proposal", None, "web")


def test_a_proposal_is_rejected_with_reasons(world: World, holder: Client, matter: Matter) -> None:
    """What he wants changed is kept with the answer."""
    moved(world, matter.number, "accept", "session", "propose")
    send(holder, "answer", matter, **{"answer": "reject_proposal", "answer-text": "两成太少。"})
    assert state(matter) == "mediating"
    assert "两成太少。" in holder.get("/case/").content.decode()


@pytest.mark.parametrize(("answer", "told"), [("confirm", "您认可"), ("disagree", "您不认可")])
def test_the_citizens_word(
    world: World, holder: Client, matter: Matter, answer: str, told: str
) -> None:
    """Confirmed or not, with a rating from 1 to 5."""
    moved(world, matter.number, "accept", "session", "settle", "visit")
    data = {"answer": answer, "answer-rating": "4", "answer-text": "说到做到。"}
    assert send(holder, "answer", matter, **data).status_code == 302
    matter.refresh_from_db()
    assert matter.dispute.rating == 4  # type: ignore[attr-defined]
    assert told in holder.get("/case/").content.decode()


@pytest.mark.parametrize("rating", ["6", "0", "x", "-1"])
def test_a_rating_that_is_none_is_refused(
    world: World, holder: Client, matter: Matter, rating: str
) -> None:
    """What else was written is kept, nothing is recorded."""
    moved(world, matter.number, "accept", "session", "settle", "visit")
    before = Event.objects.count()
    page = send(
        holder,
        "answer",
        matter,
        **{"answer": "confirm", "answer-rating": rating, "answer-text": "这句要留着"},
    )
    assert page.status_code == 422
    assert "这句要留着" in page.content.decode()
    assert Event.objects.count() == before


@pytest.mark.parametrize("answer", ["", "archive", "nonsense", "file", "reply"])
def test_only_the_two_answers_can_be_given(
    world: World, holder: Client, matter: Matter, answer: str
) -> None:
    """Another act does not pass through the question."""
    moved(world, matter.number, "accept", "session", "settle", "visit")
    before = Event.objects.count()
    assert send(holder, "answer", matter, answer=answer).status_code == 400
    assert Event.objects.count() == before


@pytest.mark.parametrize("action", ["accept", "archive", "transfer", "note", "file", "nonsense"])
def test_an_act_of_the_city_is_not_the_citizens(
    holder: Client, matter: Matter, action: str
) -> None:
    """Whatever the address says."""
    before = Event.objects.count()
    assert send(holder, f"acts/{action}", matter).status_code in (403, 404, 422)
    assert Event.objects.count() == before


def test_it_is_withdrawn_and_taken_up_again(holder: Client, matter: Matter) -> None:
    """Both are the citizen's to ask."""
    assert send(holder, "acts/withdraw", matter, **{"withdraw-why": "说开了"}).status_code == 302
    assert state(matter) == "withdrawn"
    assert send(holder, "acts/reopen", matter, **{"reopen-why": "又漏了"}).status_code == 302
    assert state(matter) == "accepted"


def test_papers_are_added_and_fetched(holder: Client, matter: Matter) -> None:
    """A download that no browser runs."""
    page = send(holder, "acts/add_paper", matter, **{"add_paper-papers": [photo("报价单.jpg")]})
    assert page.status_code == 302
    paper = Paper.objects.get()
    answer = holder.get(f"/case/papers/{paper.id}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer).startswith(b"\xff\xd8")
    assert "报价单.jpg" in holder.get("/case/").content.decode()


def test_no_file_is_said(holder: Client, matter: Matter) -> None:
    """An empty form adds nothing."""
    page = send(holder, "acts/add_paper", matter, **{"add_paper-text": "忘了选"})
    assert page.status_code == 422
    assert "还没有选文件" in page.content.decode()
    assert "忘了选" in page.content.decode()
    assert Event.objects.count() == 1


def test_papers_that_were_asked_for_set_the_clock_going(
    world: World, holder: Client, matter: Matter
) -> None:
    """While they are awaited the page asks for them first."""
    moved(world, matter.number, "accept", "ask_papers")
    body = holder.get("/case/").content.decode()
    assert "请补维修报价单" in body
    assert "现在等您做的" in body
    assert "起停着" in body
    send(holder, "acts/bring_papers", matter, **{"bring_papers-papers": [photo()]})
    assert state(matter) == "mediating"


def test_another_matters_paper_is_not_there(world: World, holder: Client, matter: Matter) -> None:
    """Nor is any number in an address another way in."""
    data = {"text": "别人的事", "place": TOWN}
    number = matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number
    other = Matter.objects.get(number=number)
    elsewhere = Client()
    from dingzi.matters import receipts

    elsewhere.post("/track/", {"number": other.number, "code": receipts.secret_of(other)})
    send(elsewhere, "acts/add_paper", other, **{"add_paper-papers": [photo()]})
    paper = Paper.objects.get()
    own = elsewhere.get(f"/case/papers/{paper.id}/")
    assert own.status_code == 200
    assert b"".join(own)
    assert holder.get(f"/case/papers/{paper.id}/").status_code == 404


def test_a_form_of_another_matter_is_refused(world: World, holder: Client, matter: Matter) -> None:
    """Two cases in two windows: the page of the first does nothing to the second."""
    before = Event.objects.count()
    page = send(holder, "acts/withdraw", matter, number="袁纠〔2025〕999号")
    assert page.status_code == 404
    assert "这一页是另一件事的" in page.content.decode()
    assert Event.objects.count() == before


def test_a_stale_page_says_what_changed_and_keeps_what_was_written(
    world: World, holder: Client, matter: Matter
) -> None:
    """The city acted between: nothing is done unseen."""
    moved(world, matter.number, "accept", "session", "propose")
    matter.refresh_from_db()
    seen = matter.seq
    moved(world, matter.number, "reply")
    before = Event.objects.count()
    page = send(
        holder,
        "answer",
        matter,
        **{"answer": "reject_proposal", "answer-text": "这句要留着", "seen": seen},
    )
    body = page.content.decode()
    assert page.status_code == 409
    assert "您打开页面之后，这件事有了变化" in body
    assert "写对外答复" in body
    assert "这句要留着" in body
    assert Event.objects.count() == before


def test_an_answer_to_a_question_that_is_over_is_stale(
    world: World, holder: Client, matter: Matter
) -> None:
    """The mediator took the proposal back: the page says so instead of guessing."""
    moved(world, matter.number, "accept", "session", "propose")
    matter.refresh_from_db()
    seen = matter.seq
    matters.act(matter.number, "back_to_mediation", {}, by=world.mediator)
    page = send(holder, "answer", matter, answer="accept_proposal", seen=seen)
    assert page.status_code == 409
    assert "有了变化" in page.content.decode()


def test_a_double_click_is_one_act(world: World, holder: Client, matter: Matter) -> None:
    """The second send of the same form gives the first answer again."""
    moved(world, matter.number, "accept", "session", "propose")
    matter.refresh_from_db()
    form = {
        "number": matter.number,
        "seen": matter.seq,
        "key": str(uuid4()),
        "answer": "accept_proposal",
    }
    first = holder.post("/case/answer/", form)
    again = holder.post("/case/answer/", form)
    assert (first.status_code, again.status_code) == (302, 302)
    assert Event.objects.filter(action="accept_proposal").count() == 1
    assert "没有重复记" in holder.get("/case/").content.decode()


def test_a_reload_of_an_act_shows_the_case(holder: Client, matter: Matter) -> None:
    """Its address does nothing by itself."""
    for path in ("/case/answer/", "/case/acts/withdraw/"):
        assert holder.get(path).headers["Location"] == "/case/"
    assert Event.objects.count() == 1


def test_what_can_be_done_follows_the_case(world: World, holder: Client, matter: Matter) -> None:
    """Nothing is offered that the process does not allow."""
    moved(world, matter.number, "accept", "session", "settle")
    body = holder.get("/case/").content.decode()
    offered = set(re.findall(r'action="/case/acts/(\w+)/"', body))
    assert offered == {"reopen", "add_paper"}


def test_the_case_costs_few_queries(
    world: World, holder: Client, matter: Matter, django_assert_max_num_queries: Any
) -> None:
    """However long its story is."""
    moved(world, matter.number, "accept", "session", "reply", "reply", "reply", "propose")
    holder.get("/case/")
    with django_assert_max_num_queries(12):
        holder.get("/case/")
