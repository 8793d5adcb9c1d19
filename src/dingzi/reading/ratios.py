"""Ratios: 1:1.8, 6:4, 6比4 where the words around say that two things are set against each other.

A time of day or the score of a match looks the same, so without such words nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from .claims import Claim, SetAside
from .pieces import Exact
from .standing import BACK, Standing

_SIDE = r"\d{1,4}(?:\.\d{1,3})?"
_RATIO = re.compile(
    rf"(?<![\d.])(?<!\d:)({_SIDE}) ?[:∶比] ?({_SIDE})((?: ?[:∶比] ?{_SIDE}){{0,4}})(?![\d:∶%]|\.\d)"
)
_MARK = re.compile(r"\d ?[:∶比] ?\d")
#: 师生比由1:9.8优化到1:14.3: what says so stands in the clause, on either side
_BEFORE = re.compile(
    "(?<![同环对相])比(?![较分赛如上去照率\\d])[^,。;\\d]{0,8}(?:[\\d.:∶比]{3,24}[^,。;\\d]{1,8})?$"
)
_AFTER = re.compile("的?(?:比例|占比|比重|配比|配套|分配|分成|分担|分摊|出资|承担|安排)")
_SCALE = re.compile("比例尺[^,。;\\d]{0,3}$")


def read(at: Standing) -> tuple[list[Claim], list[SetAside]]:
    """Claims and what is none of a text's ratios. ``text[start:end]`` of each is the whole ratio.

    The value of a claim is the first side divided by the second; a side that is 1 is exact, the other
    stated to its last digit. 比 of three sides has no one value and is set aside.
    """
    claims: list[Claim] = []
    aside: list[SetAside] = []
    if not _MARK.search(at.folded):
        return claims, aside
    last = 0
    for found, why in _told(at):
        start, end = found.start(), found.end()
        words = at.text[start:end]
        if why:
            aside.append(SetAside(words, start, end, why))
            continue
        value, low, high = _limits(found[1], found[2])
        begin, _ = at.sentence(start)
        before = at.folded[max(begin, start - BACK) : start]
        claims.append(
            Claim(
                text=words, start=start, end=end, kind="measure", value=value, low=low, high=high,
                unit="比", period=at.period_words(start), scope=at.scope(start),
                before=at.own(start, before, last), sentence=begin,
            )
        )  # fmt: skip
        last = end
    return claims, aside


def _told(at: Standing) -> Iterator[tuple[re.Match[str], str]]:
    """Each ratio and why it is no claim; "" for claims."""
    for found in _RATIO.finditer(at.folded):
        start, end = found.start(), found.end()
        before = at.folded[max(at.sentence(start)[0], start - 24) : start]
        if _SCALE.search(before):
            yield found, "name"
        elif not (_BEFORE.search(before) or _AFTER.match(at.folded, end)):
            continue
        elif found[3] or not float(found[1]) or not float(found[2]):
            yield found, "no_unit"
        else:
            yield found, "goal" if at.among_goals(start) else ""


def _limits(first: str, second: str) -> tuple[Exact, Exact, Exact]:
    """The quotient of two sides, and the least and the greatest that their last digits admit."""
    (one, less, more), (two, below, above) = _side(first), _side(second)
    return one / two, less / above, more / below


def _side(written: str) -> tuple[Fraction, Fraction, Fraction]:
    value = Fraction(written)
    reach = Fraction(0) if written == "1" else Fraction(1, 2 * 10 ** len(written.partition(".")[2]))
    return value, value - reach, value + reach
