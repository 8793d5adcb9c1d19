"""Reading numbers out of the plain text formats of the literature, with the line of each fault."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from .errors import BadProblem

#: more than this is no size of a problem but a damaged file
LARGEST_COUNT = 10_000_000


def text_of(path: Path) -> str:
    """Return a file's text; BadProblem where there is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadProblem(path, None, "file_unreadable", {"why": error.strerror or ""}) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadProblem(path, line, "file_not_text", {}) from None


def number_of(word: str) -> float:
    """Return the number a word of a file writes; nan for what only Python would read as one."""
    try:
        return float(word) if word.isascii() and "_" not in word else math.nan
    except ValueError:
        return math.nan


class Tokens:
    """The words of a text file in their order; every read says what it wants and may refuse.

    ``text`` is the part of the file to read, all of it where left out; ``first`` its first line.
    """

    def __init__(self, path: Path, text: str | None = None, *, first: int = 1) -> None:
        self.path = path
        self._words = self._read(text_of(path) if text is None else text, first)
        self.line = first

    def _read(self, text: str, first: int) -> Iterator[tuple[int, str]]:
        for number, line in enumerate(text.splitlines(), first):
            for word in line.split():
                yield number, word

    def refuse(self, code: str, **params: object) -> NoReturn:
        """Refuse the file at the word read last."""
        raise BadProblem(self.path, self.line, code, dict(params))

    def word(self, what: str) -> str:
        word = self.next_word()
        if word is None:
            self.refuse("file_cut_off", what=what)
        return word

    def next_word(self) -> str | None:
        """Return the next word, or None at the end of the file."""
        found = next(self._words, None)
        if found is None:
            return None
        self.line, word = found
        return word

    def number(self, what: str, low: float = -math.inf, high: float = math.inf) -> float:
        """Return the next word as a number within [low, high]; refuses what is not finite."""
        return self.as_number(what, self.word(what), low, high)

    def as_number(self, what: str, word: str, low: float, high: float) -> float:
        """Return the word read last as such a number."""
        value = number_of(word)
        if not math.isfinite(value):
            self.refuse("number_expected", what=what, found=word)
        if not low <= value <= high:
            self.refuse("number_range", what=what, found=word, low=_short(low), high=_short(high))
        return value

    def integer(self, what: str, low: float = -math.inf, high: float = LARGEST_COUNT) -> int:
        """Return the next word as a whole number within [low, high]; ``30.`` is one."""
        value = self.number(what, low, high)
        if value != int(value):
            self.refuse("integer_expected", what=what, found=_short(value))
        return int(value)

    def end(self) -> None:
        """Refuse a file that goes on."""
        word = self.next_word()
        if word is not None:
            self.refuse("file_goes_on", found=word)


def _short(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{value:.12g}"
