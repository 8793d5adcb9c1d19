import hashlib
import re
from pathlib import Path

import pytest

import dingzi.ui
from dingzi.ui import sprite

UI = Path(dingzi.ui.__file__).parent
STATIC = UI / "static"
CSS = (STATIC / "ui" / "dingzi.css").read_text("utf-8")
TEMPLATES = sorted((UI / "templates").rglob("*.html"))


def test_vendored_files_are_what_they_say():
    """Every vendored file is listed with its version and licence, and its hash matches."""
    listed = dict(
        re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", text := vendor(), re.MULTILINE)
    )
    found = {p.name for p in (STATIC / "vendor").iterdir() if p.suffix not in (".md", ".txt")}
    assert set(listed) == found
    for name, digest in listed.items():
        content = (STATIC / "vendor" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest, name
    for licence in re.findall(r"`(LICENSE[^`]+)`", text):
        assert (STATIC / "vendor" / licence).exists()


def vendor() -> str:
    return (STATIC / "vendor" / "VENDOR.md").read_text("utf-8")


def test_the_sprite_has_every_icon_we_name():
    """The list of icons and the sprite agree."""
    drawn = set(re.findall(r'<symbol id="([^"]+)"', sprite.SPRITE.read_text("utf-8")))
    assert drawn == sprite.ICONS


def test_the_stylesheet_stays_small():
    """One stylesheet under 40 kB, in its layers, fetching nothing."""
    assert len(CSS.encode()) < 40_000
    assert "@layer reset, tokens, base, layout, parts, words, print;" in CSS
    assert not re.search(r"url\((?!#|\"data:)", CSS)
    assert "@import" not in CSS
    assert CSS.count("{") == CSS.count("}")


def tokens(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):(#[0-9a-f]{3,6})", text))


def luminance(colour: str) -> float:
    digits = colour[1:]
    if len(digits) == 3:
        digits = "".join(c * 2 for c in digits)
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    a, b = sorted((luminance(one), luminance(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


LIGHT = tokens(CSS.split("prefers-color-scheme: dark")[0])
DARK = LIGHT | tokens(CSS.split("prefers-color-scheme: dark")[1].split("@layer")[0])


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        *[
            (t, g, 4.5)
            for t in ("ink", "ink-2", "ink-3", "steel", "late", "good")
            for g in ("paper", "wash")
        ],
        ("steel", "steel-wash", 4.5),
        ("ink-3", "steel-wash", 4.5),
        ("on-press", "press", 4.5),
        ("on-press", "press-over", 4.5),
        ("ink", "counted", 4.5),
        *[(f"on-{n}", f"map-{n}", 4.5) for n in range(1, 6)],
        ("control", "paper", 3.0),
        ("press", "paper", 3.0),
    ],
)
def test_contrast_is_aa(scheme, text, ground, least):
    """Text is AA on every ground it stands on, in light and dark; outlines reach 3 to 1."""
    assert contrast(scheme[text], scheme[ground]) >= least


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_need_no_exception_of_the_policy(path):
    """No inline style, script or handler: the content security policy has no hole."""
    text = path.read_text("utf-8")
    if "print" in path.parts:
        return  # WeasyPrint's, never sent to a browser
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_speak_through_the_catalogue(path):
    """No Chinese stands in a template outside of translation (the catalogue's samples apart)."""
    if "catalogue" in path.parts:
        return
    text = path.read_text("utf-8")
    text = re.sub(
        r"\{%.*?%\}",
        "",
        re.sub(r"\{% blocktranslate.*?endblocktranslate %\}", "", text, flags=re.S),
    )
    assert re.sub(r"中文", "", "".join(re.findall(r"[一-鿿]+", text))) == ""


def test_every_message_has_its_english():
    """The catalogue is complete, compiled, and nothing in it is fuzzy."""
    folder = UI / "locale" / "en" / "LC_MESSAGES"
    source = (folder / "django.po").read_text("utf-8")
    entries = source.split("\n\n")[1:]
    assert "fuzzy" not in source
    assert all(not re.search(r'^msgstr(\[\d\])? ""$', entry, re.M) for entry in entries)
    assert (folder / "django.mo").stat().st_size > 4000
