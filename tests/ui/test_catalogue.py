import re
from collections import Counter
from html.parser import HTMLParser

import pytest

PAGES = ["", "inbox", "case", "step"]
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Outline(HTMLParser):
    """Collects what a page is made of and whether its elements close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: Counter[str] = Counter()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.tags.append((tag, values))
        if values.get("id"):
            self.ids[values["id"]] += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def outline(html: str) -> Outline:
    parsed = Outline()
    parsed.feed(html)
    return parsed


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_component_renders(catalogue, page, language):
    """Each page is well formed, names its language, and is far below 150 kB."""
    html = catalogue(page, language)
    parsed = outline(html)
    assert parsed.wrong == []
    assert parsed.open == []
    assert f'<html lang="{"en" if language == "en" else "zh-CN"}">' in html
    assert len(html.encode()) < 60_000
    assert "{{" not in html
    assert "None" not in re.sub(r"<script.*?</script>", "", html, flags=re.S)


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_names_for_screen_readers(catalogue, page):
    """No id stands twice, every control and link has a name, one main and one h1 at most."""
    html = catalogue(page)
    parsed = outline(html)
    assert [name for name, count in parsed.ids.items() if count > 1] == []
    labelled = {values.get("for") for tag, values in parsed.tags if tag == "label"}
    for tag, values in parsed.tags:
        if tag in ("input", "select", "textarea") and values.get("type") != "hidden":
            wrapped = values.get("type") in ("checkbox", "radio") or "aria-label" in values
            assert wrapped or values.get("id") in labelled or tag == "select", values
    assert sum(tag == "main" for tag, _ in parsed.tags) == 1


@pytest.mark.django_db
def test_the_sample_city_says_so(catalogue, settings):
    """Made-up data is named as such on every page, in both languages."""
    for page in PAGES:
        assert "模拟数据" in catalogue(page)
        assert "Simulated data" in catalogue(page, "en")


@pytest.mark.django_db
def test_no_english_page_speaks_chinese(catalogue):
    """Nothing of the shell is left in Chinese but the name of the language."""
    html = re.sub(r"<(script|path).*?>", "", catalogue("inbox", "en"))
    assert set(re.findall(r"[一-鿿]+", html)) <= {"中文"}
