"""What strangers try: markup in comments and articles, floods, drafts, frames, other people's drafts."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from random import Random
from uuid import uuid4

import pytest
from django.test import Client

from dingzi import matters
from dingzi.core import throttle
from dingzi.figures.texts import rich
from dingzi.matters.models import Matter
from dingzi.mechanisms.articles.models import Comment
from dingzi.mechanisms.articles.views import commenting
from tests.mechanisms.articles.conftest import TRUE, Newsroom

EVIL = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[点](javascript:alert(1))",
    "[点](data:text/html,<script>alert(1)</script>)",
    "<svg/onload=alert(1)>",
    '[[disputes.closed|2025|"><script>alert(1)</script>]]',
    '[x](https://a.example/"onmouseover=alert(1))',
    "<a href='#' style='position:fixed'>x</a>",
)


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_in_a_comment_or_an_article_is_run(
    room: Newsroom, client: Client, evil: str
) -> None:
    """Markup is text: no tag, no handler, no address of another scheme reaches the page."""
    own = room.published(text=TRUE + "\n\n" + evil, headline="标题" + evil[:40], tags=[evil[:16]])
    client.post(f"/articles/{own.pk}/comments/", {"text": evil[:500], "name": evil[:20]})
    for one in Comment.objects.all():
        matters.act(one.matter.number, "allow", {}, by=room.checker)
    body = client.get(f"/articles/{own.pk}/").content.decode()
    tags, attributes = _inside(body.partition("<main")[2].partition("</main>")[0])
    assert tags.count("script") == 1, "only the block of claims for machines"
    assert not {"iframe", "object", "embed"} & set(tags)
    assert [value for name, value in attributes if name == "src" and "qr-0.svg" not in value] == []
    assert not [name for name, _ in attributes if name.startswith("on") or name == "style"]
    for name, value in attributes:
        if name in ("href", "action"):
            assert value.startswith(("/", "#", "http://", "https://")), value


def _inside(markup: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Return the tags and attributes that a browser would find in a piece of a page."""
    tags: list[str] = []
    found: list[tuple[str, str]] = []

    class Finder(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            found.extend((name, value or "") for name, value in attrs)

    Finder().feed(markup)
    return tags, found


_INK = [
    *"<>&\"'[]()!*_#`~|\\ \n-+1.a件万%年月",
    "[[disputes.closed|2025]]",
    "全市办结矛盾纠纷9件",
    "<a href=x>",
]
_OURS = {
    "p",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "blockquote",
    "hr",
    "strong",
    "em",
    "s",
    "a",
    "br",
    "sup",
    "span",
    "aside",
    "b",
    "div",
}


def test_any_text_becomes_a_clean_page(room: Newsroom) -> None:
    """Whatever is written gives blocks, spans and links of our own and nothing else, marks and all."""
    random = Random(6)
    for _ in range(150):
        source = "".join(random.choices(_INK, k=random.randint(1, 40)))
        page = rich.page(source, date(2025, 9, 23))
        assert set(re.findall(r"</?([a-z0-9]+)", str(page.html))) <= _OURS, source
        assert all(
            page.checked.text[m.claim.start : m.claim.end] == m.claim.text
            for m in page.checked.marks
        )


def test_a_comment_waits_and_a_flood_is_stopped(room: Newsroom, client: Client) -> None:
    """Nothing is shown unseen; the sixth from one place within a quarter of an hour is refused."""
    own = room.published()
    for n in range(commenting.ONE_PLACE.most):
        assert client.post(f"/articles/{own.pk}/comments/", {"text": f"第{n}条"}).status_code == 302
    more = client.post(f"/articles/{own.pk}/comments/", {"text": "再来一条"})
    assert more.status_code == 429 and "再来一条" in more.content.decode()
    assert Comment.objects.count() == commenting.ONE_PLACE.most
    assert "第0条" not in client.get(f"/articles/{own.pk}/").content.decode()


def test_the_whole_site_has_a_brake(room: Newsroom, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """From many places at once: the site takes only so many an hour."""
    monkeypatch.setattr(commenting, "WHOLE_SITE", throttle.Limit("comments of all", 2, 600))
    own = room.published()
    for n, status in enumerate((302, 302, 429)):
        sent = client.post(f"/articles/{own.pk}/comments/", {"text": f"第{n}条"}, REMOTE_ADDR=f"10.0.0.{n}")  # fmt: skip
        assert sent.status_code == status


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"text": ""}, 422),
        ({"text": "长" * 501}, 422),
        ({"text": "加微信 http://a.example http://b.example"}, 422),
        ({"text": "加微信 www.a.example，或看spam.top/1", "name": "b.xyz"}, 422),
        ({"text": "身份证11010519491231002X"}, 422),
        ({"text": "好", "website": "http://bot.example"}, 422),
        ({"text": "好\x00"}, 422),
        ({"text": "好", "name": "名" * 21}, 422),
    ],
)
def test_bad_comments_are_refused_and_nothing_is_written(room: Newsroom, client: Client, said: dict[str, str], status: int) -> None:  # fmt: skip
    """Empty, too long, advertising, somebody's number, a robot's field: said what is wrong."""
    own = room.published()
    count = Matter.objects.count()
    assert client.post(f"/articles/{own.pk}/comments/", said).status_code == status
    assert Matter.objects.count() == count


