"""Where a query stands in a text, as parts that a template can escape and mark."""

from __future__ import annotations

import unicodedata

from .tokens import cut_query, normalise

_CONTEXT = 20


def snippet(text: str, query: str, length: int = 80) -> list[tuple[str, bool]]:
    """Return the part of ``text`` around the first hit, cut into ``(part, is_hit)``.

    The parts are plain text (templates escape them) and together at most ``length`` characters
    long, with "…" where something is left out. Case and width of characters do not matter.
    """
    marked = _marked(text, cut_query(query))
    first = marked.index(True) if True in marked else 0
    start = max(0, min(first - min(_CONTEXT, length // 4), len(text) - length))
    end = min(len(text), start + length)
    parts: list[tuple[str, bool]] = []
    if start:
        parts.append(("…", False))
    place = start
    while place < end:
        stop = place
        while stop < end and marked[stop] == marked[place]:
            stop += 1
        parts.append((text[place:stop], marked[place]))
        place = stop
    if end < len(text):
        parts.append(("…", False))
    return parts


def _marked(text: str, tokens: list[str]) -> list[bool]:
    """For each character of the text whether a token covers it."""
    even, origin = _aligned(text)
    marked = [False] * len(text)
    for token in tokens:
        place = even.find(token)
        while place >= 0:
            if _whole(even, place, token):
                for at in origin[place : place + len(token)]:
                    marked[at] = True
            place = even.find(token, place + 1)
    return marked


def _aligned(text: str) -> tuple[str, list[int]]:
    """The normalised text, and for each of its characters the place it comes from."""
    even = normalise(text)
    if len(even) == len(text):
        return even, list(range(len(text)))
    pieces, origin = [], []
    for place, char in enumerate(text):
        piece = unicodedata.normalize("NFKC", char).lower()
        pieces.append(piece)
        origin.extend([place] * len(piece))
    return "".join(pieces), origin


def _whole(even: str, place: int, token: str) -> bool:
    """Words and numbers count only whole; pairs of characters count anywhere."""
    if not (token.isascii() or token.isdigit()):
        return True
    before, after = even[place - 1 : place], even[place + len(token) : place + len(token) + 1]
    if token.isdigit():
        return not (after.isdigit() or (before.isdigit() and before != "0"))
    return not ((before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha()))
