"""A text checked: each claim with its figure, the record, the verdict and why, as pages show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.translation import get_language

from dingzi.city import directory
from dingzi.core.errors import Invalid, Reason
from dingzi.core.text import Text
from dingzi.reading import (
    DIFFERS,
    NO_DATA,
    VERIFIED,
    Catalogue,
    Claim,
    SetAside,
    bind,
    catalogue,
    read,
    words,
    words_of,
)
from dingzi.reading.binding import Binding

from .. import registry
from ..answers import rounded
from ..declare import Figure
from ..fetching import one_reading
from ..period import Period
from . import records

#: Verdicts in the order in which pages count them, with the class and the sign of each.
VERDICTS = {VERIFIED: ("ok", "✓"), DIFFERS: ("off", "≠"), NO_DATA: ("none", "–")}
#: Decimals beyond those of the text to which a record is told.
_MORE = 2


@dataclass(frozen=True, slots=True)
class Mark:
    """One claim of a checked text.

    Attributes
    ----------
    n : its place among the claims, from 1. claim, binding : what was read and found.
    words : by which it is bound by hand; "" where nothing names what is counted.
    figure : declared figure it was bound to; None.
    """

    n: int
    claim: Claim
    binding: Binding
    words: str
    figure: Figure | None

    @property
    def verdict(self) -> str:
        return self.binding.verdict

    @property
    def shade(self) -> str:
        return VERDICTS[self.verdict][0]

    @property
    def sign(self) -> str:
        return VERDICTS[self.verdict][1]

    @property
    def why(self) -> list[str]:
        """Say why, in the active language, with the record as the text would have it."""
        language = get_language() or "zh-hans"
        return [self._told(reason, language) for reason in self.binding.why]

    def _told(self, reason: Reason, language: str) -> str:
        if reason[0] == "claim_as_recorded":
            return str(
                Text("按文中写到的位数比，一致。", "Agrees, as precisely as the text tells it.")
            )
        if reason[0] == "claim_outside_stated" and self.record:
            zh, en = self.record.zh, self.record.en
            told = f"记录是{zh}，文中写的是{self.claim.text}。"
            return str(Text(told, f"The record is {en}, the text says {self.claim.text}."))
        return words.text(reason, language)

    @property
    def record(self) -> Text | None:
        """Say the record as the text would have it, to two more decimals."""
        return recorded(self.claim, self.binding.record)

    @property
    def place(self) -> Text | None:
        """Name the claim's place: as written, in English where we know it; None where it says none."""
        scope = self.claim.scope
        if not scope:
            return None
        if scope in records.WHOLE:
            return Text(scope, "Whole city")
        county = next((one for one in directory.divisions("county") if one.name == scope), None)
        return Text(scope, directory.name_of(county, "en") or scope)

    @property
    def period(self) -> Text | None:
        """Name the claim's period; None where it says none that has days."""
        span = catalogue.days(self.claim.period)
        if span is None:
            return None
        try:
            return Period(
                date.fromisoformat(span[0] or span[1]), date.fromisoformat(span[1])
            ).words()
        except Invalid:
            return None


@dataclass(frozen=True, slots=True)
class Checked:
    """A text with all its marks, in order, and the numbers that are no claims."""

    text: str
    marks: tuple[Mark, ...]
    set_aside: tuple[SetAside, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return how many claims have each verdict."""
        return {v: sum(m.verdict == v for m in self.marks) for v in VERDICTS}

    def pieces(self, start: int = 0, end: int | None = None) -> Iterator[str | Mark]:
        """Yield the text from ``start`` to ``end`` as words and marks."""
        end = len(self.text) if end is None else end
        at = start
        for mark in self.marks:
            if start <= mark.claim.start and mark.claim.end <= end:
                if at < mark.claim.start:
                    yield self.text[at : mark.claim.start]
                yield mark
                at = mark.claim.end
        if at < end:
            yield self.text[at:end]

    def paragraphs(self) -> Iterator[list[str | Mark]]:
        """Yield each line that holds anything."""
        at = 0
        for line in self.text.split("\n"):
            if line.strip():
                yield list(self.pieces(at, at + len(line)))
            at += len(line) + 1


@one_reading
def check(text: str, day: date | None = None, against: Catalogue | None = None) -> Checked:
    """Read a text written on ``day`` and compare its claims with the declared figures."""
    known = against if against is not None else records.catalogue()
    found = read(text, day=day, places=known.places)
    bound = bind(found.claims, known, found.text)
    marks = [_mark(n, *pair) for n, pair in enumerate(zip(found.claims, bound, strict=True), 1)]
    return Checked(text, tuple(marks), tuple(found.set_aside))


def _mark(n: int, claim: Claim, binding: Binding) -> Mark:
    figure = registry.get(binding.figure.name) if binding.figure else None
    return Mark(n, claim, binding, words_of(claim), figure)


def recorded(claim: Claim, record: int | Fraction | None) -> Text | None:
    """Put a record into words in the claim's unit: 96.198%, 21,384件, 多2.3个百分点."""
    if record is None:
        return None
    unit, exact = claim.unit, Fraction(record)
    percent = claim.kind == "share" or unit in ("%", "‰", "百分点", "成")
    shown = rounded(
        exact * (100 if percent else 1),
        0 if exact.denominator == 1 and not percent else _decimals(claim, percent),
    )
    text = f"{abs(shown):,f}" if claim.kind == "change" else f"{shown:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    zh, en = f"{text}{'%' if percent else unit}", f"{text}{'%' if percent else ' ' + unit}"
    if percent and unit == "百分点":
        zh, en = f"{text}个百分点", f"{text} percentage points"
    if claim.kind != "change":
        return Text(zh, en)
    if not exact:
        return Text("没有变化", "no change")
    return Text(f"{'增加' if exact > 0 else '减少'}{zh}", f"{'up' if exact > 0 else 'down'} {en}")


def _decimals(claim: Claim, percent: bool) -> int:
    """Return to how many decimals the record is told: two more than the text tells."""
    digits = claim.text.partition(".")[2]
    told = next((at for at, char in enumerate(digits) if not char.isdigit()), len(digits))
    return told + (_MORE if percent else 1)
