"""Reading the English catalogues and the texts that should be in them, without gettext's tools."""

from __future__ import annotations

import gettext
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parents[2] / "src" / "dingzi"
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
#: (context, msgid)
Text = tuple[str | None, str]
CHINESE = re.compile(r"[㐀-鿿]")


def apps() -> list[Path]:
    """Return the folder of every Django app of ours."""
    return sorted(path.parent for path in SOURCE.rglob("apps.py"))


def apps_with_texts() -> list[Path]:
    return [app for app in apps() if texts(app)]


def texts(app: Path) -> set[Text]:
    """Return every text that the app's Python and templates ask to have translated."""
    found: set[Text] = set()
    below = [other for other in apps() if other != app and app in other.parents]
    for path in sorted(app.rglob("*")):
        if any(other in path.parents for other in below) or "migrations" in path.parts:
            continue
        if path.suffix == ".py":
            found |= set(_of_python(path.read_bytes()))
        elif path.suffix in (".html", ".txt", ".xml") and "templates" in path.parts:
            source = templatize(path.read_text("utf-8"), origin=str(path))
            found |= set(_of_template(source))
    return found


def _of_python(source: bytes) -> Iterator[Text]:
    try:
        rows = list(extract_python(io.BytesIO(source), list(KEYWORDS), [], {"encoding": "utf-8"}))
    except tokenize.TokenError:
        return
    for _, function, messages, _ in rows:
        spec = KEYWORDS[function]
        values = messages if isinstance(messages, tuple) else (messages,)
        context = values[0] if spec and isinstance(spec[0], tuple) else None
        text = values[1] if context is not None else values[0]
        if text:
            yield context, text


CALL = re.compile(
    r"\b(?P<name>n?p?gettext|_)\((?P<args>(?:\s*u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")\s*,?)+)",
    re.S,
)
STRING = re.compile(r"u?('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")", re.S)


def _of_template(source: str) -> Iterator[Text]:
    """Read the calls out of what Django makes of a template for xgettext; it is no valid Python."""
    for call in CALL.finditer(source):
        values = [_unquote(text) for text in STRING.findall(call["args"])]
        if "p" in call["name"].removesuffix("gettext"):
            yield values[0], values[1]
        else:
            yield None, values[0]


def _unquote(literal: str) -> str:
    return str(eval(literal, {"__builtins__": {}}))


def catalogue(app: Path) -> Catalog | None:
    path = app / "locale" / "en" / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale="en")


def compiled(app: Path) -> dict[str | tuple[str, int], str]:
    """Return what the app's .mo holds, by the keys of Python's gettext; empty without one."""
    path = app / "locale" / "en" / "LC_MESSAGES" / "django.mo"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        held: dict[str | tuple[str, int], str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in held.items() if key}


def written(app: Path) -> dict[str | tuple[str, int], str]:
    """Return what the app's .po says, in the same form; without what has no English yet."""
    said: dict[str | tuple[str, int], str] = {}
    for message in catalogue(app) or ():
        if not message.id or message.fuzzy or not any(message.string):
            continue
        plural = isinstance(message.id, (tuple, list))
        one = message.id[0] if plural else message.id
        key = f"{message.context}\x04{one}" if message.context else str(one)
        if plural:
            said |= {(key, n): text for n, text in enumerate(message.string)}
        else:
            said[key] = str(message.string)
    return said


def unfinished() -> list[str]:
    """Return each text that has no English, or English that still is Chinese, or is unsure."""
    lacking = []
    for app in apps():
        book = catalogue(app)
        for context, text in sorted(texts(app), key=str):
            message = book.get(text, context) if book else None
            english = message.string if message else ""
            words = "".join(english) if isinstance(english, (tuple, list)) else english
            where = app.relative_to(SOURCE)
            if not words:
                lacking.append(f"{where}: no English for {text!r}")
            elif message and message.fuzzy:
                lacking.append(f"{where}: unsure English for {text!r}")
            elif CHINESE.search(words):
                lacking.append(f"{where}: Chinese in the English for {text!r}")
    return lacking


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]", text))
