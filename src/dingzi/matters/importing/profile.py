"""What the columns of a spreadsheet hold: the first values, how many, which words again and again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice
from typing import Any

from dingzi.core.spreadsheet import Row, as_text

#: Rows that are looked at; beyond them the page says "more than".
SCANNED = 200_000
#: First values shown of a column, and of how many characters.
SAMPLES, LONG = 3, 60
#: A column with more different words than this holds no choices.
WORDS, LONGEST_WORD = 60, 40


def profile(header: Iterable[str], rows: Iterable[Row]) -> dict[str, Any]:
    """Return ``{"rows", "more", "columns": {title: {"samples", "filled", "words"}}}``.

    ``words`` are pairs of a word and how often, the most frequent first; None where there are too
    many.
    """
    seen = {title: _Column() for title in header}
    count = 0
    rows = iter(rows)
    for row in islice(rows, SCANNED):
        count += 1
        for title, value in row.cells.items():
            if value is not None:
                seen[title].see(as_text(value))
    more = next(rows, None) is not None
    columns = {title: column.told() for title, column in seen.items()}
    return {"rows": count, "more": more, "columns": columns}


class _Column:
    __slots__ = ("filled", "samples", "words")

    def __init__(self) -> None:
        self.samples: list[str] = []
        self.words: Counter[str] | None = Counter()
        self.filled = 0

    def see(self, value: str) -> None:
        self.filled += 1
        if len(self.samples) < SAMPLES:
            short = " ".join(value.split())
            self.samples.append(short if len(short) <= LONG else short[: LONG - 1] + "…")
        if self.words is not None:
            word = value.strip()
            if len(word) > LONGEST_WORD or (word not in self.words and len(self.words) >= WORDS):
                self.words = None
            else:
                self.words[word] += 1

    def told(self) -> dict[str, Any]:
        words = None if self.words is None else self.words.most_common()
        return {"samples": self.samples, "filled": self.filled, "words": words}
