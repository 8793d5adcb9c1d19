"""Pictures in articles: uploaded as papers, shown anew without what the camera wrote into them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from dingzi import matters
from dingzi.core.errors import Invalid
from dingzi.figures.texts import rich
from dingzi.matters.models import Event, Paper
from dingzi.mechanisms.articles.models import Article

from .conftest import PAGE, TRUE, Newsroom

pytestmark = pytest.mark.django_db
TEXT = f"{TRUE}\n\n![河边的新路](image:1)"


def photo(width: int = 40, height: int = 20, kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "SECRETCAM"
    exif[0x0112] = 6  # turned by a quarter
    Image.new("RGB", (width, height), (40, 90, 140)).save(out, kind, exif=exif, **more)
    return out.getvalue()


def upload(content: bytes, name: str = "road.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def send(room: Newsroom, browser: Client, text: str, *files: SimpleUploadedFile) -> Any:
    page = {f"page-{key}": value for key, value in PAGE.items() if key != "tags"}
    data = page | {"page-text": text, "page-tags": "", "pictures": list(files)}
    return browser.post(reverse("articles_desk:write"), data)


def published(room: Newsroom, text: str = TEXT) -> Article:
    number = Article.objects.get().matter.number
    matters.act(number, "check", {"note": ""}, by=room.checker)
    matters.act(number, "publish", {}, by=room.editor)
    return Article.objects.get()


def test_a_picture_is_shown_without_what_the_camera_wrote(room: Newsroom, client: Client) -> None:
    """The reader gets pixels, upright, with words for who cannot see them; the original stays."""
    browser = room.browser(room.editor)
    assert send(room, browser, TEXT, upload(photo())).status_code == 302
    article = published(room)
    page = client.get(reverse("articles:article", args=[article.pk])).content.decode()
    url = reverse("articles:picture", args=[article.pk, 1])
    assert f'src="{url}"' in page
    assert 'alt="河边的新路"' in page
    assert 'width="20" height="40"' in page
    given = client.get(url)
    assert given["Content-Type"] == "image/webp"
    assert b"SECRETCAM" not in given.content
    with Image.open(io.BytesIO(given.content)) as shown:
        assert shown.size == (20, 40)
        assert not shown.getexif()
    feed = client.get(reverse("articles:feed")).content.decode()
    assert f"{settings.SITE_URL}{url}" in feed


def test_only_what_a_public_article_shows_is_public(room: Newsroom, client: Client) -> None:
    """A draft's picture is seen at its desk alone, and one that the text does not name by nobody else."""
    browser = room.browser(room.editor)
    send(room, browser, TEXT, upload(photo()), upload(photo(60, 30), "other.jpg"))
    article = Article.objects.get()
    public = [reverse("articles:picture", args=[article.pk, n]) for n in (1, 2, 3)]
    number = article.matter.number
    desk = reverse("articles_desk:picture", args=[number, 2])
    assert [client.get(url).status_code for url in public] == [404, 404, 404]
    assert browser.get(desk).status_code == 200
    assert room.browser(room.elsewhere).get(desk).status_code == 404
    published(room)
    assert [client.get(url).status_code for url in public] == [200, 404, 404]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF-1.4 no picture", "road.pdf"),
        (photo()[:60], "road.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "road.svg"),
        (photo(8000, 8000, quality=1), "large.jpg"),
    ],
)
def test_what_is_no_picture_is_refused_and_nothing_is_written(room: Newsroom, content: bytes, name: str) -> None:  # fmt: skip
    """By what it holds, not by its name; also one with more pixels than anybody needs."""
    before = Event.objects.count()
    answer = send(room, room.browser(room.editor), TEXT, upload(content, name))
    assert answer.status_code in (409, 422)
    assert (Article.objects.count(), Paper.objects.count()) == (0, 0)
    assert Event.objects.count() == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("![](image:1)", "picture_words"),
        ("![ ](image:1)", "picture_words"),
        ("![a](http://example.org/a.png)", "picture_elsewhere"),
        ("![a](javascript:alert)", "picture_elsewhere"),
        ("![a](image:1 onerror)", "picture_elsewhere"),
    ],
)
def test_a_picture_needs_words_and_is_the_articles_own(room: Newsroom, text: str, code: str) -> None:  # fmt: skip
    """No picture without a text for it, none from elsewhere."""
    with pytest.raises(Invalid) as refused:
        room.draft(text=f"{TRUE}\n\n{text}")
    assert refused.value.reasons[0][0] == code


def test_a_picture_that_is_not_there_is_its_words(room: Newsroom, client: Client) -> None:
    """A wrong number breaks nothing."""
    article = room.published(text=f"{TRUE}\n\n![河边的新路](image:9)")
    page = client.get(reverse("articles:article", args=[article.pk])).content.decode()
    assert "[河边的新路]" in page
    assert "image-9" not in page


def test_acts_that_mean_nothing_to_an_article_are_not_offered(room: Newsroom) -> None:
    """Nobody applied for it: no reply, no receipt."""
    number = room.draft()
    page = room.browser(room.editor).get(reverse("workbench:case", args=[number]))
    content = page.content.decode()
    assert "补发回执" not in content
    assert "写对外答复" not in content
    assert "写内部记录" in content


def test_a_picture_from_elsewhere_is_never_asked_for(room: Newsroom) -> None:
    """Not even where an address came into a text past the act's own look."""
    html = str(rich.page("![x](https://evil.example/x.png)", date(2025, 9, 1)).html)
    assert "evil" not in html
    assert "[x]" in html
