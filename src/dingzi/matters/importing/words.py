"""Words of foreign spreadsheets and what they mean here: categories, places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from dingzi.city import directory
from dingzi.city.directory import DivisionCard
from dingzi.core.likeness import terms

from ..fields import FieldDef

_SIGNS = re.compile(r"[\s（）()《》“”\"'、，,。.·:：;；/\\|_-]+")
_ENDINGS = ("类纠纷", "矛盾纠纷", "纠纷", "类", "问题", "方面", "争议")
#: What stands for yes in a column of yes and no.
YES = frozenset({"是", "有", "1", "y", "yes", "true", "√", "对"})
NO = frozenset({"否", "无", "没有", "0", "n", "no", "false", "×", "不是"})
_LEVELS = ("county", "town", "village")
_LAST_WORDS = ("街道", "社区", "市", "区", "县", "镇", "乡", "村")
_PROVINCE = re.compile(r"^[^市县区]{2,7}?(省|自治区)")
#: Longest name of a place, in characters; how many words are kept once they are looked up.
LONGEST, KEPT = 16, 20_000


def bare(word: str) -> str:
    """Return a word without signs and without the endings that say nothing (矛盾纠纷, 类)."""
    plain = _SIGNS.sub("", word).casefold()
    for ending in _ENDINGS:
        if len(plain) > len(ending) + 1:
            plain = plain.removesuffix(ending)
    return plain


def choice(one: FieldDef, word: str) -> str:
    """Return the code that a word can only mean, "" where it is open: the same word, or one that
    holds the other, or the one with which it shares the most."""
    plain = bare(word)
    scores: dict[str, float] = {}
    for code, label in one.choices.items():
        names = {bare(code), bare(label.zh), bare(label.en)}
        if plain in names or word.strip() == code:
            return code
        scores[code] = max(_near(plain, name) for name in names)
    ranked = sorted(scores.values(), reverse=True)
    if not ranked or ranked[0] < 0.5 or (len(ranked) > 1 and ranked[0] == ranked[1]):
        return ""
    return max(scores, key=lambda code: scores[code])


def _near(word: str, name: str) -> float:
    if len(word) < 2 or len(name) < 2:
        return 0.0
    if name in word or word in name:
        return 0.5 + min(len(word), len(name)) / max(len(word), len(name)) / 2
    mine, theirs = terms(word), terms(name)
    return len(mine & theirs) / max(1, min(len(mine), len(theirs))) * 0.9


class Places:
    """Places as a spreadsheet writes them, looked up once each.

    ``within`` is the division in which a bare name is looked for first: two counties may have a
    township of the same name. ``known`` are words that somebody has matched to a code already.
    """

    def __init__(self, within: str = "", known: Mapping[str, str] | None = None) -> None:
        self.within = within
        self.known = dict(known or {})
        self.found: dict[str, tuple[str, str] | None] = {}
        self.names: dict[str, dict[str, list[DivisionCard]]] = {}
        self.short: dict[str, list[DivisionCard]] = defaultdict(list)
        for level in _LEVELS:
            names = self.names[level] = defaultdict(list)
            for card in directory.divisions(level):
                for name in {card.name, *card.also.split()}:
                    names[name].append(card)
                for name in _short(card):
                    self.short[name].append(card)
        city = directory.city()
        self.above = tuple({city.name, *city.also.split()}) if city else ()
        self.city = city.code if city else ""

    def read(self, word: str) -> tuple[str, str] | None:
        """Return the division's code and what follows its name (a spot); None for no place."""
        word = word.strip()
        if word in self.known:
            code = self.known[word]
            return (code, "") if code else None
        if word in self.found:
            return self.found[word]
        found = self._look_up(word)
        if len(self.found) < KEPT:
            self.found[word] = found
        return found

    def _look_up(self, word: str) -> tuple[str, str] | None:
        if directory.division(word) is not None:
            return word, ""
        if word in self.above:
            return self.city, ""
        found = self._address(word)
        if found is not None and not found[1]:
            return found
        hits = self.short.get(word.casefold(), [])
        if len(hits) > 1 and self.within:
            hits = [c for c in hits if c.code.startswith(self.within)] or hits
        # of alike meanings the larger place counts: 丰城 is the city, not a village
        largest = [c for c in hits if c.level == hits[0].level]
        return (largest[0].code, "") if len(largest) == 1 else found

    def _address(self, word: str) -> tuple[str, str] | None:
        """Read an address from the left: county, township, village, and what follows them."""
        rest = _PROVINCE.sub("", "".join(word.split()))
        for name in self.above:
            rest = rest.removeprefix(name)
        at: DivisionCard | None = None
        for level in _LEVELS:
            found = self._beginning(rest, level, at)
            if found is not None:
                at, rest = found
        return (at.code, rest.strip("，,、 ")) if at is not None else None

    def _beginning(
        self, rest: str, level: str, at: DivisionCard | None
    ) -> tuple[DivisionCard, str] | None:
        """Return the one division with whose name ``rest`` begins, and what follows it."""
        around = at.code if at is not None else ""
        for size in range(min(LONGEST, len(rest)), 1, -1):
            hits = [c for c in self.names[level].get(rest[:size], ()) if c.code.startswith(around)]
            if len(hits) > 1 and self.within:
                hits = [c for c in hits if c.code.startswith(self.within)] or hits
            if len(hits) == 1:
                return hits[0], rest[size:]
        return None


def _short(card: DivisionCard) -> set[str]:
    """Return by what else a whole cell may call a place: in English, or without its last word."""
    names = {card.name_en.casefold()} if card.name_en else set()
    ending = next((word for word in _LAST_WORDS if card.name.endswith(word)), "")
    bare_name = card.name.removesuffix(ending)
    return names | ({bare_name} if ending and len(bare_name) >= 2 else set())


def guesses(one: FieldDef, words: Iterable[str], within: str = "") -> dict[str, str]:
    """Return word -> code for the words of a choice or place column; "" where nobody can tell."""
    if one.kind == "place":
        places = Places(within)
        return {word: (places.read(word) or ("", ""))[0] for word in words}
    return {word: choice(one, word) for word in words}
