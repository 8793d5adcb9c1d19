"""The public's pages of articles: marks, live figures, neighbours, feed, code, claims for machines."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from dingzi import matters
from dingzi.mechanisms.articles.models import Opened
from tests.mechanisms.articles.conftest import FALSE, TRUE, Newsroom

LIVE = "全市办结[[disputes.closed|2025-01..2025-08]]，袁州区[[disputes.closed|2025-01..2025-08|袁州区]]。\n\n[[disputes.closed|2025-01..2025-08|by county]]"  # fmt: skip


def read(client: Client, pk: int) -> str:
    answer = client.get(f"/articles/{pk}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_number_leads_to_its_check(room: Newsroom, client: Client) -> None:
    """Verified and differing numbers are told by words and line, and lead to a card with both values."""
    body = read(client, room.published(text=FALSE, note="如此").pk)
    assert 'class="claim off" id="m1" href="#c1">91件<span class="vh">(不符)' in body
    assert 'class="claim ok" id="m2" href="#c2">77.8%<span class="vh">(核实)' in body
    card = body.partition('id="c1"')[2].partition("</section>")[0]
    assert "91件" in card and "90件" in card and "办结的矛盾纠纷" in card
    assert "照发的理由" in body
    assert "style=" not in body


def test_a_live_figure_shows_the_record(room: Newsroom, client: Client) -> None:
    """Its value, period and definition; a chart by county; none of it counted as a claim."""
    body = read(client, room.published(text=LIVE).pk)
    assert 'class="claim live" id="w1" href="#v1">90件</a>' in body
    assert 'class="claim live" id="w2" href="#v2">90件</a>' in body
    assert "by county" not in body and "<svg" in body.partition('id="p2"')[2]
    assert "直接取自记录2处" in body
    assert "受理以后办结了多少件" in body.partition('id="v1"')[2].partition("</section>")[0]


def test_bold_words_may_end_with_a_mark(room: Newsroom, client: Client) -> None:
    """Chinese has no space behind a full stop; what is between the stars is bold all the same."""
    body = read(
        client, room.published(text="**看不到您的事。**丢了可以换。前**一**后。**二**三").pk
    )
    assert "<strong>看不到您的事</strong>。丢了" in body
    assert "前<strong>一</strong>后。<strong>二</strong>三" in body


def test_claims_for_machines(room: Newsroom, client: Client) -> None:
    """ClaimReview of each decided claim, with the sentence, and no way out of its block."""
    text = FALSE + "\n\n</script><script>alert(1)</script>"
    body = read(client, room.published(text=text, note="如此", headline="</script>八个月").pk)
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', body, re.S)
    assert found
    graph = json.loads(found[1])["@graph"]
    reviews = [one for one in graph if one["@type"] == "ClaimReview"]
    assert [one["reviewRating"]["alternateName"] for one in reviews] == ["不符", "核实"]
    whole = FALSE.rstrip("。")
    assert [one["claimReviewed"] for one in reviews] == [
        f"全市办结矛盾纠纷91件（{whole}）",
        f"矛盾纠纷化解成功率77.8%（{whole}）",
    ]
    assert "alert(1)" not in re.sub(r"&lt;.*?&gt;alert\(1\)", "", body)


def test_neighbours_related_and_list(room: Newsroom, client: Client) -> None:
    """The one before and after, those of the same figures, the list by section and tag."""
    first = room.published(headline="头一篇")
    second = room.published(headline="第二篇", category="explained", tags=["算法"])
    body = read(client, second.pk)
    assert "头一篇" in body.partition("上一篇")[2]
    assert "第二篇" in read(client, first.pk).partition("下一篇")[2]
    assert "有关的" in body
    listed = client.get("/articles/?category=explained").content.decode()
    assert "第二篇" in listed and "头一篇" not in listed
    assert "第二篇" in client.get("/articles/?tag=算法").content.decode()
    assert client.get("/articles/?tag=x&page=x&category=none").status_code == 200


def test_home_and_search_know_the_latest(room: Newsroom, client: Client) -> None:
    """The front page shows it, search finds it, a draft is in neither."""
    room.published(headline="化解得怎么样")
    room.draft(headline="还没写完的")
    home = client.get("/").content.decode()
    assert "化解得怎么样" in home and "还没写完的" not in home
    found = client.get("/search", {"q": "怎么样"}).content.decode()
    assert "化解得怎么样" in found
    assert "还没写完的" not in client.get("/search", {"q": "没写完"}).content.decode()


def test_the_feed_is_atom(room: Newsroom, client: Client) -> None:
    """One entry an article, with author and text; drafts are not in it."""
    room.published(headline="化解得怎么样")
    room.draft(headline="草稿")
    answer = client.get("/articles/feed.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(answer.content)
    atom = "{http://www.w3.org/2005/Atom}"
    entries = root.findall(f"{atom}entry")
    assert [one.findtext(f"{atom}title") for one in entries] == ["化解得怎么样"]
    assert entries[0].findtext(f"{atom}author/{atom}name") == "宜春市综治中心"
    assert "全市办结矛盾纠纷" in str(entries[0].findtext(f"{atom}content"))


def test_the_code_opens_the_paragraph(room: Newsroom, client: Client) -> None:
    """A code for each block, none for one that is not there or an article that is not public."""
    own = room.published(text=TRUE + "\n\n第二段。")
    first, second = (client.get(f"/articles/{own.pk}/qr-{n}.svg") for n in (0, 2))
    assert first["Content-Type"] == "image/svg+xml" and first.content != second.content
    assert client.get(f"/articles/{own.pk}/qr-3.svg").status_code == 404
    matters.act(own.matter.number, "withdraw", {"why": "过时"}, by=room.editor)
    assert client.get(f"/articles/{own.pk}/qr-0.svg").status_code == 404
    assert client.get(f"/articles/{own.pk}/").status_code == 404


def test_openings_are_counted_and_nobody_with_them(room: Newsroom, client: Client) -> None:
    """Each opening counts one; no cookie is set for it, nothing but the number is kept."""
    own = room.published()
    for _ in range(3):
        read(client, own.pk)
    client.head(f"/articles/{own.pk}/")
    client.get(f"/articles/{own.pk}/", headers={"Sec-Purpose": "prefetch"})
    assert Opened.objects.get(pk=own.pk).times == 3
    assert {f.name for f in Opened._meta.concrete_fields} == {"article", "times"}
    assert "dingzi" not in client.cookies, "no session for a reader"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_speak_both_languages(room: Newsroom, client: Client, language: str) -> None:
    """List and article in either language, one heading of the first rank, under 150 kB."""
    own = room.published(text=FALSE + "\n\n" + LIVE, note="如此")
    client.cookies["dingzi-language"] = language
    for path in ("/articles/", f"/articles/{own.pk}/", "/check/"):
        body = client.get(path).content
        assert len(re.findall(rb"<h1[ >]", body)) == 1
        assert len(body) < 150_000
        if language == "en":
            assert b"differ" in body or path != f"/articles/{own.pk}/"
