"""Which of many texts are about one thing, without comparing each with each.

Three passes, each on what the one before has found: a text joins the group whose first text it is
most like; groups (and single texts) whose mean vectors are alike become one; and what is left over
joins a large group if it holds most of what that group's texts share and others lack. The last
finds who tells of the same thing in other words: tried on 4,326 messages to a province's mailbox,
it brings 53 of 55 that tell of one mixing plant together, where the first alone finds 14.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Generic, TypeVar

from .likeness import Vector, dot

if TYPE_CHECKING:
    from .likeness import Corpus

K = TypeVar("K")
#: Rarest terms of a text that look for candidates, and how common such a term may be at most.
PROBES, COMMON = 60, 200
CANDIDATES = 40
#: Heaviest terms of a group that look for another, in how many groups such a term may be, how many
#: groups are compared in full, and how much more alike than two texts they must be to become one.
HEAVY, IN_GROUPS, COMPARED, MORE = 30, 100, 8, 0.01
#: A group so large has a core: terms in this share of its texts and in at most this share of all.
LARGE, IN_MOST, RARE, FEW = 5, 0.6, 0.02, 20
#: What joins a large group holds this share of its core and is at least so alike.
HOLDS, NEAR = 0.6, 0.13


class Grouping(Generic[K]):
    def __init__(self, corpus: Corpus[K], least: float) -> None:
        self.corpus = corpus
        self.least = least

    def groups(self) -> list[list[K]]:
        found = self._gathered(self._joined(self._led()))
        return sorted(found, key=len, reverse=True)

    # -- first: by the first text of each group ------------------------------------------------

    def _led(self) -> list[list[K]]:
        leaders: dict[str, list[int]] = defaultdict(list)
        groups: list[list[K]] = []
        for key in self.corpus:
            probes = self._probes(key)
            best = self._best(key, probes, leaders, groups)
            if best is None:
                for term in probes:
                    leaders[term].append(len(groups))
                groups.append([key])
            else:
                groups[best].append(key)
        return groups

    def _probes(self, key: K) -> list[str]:
        common = self.corpus.common
        (terms,) = self.corpus.wholes([key])
        rare = heapq.nsmallest(PROBES, terms, key=lambda t: (common(t), t))
        return [t for t in rare if common(t) <= COMMON]

    def _best(
        self, key: K, probes: list[str], leaders: dict[str, list[int]], groups: list[list[K]]
    ) -> int | None:
        found: Counter[int] = Counter()
        for term in probes:
            for group in leaders.get(term, ()):
                found[group] += 1
        best, most = None, self.least
        for group, _ in found.most_common(CANDIDATES):
            score = self.corpus.likeness(key, groups[group][0])
            if score >= most:
                best, most = group, score
        return best

    # -- then: groups that are alike become one ------------------------------------------------

    def _joined(self, groups: list[list[K]]) -> list[list[K]]:
        means: dict[int, _Mean] = {}
        places: dict[str, dict[int, float]] = defaultdict(dict)

        def put(number: int) -> None:
            mean = means[number] = _Mean.of(self.corpus, groups[number])
            for term, weight in mean.heavy:
                places[term][number] = weight

        def take(number: int) -> None:
            for term, _ in means.pop(number).heavy:
                del places[term][number]

        for number in range(len(groups)):
            put(number)
        for number in sorted(range(len(groups)), key=lambda n: -len(groups[n])):
            while number in means:
                other = self._alike(number, means, places)
                if other is None:
                    break
                take(number)
                take(other)
                groups[number] = groups[number] + groups[other]
                put(number)
        return [groups[number] for number in means]

    def _alike(
        self, number: int, means: dict[int, _Mean], places: dict[str, dict[int, float]]
    ) -> int | None:
        part: dict[int, float] = defaultdict(float)
        for term, weight in means[number].heavy:
            there = places[term]
            if len(there) <= IN_GROUPS:
                for other, theirs in there.items():
                    part[other] += weight * theirs
        part.pop(number, None)
        best, most = None, self.least + MORE
        for other in heapq.nlargest(COMPARED, part, key=part.__getitem__):
            score = means[number].like(means[other])
            if score >= most:
                best, most = other, score
        return best

    # -- last: what is left over joins a large group with whose core it agrees -----------------

    def _gathered(self, groups: list[list[K]]) -> list[list[K]]:
        large = [group for group in groups if len(group) >= LARGE]
        cores = [self._core(group) for group in large]
        means = [_Mean.of(self.corpus, group) for group in large]
        with_term: dict[str, list[int]] = defaultdict(list)
        for number, core in enumerate(cores):
            for term in core:
                with_term[term].append(number)
        found = [list(group) for group in large]
        for group in groups:
            if len(group) >= LARGE:
                continue
            held = frozenset().union(*self.corpus.wholes(group))
            best, most = None, 0.0
            for number in {n for term in held for n in with_term.get(term, ())}:
                core = cores[number]
                share = sum(w for t, w in core.items() if t in held) / sum(core.values())
                if share >= HOLDS:
                    alike = _Mean.of(self.corpus, group).like(means[number])
                    if alike >= NEAR and share * alike > most:
                        best, most = number, share * alike
            if best is None:
                found.append(group)
            else:
                found[best] += group
        return found

    def _core(self, group: list[K]) -> dict[str, float]:
        """Return what most of a group's texts hold and few others, by how much it says."""
        counts: Counter[str] = Counter()
        for terms in self.corpus.wholes(group):
            counts.update(terms)
        rare = max(FEW, RARE * len(self.corpus))
        core = {
            term: self.corpus.weight(term) ** 2
            for term, n in counts.items()
            if n >= IN_MOST * len(group) and self.corpus.common(term) <= rare
        }
        return core if len(core) >= 3 else {}


class _Mean:
    """The mean of a group: of its texts and of their titles, and its heaviest terms."""

    __slots__ = ("heavy", "titles", "wholes")

    def __init__(self, wholes: Vector, titles: Vector) -> None:
        self.wholes, self.titles = wholes, titles
        both = dict(wholes)
        for term, weight in titles.items():
            both[term] = both.get(term, 0.0) + weight
        heaviest = heapq.nlargest(HEAVY, both, key=lambda t: (both[t], t))
        self.heavy = [(term, both[term]) for term in heaviest]

    @classmethod
    def of(cls, corpus: Corpus[K], keys: Iterable[K]) -> _Mean:
        keys = list(keys)
        return cls(corpus.mean(keys, titles=False), corpus.mean(keys, titles=True))

    def like(self, other: _Mean) -> float:
        return (dot(self.wholes, other.wholes) + dot(self.titles, other.titles)) / 2
