"""An article's life: drafted, checked by another, published, corrected in the open, withdrawn."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from dingzi import figures, matters
from dingzi.city.models import Account
from dingzi.city.viewer import PUBLIC
from dingzi.core.errors import Forbidden, Invalid, NotFound, Refusal, WrongState
from dingzi.figures import Period
from dingzi.matters import selectors
from dingzi.matters.models import Event, Matter
from dingzi.matters.rebuild import rebuild
from dingzi.mechanisms.articles.models import Article, Comment
from tests.mechanisms.articles.conftest import FALSE, PAGE, TRUE, Newsroom


def test_from_draft_to_public(room: Newsroom) -> None:
    """Another post checks it; the event keeps how many numbers hold; then it is public."""
    number = room.draft()
    own = Article.objects.get(matter__number=number)
    assert (own.live, own.published_on) == (False, None)
    matters.act(number, "check", {}, by=room.checker)
    matters.act(number, "publish", {}, by=room.editor)
    own.refresh_from_db()
    assert (own.live, own.verified, own.differs, own.none) == (True, 2, 0, 0)
    assert own.figures == ["disputes.closed", "disputes.resolved_share"]
    assert Matter.objects.get(number=number).title == PAGE["headline"]
    assert not selectors.on_desk(room.editor).filter(number=number).exists()


def test_nobody_checks_his_own(room: Newsroom) -> None:
    """Who wrote it last cannot check it, and it cannot be published unchecked."""
    number = room.draft()
    with pytest.raises(Refusal) as own:
        matters.act(number, "check", {}, by=room.editor)
    assert own.value.codes == ("article_own_check",)
    with pytest.raises(WrongState):
        matters.act(number, "publish", {}, by=room.editor)
    matters.act(number, "rewrite", PAGE, by=room.checker)
    with pytest.raises(Refusal):
        matters.act(number, "check", {}, by=room.checker)
    matters.act(number, "check", {}, by=room.editor)


def test_a_rewrite_must_be_checked_again(room: Newsroom) -> None:
    """What was checked and then changed goes back to the draft."""
    number = room.checked()
    matters.act(number, "rewrite", PAGE | {"text": FALSE}, by=room.editor)
    assert Matter.objects.get(number=number).state == "draft"


def test_numbers_that_differ_go_out_only_with_a_reason(room: Newsroom) -> None:
    """A check of a text with a wrong number needs a note, which stays with the article."""
    number = room.draft(text=FALSE)
    events = Event.objects.count()
    with pytest.raises(Invalid) as refused:
        matters.act(number, "check", {}, by=room.checker)
    assert refused.value.codes == ("article_differs_needs_note",)
    assert Event.objects.count() == events
    matters.act(number, "check", {"note": "送审稿如此"}, by=room.checker)
    own = Article.objects.get(matter__number=number)
    assert (own.differs, own.note) == (1, "送审稿如此")


def test_a_corrected_number_is_an_event(room: Newsroom) -> None:
    """The correction says which number was what; the counts and the figure follow."""
    own = room.published(text=FALSE, note="送审稿如此")
    number = own.matter.number
    matters.act(number, "amend", PAGE | {"text": TRUE, "why": "照记录改"}, by=room.editor)
    own.refresh_from_db()
    last = Event.objects.of(own.pk).order_by("-seq").first()
    assert last is not None
    assert (last.action, last.facts["corrected"]) == ("amend", 1)
    assert last.facts["numbers"] == [["91件", "90件"]]
    assert (own.corrections, own.differs, own.verified) == (1, 0, 2)
    assert own.changes[0]["numbers"] == [["91件", "90件"]]
    september = Period.month(2025, 9)
    assert figures.value("articles.corrected_numbers", september).number == 1
    assert figures.value("articles.sound_share", september).number == Fraction(1)


def test_a_correction_that_changes_nothing_is_refused(room: Newsroom) -> None:
    """The same page again is no correction."""
    own = room.published()
    with pytest.raises(Invalid) as refused:
        matters.act(own.matter.number, "amend", PAGE | {"why": "再发一次"}, by=room.editor)
    assert refused.value.codes == ("article_nothing_changed",)


def test_only_editors_who_have_it_act(room: Newsroom) -> None:
    """No window writes; an editor of another unit neither sees nor changes a draft."""
    with pytest.raises(Forbidden):
        matters.open_matter("article", "write", PAGE, by=room.world.window)
    number = room.draft()
    for viewer in (room.elsewhere, room.world.window, room.world.stranger):
        with pytest.raises(NotFound):
            matters.act(number, "rewrite", PAGE, by=viewer)


def test_withdrawn_is_gone_from_the_public(room: Newsroom) -> None:
    """A withdrawn article is shown no more; its events stay."""
    own = room.published()
    matters.act(own.matter.number, "withdraw", {"why": "过时"}, by=room.editor)
    own.refresh_from_db()
    assert not own.live and Event.objects.of(own.pk).count() == 4


def test_a_rebuild_changes_nothing(room: Newsroom) -> None:
    """Articles and comments are what their events say, to the last column."""
    own = room.published(text=FALSE, note="如此")
    matters.act(own.matter.number, "amend", PAGE | {"text": TRUE, "why": "改"}, by=room.editor)
    from dingzi.city.viewer import PUBLIC

    said = matters.open_matter("comment", "say", {"article": own.pk, "text": "好"}, by=PUBLIC)
    matters.act(said.number, "reply", {"answer": "谢谢"}, by=room.checker)
    kept = Comment.objects.get(matter__number=said.number)
    assert (kept.shown, kept.answer, kept.text) == (True, "谢谢", "好")
    assert rebuild(write=False).differences == []


def test_the_same_person_on_another_post_does_not_check_it(room: Newsroom) -> None:
    """Who wrote it cannot check it by sitting down on the other post."""
    number = room.draft()
    events = Event.objects.count()
    room.browser(room.editor)
    one = Account.objects.get(username=f"user-{room.editor.post}")
    moved = replace(room.checker, account=one.pk)
    with pytest.raises(Refusal) as refused:
        matters.act(number, "check", {}, by=moved)
    assert refused.value.codes == ("article_own_check",)
    assert Event.objects.count() == events


def test_nobody_is_asked_whether_two_articles_are_one(room: Newsroom) -> None:
    """Two drafts alike to the word are no dispute told twice: neither page nor answer proposes it."""
    number, other = room.draft(), room.draft()
    client = room.browser(room.editor)
    page = client.get(f"/work/matters/{number}/").content.decode()
    assert PAGE["headline"] in page and "similar" not in page
    assert other not in client.get(f"/work/matters/{number}/similar/").content.decode()


def test_nobody_writes_over_a_readers_words(room: Newsroom) -> None:
    """A comment is shown, answered or hidden as it was said: not corrected, and it has no receipt."""
    own = room.published()
    said = matters.open_matter("comment", "say", {"article": own.pk, "text": "好"}, by=PUBLIC)
    state = selectors.state_of(selectors.get(said.number, room.editor))
    offered = {one.action.name for one in selectors.possible(state, room.editor)}
    assert {"allow", "reply", "hide"} <= offered
    assert not offered & {"correct", "replace_receipt", "ask_units"}


def test_machines_read_an_article_by_its_number(room: Newsroom) -> None:
    """A number of the city's own has no county before its kind, and is one all the same."""
    number = room.draft()
    answer = room.browser(room.editor).get(f"/api/v1/matters/{number}")
    assert answer.status_code == 200 and answer.json()["number"] == number


def test_an_editor_sees_on_which_article_a_comment_is(room: Newsroom) -> None:
    """Its title names the article, in the inbox and on its page."""
    own = room.published()
    said = matters.open_matter("comment", "say", {"article": own.pk, "text": "好"}, by=PUBLIC)
    assert Matter.objects.get(number=said.number).title == f"《{PAGE['headline']}》好"