def test_the_same_words_are_taken_once(room: Newsroom, client: Client) -> None:
    """A form sent twice is one comment; the same long words again are refused; many may say thanks."""
    where = f"/articles/{room.published().pk}/comments/"
    said = {"text": "这里的数和我手上的对不上，请再看看。", "key": str(uuid4())}
    assert client.post(where, said).status_code == 302
    assert client.post(where, said).status_code == 302
    again = client.post(where, said | {"key": str(uuid4())})
    assert again.status_code == 422 and "一模一样" in again.content.decode()
    assert Comment.objects.count() == 1
    for _ in range(2):
        assert client.post(where, {"text": "谢谢"}).status_code == 302


def test_a_comment_on_what_is_not_public_finds_nothing(room: Newsroom, client: Client) -> None:
    """A draft takes no comment, by its page or by the act itself."""
    number = room.draft()
    pk = Matter.objects.get(number=number).pk
    assert client.post(f"/articles/{pk}/comments/", {"text": "好"}).status_code == 404
    assert client.get(f"/articles/{pk}/").status_code == 404
    assert not Comment.objects.exists()


def test_a_comment_from_another_site_is_refused(room: Newsroom) -> None:
    """Without our token a form does nothing, and no page of ours stands in another's frame."""
    own = room.published()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/articles/{own.pk}/comments/", {"text": "好"}).status_code == 403
    assert not Comment.objects.exists()
    for path in (f"/articles/{own.pk}/", "/articles/", "/check/"):
        answer = strict.get(path)
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert "script-src 'self'" in answer["Content-Security-Policy"]


def test_a_draft_is_seen_by_who_may_and_nobody_else(room: Newsroom) -> None:
    """Preview and edit answer 404 to other posts, send away who has not signed in."""
    number = room.draft()
    for place in ("preview", "edit"):
        path = f"/work/articles/{number}/{place}/"
        assert (
            room.browser(room.checker).get(path).status_code == 200 if place == "preview" else True
        )
    for viewer in (room.elsewhere, room.world.window):
        browser = room.browser(viewer)
        for place in ("preview", "edit"):
            assert browser.get(f"/work/articles/{number}/{place}/").status_code == 404
    assert Client().get(f"/work/articles/{number}/preview/").status_code == 302
    window = room.browser(room.world.supervisor)
    assert window.get("/work/articles/write/").status_code == 403
    assert window.post("/work/articles/write/", {}).status_code == 403


def test_writing_works_without_scripts(room: Newsroom) -> None:
    """The plain form makes a draft; a stale correction is refused with what was typed kept."""
    browser = room.browser(room.editor)
    form = {"page-headline": "新写的", "page-text": TRUE, "page-category": "results", "page-byline": "unit"}  # fmt: skip
    sent = browser.post("/work/articles/write/", form)
    assert sent.status_code == 302 and sent["Location"].endswith("/preview/")
    assert "核实2处" in browser.get(sent["Location"]).content.decode()
    number = Matter.objects.get(process="article").number
    stale = browser.post(
        f"/work/articles/{number}/edit/", form | {"page-text": "改过的", "seen": "9"}
    )
    assert stale.status_code == 409 and "改过的" in stale.content.decode()
    empty = browser.post("/work/articles/write/", form | {"page-text": "## "})
    assert empty.status_code == 422


@pytest.mark.parametrize("pk", [0, 10**18, 10**30])
def test_addresses_of_nothing_find_nothing(room: Newsroom, client: Client, pk: int) -> None:
    """Numbers beyond what a database holds are not found, and no fault of ours."""
    for path in (f"/articles/{pk}/", f"/articles/{pk}/qr-1.svg"):
        assert client.get(path).status_code == 404
    assert client.post(f"/articles/{pk}/comments/", {"text": "好"}).status_code == 404
