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
from collections.abc import Callable
from fractions import Fraction
from math import prod
from typing import NamedTuple

from .pieces import (
    AFTER_POINT,
    BIG,
    DIGITS,
    FIGURES,
    LONGEST,
    MORE_FIGURES,
    MORE_UNITS,
    SCALE,
    SMALL,
    Exact,
    Part,
    after_point,
    figures,
    parsed_at,
    piece_at,
    scaled,
)
from .runs import CHARACTERS, total
from .writing import ALSO_WORDS, fold

_LEADS, _FRACTION = "零一二两三四五六七八九十", "又|分 *之"
#: A number by its first character, and by the group that ends last what it is: figures (1), followed
#: by what makes a fraction of them (2), with a unit (3); a run of Chinese numerals (4); 百分之 (5), with
#: figures (6) or a run (7); a run followed by decimals or a fraction (8); else only the grammar can
#: tell. 百分点 is a unit.
_FIRST = re.compile(
    rf"[\d{CHARACTERS}.](?:"
    rf"(?<=\d)(?<![\d.]\d){FIGURES}"
    rf"(?:(?![.,]?\d| *(?:{MORE_FIGURES}))(?:(?! *(?:{_FRACTION}))()|())"
    rf"|({SCALE})(?! *(?:{MORE_UNITS}|点|{_FRACTION})))"
    rf"|(?<=[{_LEADS}])[{CHARACTERS}]{{0,23}}+(?! *(?:{MORE_UNITS}|点|{_FRACTION}))()"
    r"|(?<=[十百千万亿])((?: ?[十百千万亿]){0,5}) {0,4}分 {0,4}之 {0,4}"
    rf"(?:(\d{FIGURES})(?![.,]?\d| *(?:{MORE_FIGURES}))"
    rf"|([{_LEADS}][{CHARACTERS}]{{0,23}}+)(?! *(?:{MORE_UNITS}|点))|)"
    rf"|(?<=[{_LEADS}])[{CHARACTERS}]{{0,23}}+(?! *(?:{MORE_UNITS})| +点)()"
    r"|(?<!\.)(?!(?<=百) *分 *点)|(?<=\.)(?<![\d.]\.)(?=\d))"
)
#: begins no number, and one only before a digit: 百五 is 150
_NOT_FIRST, _FIRST_BEFORE_DIGIT = frozenset("万亿"), frozenset("百千")
_SIGNS = frozenset("-负 ")
_OVER = re.compile(r" {0,4}分 {0,4}之 {0,4}")
_AND = re.compile(r" {0,4}又 {0,4}")
_PER = {"百": 100, "千": 1000, "万": 10**4}
#: a hyphen is a sign at the head of a word, and after words that a value follows: 增速为-3.4%
_SIGN = re.compile(
    r"(?:(?<![\w)\]%-])|(?<=[为是达至到于约长率速幅度比]))-(?=[\d.])|(?<![减担])负 ?(?=[\d.零一二两三四五六七八九十百千])"
)
_CHINESE = re.compile(r"[零一二三四五六七八九]{3,}(?![十百千万亿])")
_TOO_LONG = re.compile(r"\d{40,}|[零一二三四五六七八九]{40,}")
_TOO_MANY = 40
#: makes a named tuple in half the time of its own
_new = tuple.__new__
_search = _FIRST.search
_SPELT = re.compile(r"[零一二两三四五六七八九十百千万亿兆点 ]+")


class Numeral(NamedTuple):
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


