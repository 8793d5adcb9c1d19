"""How alike are two texts? Pairs of characters weighed by their rarity (TF-IDF), compared by cosine.

For Chinese complaints in their writers' own words this finds the same thing told differently; what
all share (请问, 小区, 投诉) weighs little because it is common in the corpus itself. Salton & Buckley
1988, with character bigrams as terms and presence as term frequency.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from .search.tokens import normalise

K = TypeVar("K", bound=Hashable)
#: A text's first characters say what it is about; the rest repeats or pleads.
HEAD = 400
#: A few texts say nothing about rarity: fewer than these are weighed as if they were so many.
SMALL = 500
ALIKE = 0.35
#: The same among up to so many texts; from so many on it is as above.
ALIKE_FEW, FEW, MANY = 0.26, 100, 1_000
#: Longest piece that texts are said to share, in characters.
LONGEST = 14
#: From so many of them the pieces are taken.
SPEAKERS = 5


def terms(text: str) -> frozenset[str]:
    """Return the character pairs of a text, without white space and signs."""
    plain = "".join(c for c in normalise(text) if c.isalnum())
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


class Corpus(Generic[K]):
    """Texts that are compared with each other; weights come from these texts alone."""

    def __init__(self) -> None:
        self._titles: dict[K, frozenset[str]] = {}
        self._wholes: dict[K, frozenset[str]] = {}
        self._in: dict[str, int] = Counter()
        self._weights: dict[str, float] = {}
        self._norms: dict[tuple[K, bool], float] = {}

    def add(self, key: K, title: str, text: str) -> None:
        self._titles[key] = terms(title)
        whole = self._wholes[key] = terms(title + text[:HEAD])
        for term in whole:
            self._in[term] += 1
        self._weights.clear()
        self._norms.clear()

    def __len__(self) -> int:
        return len(self._wholes)

    def likeness(self, a: K, b: K) -> float:
        """Return 0 (nothing in common) to 1 (the same words): the mean of titles and wholes.

        Two texts whose wholes are nearly the same count as that, whatever their titles.
        """
        whole = self._cosine(a, b, False)
        title = self._cosine(a, b, True)
        return max(whole if whole >= 0.75 else 0.0, (whole + title) / 2)

    def _cosine(self, a: K, b: K, titles: bool) -> float:
        sets = self._titles if titles else self._wholes
        both = sets[a] & sets[b]
        if not both:
            return 0.0
        weight = self._weight
        return sum(weight(t) ** 2 for t in both) / (self._norm(a, titles) * self._norm(b, titles))

    def _weight(self, term: str) -> float:
        found = self._weights.get(term)
        if found is None:
            size = max(len(self._wholes), SMALL)
            found = self._weights[term] = math.log(1 + size / self._in.get(term, 1))
        return found

    def _norm(self, key: K, titles: bool) -> float:
        found = self._norms.get((key, titles))
        if found is None:
            sets = self._titles if titles else self._wholes
            found = math.sqrt(sum(self._weight(t) ** 2 for t in sets[key])) or 1.0
            self._norms[key, titles] = found
        return found

    def nearest(self, key: K, least: float = ALIKE, limit: int = 5) -> list[tuple[K, float]]:
        """Return the texts most like ``key``, the most alike first. Looks at every text."""
        found = [(other, self.likeness(key, other)) for other in self._wholes if other != key]
        alike = [f for f in found if f[1] >= least]
        return sorted(alike, key=lambda f: -f[1])[:limit]

    def groups(self, least: float | None = None) -> list[list[K]]:
        """Return groups of texts about one thing, the largest first; each text is in one.

        Only texts that share a rare term are compared, so 100,000 are fine. ``least`` is how alike
        two texts of a group are; by default less among few texts, which say little about what is
        rare (tried on random parts of the messages that ``grouping`` names).
        """
        from .grouping import Grouping

        if least is None:
            size = min(max(len(self), FEW), MANY)
            least = ALIKE_FEW + (ALIKE - ALIKE_FEW) * math.log(size / FEW) / math.log(MANY / FEW)
        return Grouping(self, least).groups()

    def wholes(self, keys: Iterable[K]) -> list[frozenset[str]]:
        """Return the terms of texts, title and head together."""
        return [self._wholes[key] for key in keys]

    def __iter__(self) -> Iterator[K]:
        return iter(self._wholes)

    def weight(self, term: str) -> float:
        """Return how much a term says: more the rarer it is."""
        return self._weight(term)

    def common(self, term: str) -> int:
        """Return in how many texts a term stands."""
        return self._in.get(term, 0)

    def mean(self, keys: Iterable[K], *, titles: bool) -> Vector:
        """Return the normed mean vector of some texts, by term."""
        sets = self._titles if titles else self._wholes
        mean: dict[str, float] = defaultdict(float)
        for key in keys:
            norm = self._norm(key, titles)
            for term in sets[key]:
                mean[term] += self._weight(term) / norm
        norm = math.sqrt(sum(w * w for w in mean.values())) or 1.0
        return {t: w / norm for t, w in mean.items()}


Vector = dict[str, float]


def shared(texts: Sequence[str], most: int = 6) -> list[str]:
    """Return the longest pieces that at least half of the texts hold, for a reader.

    They are taken from the first few texts, so that one that says it otherwise hides nothing.
    """
    plain = [normalise(text) for text in texts]
    found: list[str] = []
    for first in plain[:SPEAKERS]:
        for piece in _pieces(first, plain):
            if not any(piece in known or known in piece for known in found):
                found.append(piece)
    return sorted(found, key=len, reverse=True)[:most]


def _pieces(first: str, plain: Sequence[str]) -> Iterator[str]:
    """Yield pieces of ``first``, none within another, that at least half of the texts hold."""
    taken = [False] * len(first)
    for size in range(min(LONGEST, len(first)), 1, -1):
        for start in range(len(first) - size + 1):
            piece = first[start : start + size]
            if any(taken[start : start + size]) or not all(c.isalnum() for c in piece):
                continue
            if 2 * sum(piece in text for text in plain) >= len(plain):
                yield piece
                taken[start : start + size] = [True] * size


def dot(a: Vector, b: Vector) -> float:
    if len(b) < len(a):
        a, b = b, a
    return sum(w * b[t] for t, w in a.items() if t in b)
