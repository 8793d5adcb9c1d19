"""Texts and queries cut into tokens.

Chinese has no spaces, so a run of characters becomes its overlapping pairs (隔壁装修 → 隔壁 壁装
装修); a query is cut likewise and all of its pairs must be there. Latin words and numbers are whole
tokens. Everything is NFKC-normalised (full width becomes half width) and in small letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from operator import add

# Han with its extensions, kana, bopomofo, hangul: scripts written without spaces between words
_RUNS = re.compile(
    "([㐀-䶿一-鿿豈-﫿\U00020000-\U000323af々〇ぁ-ヿㄅ-ㄯ가-힣]+)|([0-9]+)|([^\\W\\d_㐀-鿿]+)"
)
# where a text has nothing else, normalising it changes no token: most texts of a city
_PLAIN = re.compile("[\0-\x7f一-鿿，。！？、；：“”‘’（）《》【】〔〕]*").fullmatch
_MAX_WORD = 40
_MAX_QUERY = 24


def normalise(text: str) -> str:
    """Bring a text into the form in which it is compared."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()


def cut(text: str) -> set[str]:
    """Return the tokens of a text.

    A character standing alone between others than its like is no token; a number is one with and
    without its leading zeros.
    """
    found: set[str] = set()
    for run, number, word in _RUNS.findall(text.lower() if _PLAIN(text) else normalise(text)):
        if run:
            found.update(map(add, run, run[1:]))
        elif number:
            found.add(number[:_MAX_WORD])
            found.add(number.lstrip("0")[:_MAX_WORD] or "0")
        else:
            found.add(word[:_MAX_WORD])
    return found


def cut_query(query: str) -> list[str]:
    """Return the tokens that all must be there, at most 24; none for what cannot be searched."""
    found: dict[str, None] = {}
    for run, number, word in _RUNS.findall(normalise(query[:200])):
        if run:
            found.update(dict.fromkeys(map(add, run, run[1:])))
        else:
            found[(number.lstrip("0") or number[:1] or word)[:_MAX_WORD]] = None
    return list(found)[:_MAX_QUERY]


def scope_tokens(scopes: Iterable[str]) -> list[str]:
    """Check scope tokens (``c:360902``): ASCII letters, a colon, letters and digits."""
    scopes = list(scopes)
    for scope in scopes:
        if not _SCOPE(scope):
            raise ValueError(f"{scope!r} is no scope: write letters, a colon, letters or digits")
    return scopes


_SCOPE = re.compile(r"[a-z]+:[0-9a-z]+").fullmatch