def scan(text: str, original: str | None = None) -> list[Numeral]:
    """Every number of a folded text, in order.

    ``original`` is the text before folding: 伍 陆 肆 拾 alone are words there, not numbers.
    """
    original = text if original is None else original
    size, position = len(text), 0
    numerals: list[Numeral] = []
    while position < size and (found := _search(text, position)):
        start, end = found.span()
        begin, kind = start, found.lastindex
        if start > position and text[start - 1] in _SIGNS:
            begin -= len(_sign(text, start, position))
        if kind == 1:  # the most common forms need no grammar
            position = end
            words, places = found[0], 0
            if words.isdigit():
                number = int(words)
            else:
                number, places = figures(words)
            numerals.append(_new(Numeral, (begin, end, -number if begin < start else number, places, 1, "arabic", start, 1, None, False)))  # fmt: skip
            continue
        if kind == 4 and (told := total(found[0])):
            position = end
            if end - begin > 1 or original[begin] not in ALSO_WORDS:
                number, grain = told
                numerals.append(_new(Numeral, (begin, end, -number if begin < start else number, 0, grain, "chinese", start, 1, None, False)))  # fmt: skip
            continue
        if kind == 5 or kind == 6 or kind == 7:
            numeral = _rate(text, begin, found)
        elif kind == 2:
            numeral = _of_part(text, begin, start, Part(end, *figures(found[0]), 1, True))
        elif kind == 3 and (part := scaled(found[0], found[3], end)):
            number = -part.number if begin < start else part.number
            numeral = _new(Numeral, (begin, end, number, part.places, part.grain, "arabic", start, 1, None, False))  # fmt: skip
        elif kind == 8 and (told := total(found[0])):
            numeral = _of_part(text, begin, start, after_point(text, end, *told))
        elif kind:
            numeral = _numeral(text, begin, start, parsed_at)
        else:
            char = text[start]
            if char in _NOT_FIRST or (char in _FIRST_BEFORE_DIGIT and text[end : end + 1] not in DIGITS):  # fmt: skip
                position = end
                continue
            if size - start >= _TOO_MANY and (too_long := _TOO_LONG.match(text, start)):
                position = too_long.end()
                continue
            numeral = _numeral(text, begin, start, piece_at)
        if numeral is None:
            position = start + 1
            continue
        position = max(numeral.end, start + 1)
        alone = numeral.end - numeral.start == 1
        if not (alone and original[numeral.start] in ALSO_WORDS):
            numerals.append(numeral)
    return numerals


def read(text: str) -> Exact | None:
    """The value of a text that is one number and nothing else; None for any other text."""
    folded = fold(text).strip()
    numeral = next(iter(scan(folded)), None)
    if numeral is None or (numeral.start, numeral.end) != (0, len(folded)):
        return None
    if numeral.form == "rate":
        return Fraction(numeral.value) / numeral.per
    return None if numeral.form == "about" else numeral.value


def _numeral(
    text: str, begin: int, start: int, parse: Callable[[str, int], Part | None]
) -> Numeral | None:
    """The number at ``start`` by the grammar; its sign begins at ``begin``."""
    if text[start] in AFTER_POINT and text[start + 1 : start + 2] in AFTER_POINT and (digits := _CHINESE.match(text, start)):  # fmt: skip
        year = int("".join(str(DIGITS[char]) for char in digits[0]))
        return Numeral(begin, digits.end(), -year if begin < start else year, 0, 1, "digits", start)
    part = parse(text, start)
    return _of_part(text, begin, start, part) if part else None


def _of_part(text: str, begin: int, start: int, part: Part) -> Numeral:
    if part.second >= 0:
        return _about(text, begin, start, part)
    minus = begin < start
    if part.end < len(text) and text[part.end] in " 又分" and (fraction := _fraction(text, part)):
        end, value = fraction
        return _new(Numeral, (begin, end, -value if minus else value, 0, 0, "fraction", start, 1, None, False))  # fmt: skip
    form = "arabic" if part.arabic else "chinese"
    number = -part.number if minus else part.number
    return _new(Numeral, (begin, part.end, number, part.places, part.grain, form, start, 1, None, part.more))  # fmt: skip


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
    """百分之五: group 5 is what it is of but for its first character, 6 or 7 the number if it is plain."""
    first, end = rate.span()
    name = text[first] + rate[5]
    per = _PER.get(name) or prod(SMALL.get(char) or BIG[char] for char in name if char != " ")
    minus = begin < first
    if words := rate[6]:
        number, places = figures(words)
        return _new(Numeral, (begin, end, -number if minus else number, places, 1, "rate", end - len(words), per, None, False))  # fmt: skip
    start = end
    if words := rate[7]:
        start -= len(words)
        if told := total(words):
            number, grain = told
            return _new(Numeral, (begin, end, -number if minus else number, 0, grain, "rate", start, per, None, False))  # fmt: skip
    if text[start : start + 1] == "百" and text[start + 1 : start + 2] not in DIGITS:
        return Numeral(begin, start + 1, 100, 0, 1, "rate", start, per)
    part = piece_at(text, start)
    if part is None:
        return None
    if part.second >= 0:
        return _about(text, begin, start, part)._replace(per=per)
    number = -part.number if minus else part.number
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
