"""How alike are two texts? Pairs of characters weighed by their rarity (TF-IDF), compared by cosine.

For Chinese complaints in their writers' own words this finds the same thing told differently; what
all share (请问, 小区, 投诉) weighs little because it is common in the corpus itself. Salton & Buckley
1988, with character bigrams as terms and presence as term frequency.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

from .search.tokens import normalise

K = TypeVar("K", bound=Hashable)
#: A text's first characters say what it is about; the rest repeats or pleads.
HEAD = 400
#: Rarest terms of a text that look for candidates, and how common such a term may be at most.
PROBES, COMMON = 60, 200
CANDIDATES = 40
#: A few texts say nothing about rarity: fewer than these are weighed as if they were so many.
SMALL = 500
ALIKE, SAME_GROUP = 0.35, 0.38


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

    def groups(self, least: float = ALIKE, merge: float = SAME_GROUP) -> list[list[K]]:
        """Return groups of texts about one thing, the largest first; each text is in one.

        Every text joins the group whose first text it is most like; then groups whose mean vectors
        are alike become one. Only texts that share a rare term are compared, so 100,000 are fine.
        """
        leaders: dict[str, list[int]] = defaultdict(list)
        groups: list[list[K]] = []
        for key in self._wholes:
            probes = self._probes(key)
            best = self._best(key, probes, leaders, groups, least)
            if best is None:
                for term in probes:
                    leaders[term].append(len(groups))
                groups.append([key])
            else:
                groups[best].append(key)
        return sorted(self._merged(groups, merge), key=len, reverse=True)

    def _probes(self, key: K) -> list[str]:
        rare = sorted(self._wholes[key], key=lambda t: (self._in[t], t))[:PROBES]
        return [t for t in rare if self._in[t] <= COMMON]

    def _best(
        self,
        key: K,
        probes: list[str],
        leaders: dict[str, list[int]],
        groups: list[list[K]],
        least: float,
    ) -> int | None:
        found: Counter[int] = Counter()
        for term in probes:
            for group in leaders.get(term, ()):
                found[group] += 1
        best, most = None, least
        for group, _ in found.most_common(CANDIDATES):
            score = self.likeness(key, groups[group][0])
            if score >= most:
                best, most = group, score
        return best

    def _merged(self, groups: list[list[K]], least: float) -> list[list[K]]:
        several = [g for g in groups if len(g) > 1]
        means = [self._mean(g, self._wholes) for g in several]
        titles = [self._mean(g, self._titles) for g in several]
        home = list(range(len(several)))
        seen: dict[str, list[int]] = defaultdict(list)
        for i, mean in enumerate(means):
            found: Counter[int] = Counter()
            for term in sorted(mean, key=lambda t: -mean[t])[:PROBES]:
                for j in seen[term]:
                    found[j] += 1
                seen[term].append(i)
            for j, _ in found.most_common(CANDIDATES):
                if (_dot(mean, means[j]) + _dot(titles[i], titles[j])) / 2 >= least:
                    home[i] = home[j]
                    break
        joined: dict[int, list[K]] = defaultdict(list)
        for i, group in enumerate(several):
            joined[home[i]] += group
        return [*joined.values(), *(g for g in groups if len(g) == 1)]

    def _mean(self, keys: Iterable[K], sets: dict[K, frozenset[str]]) -> dict[str, float]:
        """Return the normed mean vector of a group, by term."""
        mean: dict[str, float] = defaultdict(float)
        for key in keys:
            norm = self._norm(key, sets is self._titles)
            for term in sets[key]:
                mean[term] += self._weight(term) / norm
        norm = math.sqrt(sum(w * w for w in mean.values())) or 1.0
        return {t: w / norm for t, w in mean.items()}


def _dot(a: dict[str, float], b: dict[str, float]) -> float:
    return sum(w * b[t] for t, w in a.items() if t in b)
