"""Numbers that are not spelt as such: 近百件, 一半, 过半, 减少2/3; and 数十, which only says some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from .numerals import Numeral

_TENS = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
#: a unit of ten without a number: 近百件, 上千人; 数十件 says only that there were some
_ROUND = re.compile(
    "(?:将近|近|上|逾|超过?|约|成|突破|不足|不到|过)(?P<tens>[百千万亿])(?=[万亿]?[余多]?[件人家户名个项次批场元亩吨起宗所套条辆份处位])|(?P<some>[数几][十百千万亿]{1,2}[余多]?)"
)
#: a proper fraction in figures: 减少2/3; 3/12 of a date or a page has no such end
_SLASHED = re.compile(
    r"(?<![A-Za-z0-9/.,+-])(?<![第表图例])([1-9]\d?)/([1-9]\d?)(?=[,。;、)的以]|$)", re.M
)
_HALF = re.compile("(?P<half>一半|半数)(?![天年日夜])|(?<=[超过])(?P<bare>半)(?=[,。;、的])")


def find(folded: str) -> list[Numeral]:
    """All of them in a folded text, in no order."""
    found = []
    for match in _ROUND.finditer(folded):
        if match["some"]:
            continue
        start, end = match.span("tens")
        value = _TENS[match["tens"]]
        while folded[end] in "万亿":
            value, end = value * _TENS[folded[end]], end + 1
        found.append(Numeral(start, end, value, 0, value, "round", start))
    for match in _HALF.finditer(folded):
        start, end = match.span("half" if match["half"] else "bare")
        found.append(Numeral(start, end, Fraction(1, 2), 0, 0, "fraction", start))
    for match in _SLASHED.finditer(folded):
        start, end = match.span()
        upper, lower = int(match[1]), int(match[2])
        if upper < lower:
            found.append(Numeral(start, end, Fraction(upper, lower), 0, 0, "fraction", start))
    return found


def vague(folded: str) -> Iterator[tuple[int, int]]:
    """数十, 几百: where each stands."""
    for match in _ROUND.finditer(folded):
        if match["some"]:
            yield match.span("some")
