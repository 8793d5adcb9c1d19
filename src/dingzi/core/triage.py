"""Which category do these words speak of? A proposal with its words; a person decides.

Nothing is learned from what people did: a mechanism keeps a list of words by category in
``triage.yaml``, and a proposal says which of them it found.

    categories:
      wages: {sure: [拖欠工资, 农民工], hints: [工资, 老板]}
    signs:
      question: {zh: 像是咨询, en: Looks like a question, words: [请问, 咨询]}

A word of ``sure`` weighs three times one of ``hints``; in the title it weighs three times as much; a
word within a longer one that was found does not count again. Signs say what
kind of message it may be, from the title alone: the texts of all plead and ask.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from .errors import LoadError
from .search.tokens import normalise
from .text import Text

SURE, HINT, IN_TITLE = 3, 1, 3
#: A proposal needs this much, and so many times what the next category has.
ENOUGH, AHEAD = 2, 1.25
#: Characters of a text that are read: it says first what it is about.
READ = 1_000


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a text may be about.

    Attributes
    ----------
    category : its code, "" where no words or those of two categories were found.
    words : those found for the category, what weighs most first.
    next : code of the category that comes second, "" for none.
    signs : what kind of message it may be.
    """

    category: str
    words: tuple[str, ...]
    next: str
    signs: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sign:
    label: Text
    words: tuple[str, ...]


class Triage:
    """Words by category, and signs."""

    def __init__(
        self, categories: Mapping[str, Mapping[str, int]], signs: Mapping[str, _Sign]
    ) -> None:
        self.categories = {code: dict(words) for code, words in categories.items()}
        self.signs = dict(signs)

    def propose(self, title: str, text: str) -> Proposal:
        """Return what title and text speak of."""
        head, whole = normalise(title), normalise(text[:READ])
        scores: dict[str, int] = {}
        found: dict[str, list[tuple[int, str]]] = {}
        for code, words in self.categories.items():
            there = [word for word in words if word in head or word in whole]
            hits = [
                (words[word] * IN_TITLE if word in head else words[word], word)
                for word in there
                if not any(word != other and word in other for other in there)
            ]
            if hits:
                scores[code] = sum(weight for weight, _ in hits)
                found[code] = sorted(hits, reverse=True)
        ranked = sorted(scores, key=lambda code: -scores[code])
        signs = tuple(
            sign.label for sign in self.signs.values() if any(word in head for word in sign.words)
        )
        first = ranked[0] if ranked else ""
        second = ranked[1] if len(ranked) > 1 else ""
        if not first or scores[first] < ENOUGH or scores[first] < AHEAD * scores.get(second, 0):
            return Proposal("", (), first, signs)
        return Proposal(first, tuple(word for _, word in found[first]), second, signs)


def load(path: Path, known: Collection[str]) -> Triage:
    """Read a list of words; LoadError for a category that is not known or a word given twice."""
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise LoadError(f"{path}: {error}") from error
    if not isinstance(raw, dict) or set(raw) - {"categories", "signs"}:
        raise LoadError(f"{path}: write categories and signs")
    categories = {
        code: _words(path, code, entry) for code, entry in (raw.get("categories") or {}).items()
    }
    if strange := sorted(set(categories) - set(known)):
        raise LoadError(f"{path}: no category is called {strange[0]!r}; known: {sorted(known)}")
    signs = {name: _sign(path, name, entry) for name, entry in (raw.get("signs") or {}).items()}
    return Triage(categories, signs)


def _words(path: Path, code: str, entry: Any) -> dict[str, int]:
    if not isinstance(entry, dict) or set(entry) - {"sure", "hints"}:
        raise LoadError(f"{path}: {code}: write sure and hints, each a list of words")
    words: dict[str, int] = {}
    for name, weight in (("sure", SURE), ("hints", HINT)):
        for word in entry.get(name) or ():
            plain = normalise(str(word))
            if plain in words:
                raise LoadError(f"{path}: {code}: {word} stands there twice")
            words[plain] = weight
    return words


def _sign(path: Path, name: str, entry: Any) -> _Sign:
    if not isinstance(entry, dict) or set(entry) != {"zh", "en", "words"}:
        raise LoadError(f"{path}: signs.{name}: write zh, en and words")
    words = tuple(normalise(str(word)) for word in entry["words"])
    return _Sign(Text(str(entry["zh"]), str(entry["en"])), words)
