"""Numbers as Chinese prose writes them: 1.52万, 四千二百六十八, 3又1000分之23, 百分之五, 二三十.

`scan` walks a folded text once and yields every number with the place of its last stated digit.
Values are exact (int or Fraction). The grammar, from the inside out:

    digit    零 一 二 两 ... 九            arabic   268  1,234  98.2  .5
    section  (digit|arabic) 十百千 falling, a last digit alone is of the next lower place (四百五)
    whole    sections with 万 亿 兆; 余 多 几 may stand before these (十余万)
    decimal  whole 点 digits, then 万 亿
    fraction [whole 又] whole 分之 whole; 百分之 without a number before it is a rate
    about    two neighbouring digits: 三五 (3 to 5), 二三十 (20 to 30), 十五六
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from .pieces import AFTER_POINT, BIG, DIGITS, FIGURES, LONGEST, SMALL, Exact, Part, piece_at
from .runs import CHARACTERS, total
from .writing import ALSO_WORDS, fold

#: what a number can begin with: digits with nothing around them that could be part of the number, a
#: run of Chinese numerals likewise, 百分之, or what only the grammar can tell; 百分点 is a unit
_FIRST = re.compile(
    rf"(?:(?<![\d.]){FIGURES}(?! *[\d,十百千万亿兆零点分又余多几])(?!\.\d))"
    rf"|([{CHARACTERS}]{{1,24}})(?! *[{CHARACTERS}\d.兆点分又余多几])"
    r"|([十百千万亿](?: ?[十百千万亿]){0,5}) {0,4}分 {0,4}之 {0,4}"
    rf"|(?!百 *分 *点)[\d{CHARACTERS}]|(?<![\d.])\.(?=\d)"
)
_SIGNS = frozenset("-负 ")
_OVER = re.compile(r" {0,4}分 {0,4}之 {0,4}")
_AND = re.compile(r" {0,4}又 {0,4}")
_PER = {"百": 100, "千": 1000, "万": 10**4}
#: a hyphen is a sign at the head of a word, and after words that a value follows: 增速为-3.4%
_SIGN = re.compile(
    r"(?:(?<![\w)\]%-])|(?<=[为是达至到于约长率速幅度]))-(?=[\d.])|负 ?(?=[\d.零一二两三四五六七八九十百千])"
)
_CHINESE = re.compile(r"[零一二三四五六七八九]{3,}(?![十百千万亿])")
_TOO_LONG = re.compile(r"\d{40,}|[零一二三四五六七八九]{40,}")
_TOO_MANY = 40
_SPELT = re.compile(r"[零一二两三四五六七八九十百千万亿兆点 ]+")


@dataclass(slots=True)
class Numeral:
    """One number. ``s[start:end]`` are its characters.

    Attributes
    ----------
    number, places : its value is ``number / 10**places``; of a rate (百分之五) what stands after 分之.
    grain : the place of the last stated digit, likewise scaled.
    form : ``arabic``, ``chinese``, ``digits`` (二〇二五), ``fraction``, ``rate``, ``about`` or
        ``round`` (近百).
    inner : where the number after 分之 of a rate begins; without its sign for others.
    per : 100 for 百分之, 1000 for 千分之; 1 otherwise.
    top : of ``about`` the greater value.
    more : 余, 多 or 几 stands inside (十余万).
    """

    start: int
    end: int
    number: Exact
    places: int
    grain: int
    form: str
    inner: int
    per: int = 1
    top: Exact | None = None
    more: bool = False

    @property
    def value(self) -> Exact:
        return Fraction(self.number, 10**self.places) if self.places else self.number

    @property
    def step(self) -> Exact:
        """The place of the last stated digit: 100 for 1.52万, 1/10 for 98.2; 0 of a fraction."""
        return Fraction(self.grain, 10**self.places) if self.places else self.grain


def scan(text: str, original: str | None = None) -> Iterator[Numeral]:
    """Every number of a folded text, in order.

    ``original`` is the text before folding: 伍 陆 肆 拾 alone are words there, not numbers.
    """
    original = text if original is None else original
    position = 0
    search = _FIRST.search
    while found := search(text, position):
        start = begin = found.start()
        kind = found.lastindex
        if kind == 1:  # the most common form needs no grammar
            if start > position and text[start - 1] in _SIGNS:
                begin -= len(_sign(text, start, position))
            position = found.end()
            whole, _, decimals = found[1].replace(",", "").partition(".")
            number = int(whole + decimals)
            yield Numeral(begin, position, -number if begin < start else number, len(decimals), 1, "arabic", start)  # fmt: skip
            continue
        if kind == 2 and (told := total(found[2])):
            if start > position and text[start - 1] in _SIGNS:
                begin -= len(_sign(text, start, position))
            position = found.end()
            if position - begin > 1 or original[begin] not in ALSO_WORDS:
                number, grain = told
                yield Numeral(begin, position, -number if begin < start else number, 0, grain, "chinese", start)  # fmt: skip
            continue
        if kind == 3:
            if start > position and text[start - 1] in _SIGNS:
                begin -= len(_sign(text, start, position))
            numeral = _rate(text, begin, found)
        elif len(text) - start >= _TOO_MANY and (too_long := _TOO_LONG.match(text, start)):
            position = too_long.end()
            continue
        else:
            numeral = _numeral(text, start, position)
        if numeral is None:
            position = start + 1
            continue
        position = max(numeral.end, start + 1)
        alone = numeral.end - numeral.start == 1
        if not (alone and original[numeral.start] in ALSO_WORDS):
            yield numeral


def read(text: str) -> Exact | None:
    """The value of a text that is one number and nothing else; None for any other text."""
    folded = fold(text).strip()
    numeral = next(scan(folded), None)
    if numeral is None or (numeral.start, numeral.end) != (0, len(folded)):
        return None
    if numeral.form == "rate":
        return Fraction(numeral.value) / numeral.per
    return None if numeral.form == "about" else numeral.value


def _numeral(text: str, start: int, floor: int) -> Numeral | None:
    sign = _sign(text, start, floor) if start > floor and text[start - 1] in _SIGNS else ""
    begin = start - len(sign)
    char = text[start]
    if char in AFTER_POINT and text[start + 1 : start + 2] in AFTER_POINT and (digits := _CHINESE.match(text, start)):  # fmt: skip
        year = int("".join(str(DIGITS[char]) for char in digits[0]))
        return Numeral(begin, digits.end(), -year if sign else year, 0, 1, "digits", start)
    part = piece_at(text, start)
    if part is None:
        return None
    if part.second >= 0:
        return _about(text, begin, start, part)
    if part.end < len(text) and text[part.end] in " 又分" and (fraction := _fraction(text, part)):
        end, value = fraction
        return Numeral(begin, end, -value if sign else value, 0, 0, "fraction", start)
    form = "arabic" if part.arabic else "chinese"
    number = -part.number if sign else part.number
    return Numeral(begin, part.end, number, part.places, part.grain, form, start, more=part.more)


def _fraction(text: str, part: Part) -> tuple[int, Exact] | None:
    """[whole 又] lower 分之 upper, begun by ``part``: where it ends and its value."""
    whole: Exact = 0
    again = _AND.match(text, part.end) if text[part.end] in " 又" else None
    if again and (over := piece_at(text, again.end())) and _OVER.match(text, over.end):
        whole, part = part.value, over
    mark = _OVER.match(text, part.end)
    if mark is None or not part.number:
        return None
    start = mark.end()
    minus = text[start : start + 1] in ("负", "-")
    upper = piece_at(text, start + minus)
    if upper is None or upper.second >= 0:
        return None
    if part.places or upper.places or not isinstance(whole, int):
        value = whole + Fraction(upper.value) / Fraction(part.value)
    else:
        value = Fraction(whole * part.number + upper.number, part.number)
    return upper.end, -value if minus else value


def _sign(text: str, start: int, floor: int) -> str:
    """The sign right before a number: 负, or - after what is no number or word."""
    for width in (1, 2):
        found = _SIGN.match(text, start - width) if start - width >= floor else None
        if found and found.end() == start:
            return found[0]
    return ""


def _rate(text: str, begin: int, rate: re.Match[str]) -> Numeral | None:
    """百分之五: ``rate`` are the words up to the number, group 3 what it is of."""
    name = rate[3]
    per = _PER.get(name) or prod(SMALL.get(char) or BIG[char] for char in name if char != " ")
    first, start = rate.start(), rate.end()
    if text[start : start + 1] == "百" and text[start + 1 : start + 2] not in DIGITS:
        return Numeral(begin, start + 1, 100, 0, 1, "rate", start, per)
    part = piece_at(text, start)
    if part is None:
        return None
    if part.second >= 0:
        about = _about(text, begin, start, part)
        about.per = per
        return about
    number = -part.number if begin < first else part.number
    return Numeral(begin, part.end, number, part.places, part.grain, "rate", start, per)


def _about(text: str, begin: int, start: int, part: Part) -> Numeral:
    """二三十: read once without the second digit and once without the first."""
    at = part.second
    first = at - 1
    while text[first] == " ":
        first -= 1
    low, high = DIGITS[text[first]], DIGITS[text[at]]
    spelt = _SPELT.match(text, start, start + LONGEST)
    end = spelt.end() if spelt else at + 1
    window = text[start:end]
    one = piece_at(window[: at - start] + window[at - start + 1 :], 0)
    two = piece_at(window[: first - start] + window[first - start + 1 :], 0)
    if one is None or two is None or one.second >= 0 or two.second >= 0:
        return Numeral(begin, at + 1, 0, 0, 1, "about", start)
    known = low > 0 and (high == low + 1 or (low, high) == (3, 5))
    top = two.value if known else None
    return Numeral(
        begin, start + one.end + 1, one.number, one.places, one.grain, "about", start, top=top
    )
