"""The text of a document: txt, html, docx, pdf, or what comes from standard input.

Every failure is `Unreadable` with a reason: which file, what is wrong, what to do.
"""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

from . import encodings, pages, word
from .errors import Unreadable

#: larger files are not texts that somebody reads
MOST_BYTES = 50_000_000
_MOST_UNPACKED = 200_000_000
_HTML = re.compile(rb"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html|head|body|div|p|article)\b", re.I | re.S)  # fmt: skip


def read(source: Path | str) -> str:
    """The text of a file, by what it holds rather than by its name. Raises Unreadable."""
    path = Path(source)
    try:
        if path.is_dir():
            raise Unreadable(("text_missing", {"file": str(path), "fault": "folder"}))
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise Unreadable(("text_too_large", {"file": str(path), "limit": MOST_BYTES // 10**6}))
        with path.open("rb") as file:  # a device or a pipe has no size of its own
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        fault = getattr(error, "strerror", None) or str(error)
        raise Unreadable(("text_missing", {"file": str(path), "fault": fault})) from error
    return text_of(content, str(path))


def text_of(content: bytes, name: str) -> str:
    """The text that bytes hold. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(("text_too_large", {"file": name, "limit": MOST_BYTES // 10**6}))
    if content.startswith(b"%PDF-"):
        text = _pdf(content, name)
    elif content.startswith(b"PK\x03\x04"):
        text = _docx(content, name)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(("text_old_format", {"file": name}))
    else:
        text = encodings.decoded(content, name)
        if _HTML.match(content[:4000]) or name.lower().endswith((".html", ".htm")):
            text = _html(text)
    if not text.strip():
        raise Unreadable(("text_empty", {"file": name}))
    return text


def _docx(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > _MOST_UNPACKED:
                raise Unreadable(
                    ("text_too_large", {"file": name, "limit": _MOST_UNPACKED // 10**6})
                )
        lines = word.lines(content)
    except Unreadable:
        raise
    except Exception as error:  # any part of a broken package may fail in any way
        raise Unreadable(("text_broken", {"file": name, "kind": "docx"})) from error
    return "\n".join(lines)


def _pdf(content: bytes, name: str) -> str:
    import logging

    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(("text_locked", {"file": name}))
        return "\n".join(pages.text_of(page) for page in reader.pages)
    except Unreadable:
        raise
    except Exception as error:  # a broken PDF fails in any way
        raise Unreadable(("text_broken", {"file": name, "kind": "pdf"})) from error


_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "li",
        "tr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "section",
        "article",
        "header",
        "footer",
        "table",
        "ul",
        "ol",
        "dt",
        "dd",
        "blockquote",
    ]
)
#: nothing of the page's words: what it does, how it looks, its name in the browser, its menu
_SILENT = frozenset(["script", "style", "noscript", "template", "svg", "title", "nav"])


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")
        elif tag in ("td", "th"):
            self.pieces.append("\t")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(re.sub(r"[ \t\r\n]+", " ", data))


def _html(markup: str) -> str:
    words = _Words()
    words.feed(markup)
    words.close()
    lines = (re.sub(" *\t[\t ]*", "\t", line).strip() for line in "".join(words.pieces).split("\n"))
    return "\n".join(line for line in lines if line)
