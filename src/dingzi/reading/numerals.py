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

from .writing import ALSO_WORDS, fold

Exact = int | Fraction

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_AFTER_POINT = frozenset("零一二三四五六七八九")
_DIGIT = frozenset("一二两三四五六七八九")
_ARABIC_FIRST = frozenset("0123456789.")
_TENS = frozenset("十百千万亿")
_MORE = frozenset("余多几")
#: what a number can begin with
_FIRST = re.compile(r"[0-9零一二两三四五六七八九十百千万亿]|(?<![\d.])\.(?=\d)")
#: 1,234.5; decimals stand alone: 1.2.3 is three numbers
_ARABIC = re.compile(
    r"\d{1,3}(?:,\d{3}){1,9}(?![\d,])(?:\.\d+(?!\.?\d))?"
    r"|(?<![\d.])\d+\.\d+(?!\.?\d)|\d+|(?<![\d.])\.\d+(?!\.?\d)"
)
#: digits with nothing around them that could be part of the number
_PLAIN = re.compile(
    r"(?<![\d.])\d{1,15}(?:\.\d{1,15})?(?![\d, 十百千万亿兆零点分又余多几])(?!\.\d)"
)
_OVER = re.compile(r" {0,4}分 {0,4}之 {0,4}")
_AND = re.compile(r" {0,4}又 {0,4}")
_PER = re.compile(r"([十百千万亿](?: ?[十百千万亿]){0,5}) {0,4}分 {0,4}之 {0,4}")
#: a hyphen is a sign at the head of a word, and after words that a value follows: 增速为-3.4%
_SIGN = re.compile(
    r"(?:(?<![\w)\]%-])|(?<=[为是达至到于约长率速幅度]))-(?=[\d.])|负 ?(?=[\d.零一二两三四五六七八九十百千])"
)
_CHINESE = re.compile(r"[零一二三四五六七八九]{3,}(?![十百千万亿])")
#: no number is longer; what goes on is something else
_LONGEST = 60
_TOO_LONG = re.compile(r"\d{40,}|[零一二三四五六七八九]{40,}")
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


@dataclass(slots=True)
class _Part:
    """A number without sign and fraction, as far as it goes."""

    end: int
    number: int
    places: int = 0
    grain: int = 1
    arabic: bool = False
    more: bool = False
    #: a second digit follows the last one: where it stands
    second: int = -1

    @property
    def value(self) -> Exact:
        return Fraction(self.number, 10**self.places) if self.places else self.number


def scan(text: str, original: str | None = None) -> Iterator[Numeral]:
    """Every number of a folded text, in order.

    ``original`` is the text before folding: 伍 陆 肆 拾 alone are words there, not numbers.
    """
    original = text if original is None else original
    position = 0
    while found := _FIRST.search(text, position):
        start = found.start()
        if plain := _PLAIN.match(text, start):  # the most common form needs no grammar
            begin = start - len(_sign(text, start, position)) if start > position else start
            digits = plain[0]
            whole, _, decimals = digits.partition(".")
            number = int(whole + decimals)
            position = plain.end()
            yield Numeral(
                begin,
                position,
                -number if begin < start else number,
                len(decimals),
                1,
                "arabic",
                start,
            )
            continue
        if too_long := _TOO_LONG.match(text, start):
            position = too_long.end()
            continue
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
    sign = _sign(text, start, floor) if start > floor else ""
    begin = start - len(sign)
    char = text[start]
    if char in _TENS and (rate := _PER.match(text, start)):
        return _rate(text, begin, rate, bool(sign))
    if char in _AFTER_POINT and (digits := _CHINESE.match(text, start)):
        year = int("".join(str(DIGITS[char]) for char in digits[0]))
        return Numeral(begin, digits.end(), -year if sign else year, 0, 1, "digits", start)
    part = _part(text, start)
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


def _fraction(text: str, part: _Part) -> tuple[int, Exact] | None:
    """[whole 又] lower 分之 upper, begun by ``part``: where it ends and its value."""
    whole: Exact = 0
    again = _AND.match(text, part.end)
    if again and (over := _part(text, again.end())) and _OVER.match(text, over.end):
        whole, part = part.value, over
    mark = _OVER.match(text, part.end)
    if mark is None or not part.number:
        return None
    start = mark.end()
    minus = text[start : start + 1] in ("负", "-")
    upper = _part(text, start + minus)
    if upper is None or upper.second >= 0:
        return None
    value = whole + Fraction(upper.value) / Fraction(part.value)
    return upper.end, -value if minus else value


def _sign(text: str, start: int, floor: int) -> str:
    """The sign right before a number: 负, or - after what is no number or word."""
    for width in (1, 2):
        found = _SIGN.match(text, start - width) if start - width >= floor else None
        if found and found.end() == start:
            return found[0]
    return ""


def _rate(text: str, begin: int, rate: re.Match[str], negative: bool) -> Numeral | None:
    per = 1
    for char in rate[1].replace(" ", ""):
        per *= _SMALL.get(char) or _BIG[char]
    start = rate.end()
    if text[start : start + 1] == "百" and text[start + 1 : start + 2] not in DIGITS:
        return Numeral(begin, start + 1, 100, 0, 1, "rate", start, per)
    part = _part(text, start)
    if part is None:
        return None
    if part.second >= 0:
        about = _about(text, begin, start, part)
        about.per = per
        return about
    number = -part.number if negative else part.number
    return Numeral(begin, part.end, number, part.places, part.grain, "rate", start, per)


def _about(text: str, begin: int, start: int, part: _Part) -> Numeral:
    """二三十: read once without the second digit and once without the first."""
    at = part.second
    first = at - 1
    while text[first] == " ":
        first -= 1
    low, high = DIGITS[text[first]], DIGITS[text[at]]
    spelt = _SPELT.match(text, start, start + _LONGEST)
    end = spelt.end() if spelt else at + 1
    window = text[start:end]
    one = _part(window[: at - start] + window[at - start + 1 :], 0)
    two = _part(window[: first - start] + window[first - start + 1 :], 0)
    if one is None or two is None or one.second >= 0 or two.second >= 0:
        return Numeral(begin, at + 1, 0, 0, 1, "about", start)
    known = low > 0 and (high == low + 1 or (low, high) == (3, 5))
    top = two.value if known else None
    return Numeral(
        begin, start + one.end + 1, one.number, one.places, one.grain, "about", start, top=top
    )


def _part(text: str, start: int) -> _Part | None:
    """The longest number that begins at ``start``, without sign and fraction.

    All sums are whole numbers, scaled by ``10**places`` once decimals were read.
    """
    sections: list[tuple[int, int]] = []  # values with their 万 亿 兆, falling
    section = 0  # below the last of these
    floor = 0  # the last 十 百 千 of this section
    pending = -1  # a digit or arabic number that waits for its unit
    last = 0  # the unit right before ``pending``, 0 after 零
    arabic = spoken = more = spaced = False
    places, grain = 0, 1
    end = at = start
    limit = min(len(text), start + _LONGEST)
    while at < limit:
        char = text[at]
        if char in _DIGIT:
            if pending >= 0:
                if arabic:
                    break
                return _Part(end, 0, second=at)
            if arabic and last >= 10**4 and not spaced and not _units(text, at + 1):
                break  # 3亿 五 ...: the next number
            pending, spoken, grain = DIGITS[char] * 10**places, True, 1
        elif char in _SMALL:
            unit = _SMALL[char]
            if floor and unit >= floor:
                break
            if pending < 0:
                if end > start and unit != 10 and not more:
                    break
                if end == start and unit != 10 and text[at + 1 : at + 2] not in DIGITS:
                    break
                pending = 10**places
            elif arabic and places:
                grain *= unit
            section += pending * unit
            floor = last = unit
            pending, spoken = -1, spoken or not arabic
        elif char in _BIG:
            unit = _BIG[char]
            if pending >= 0:
                section += pending
            if not section and not (sections and last >= 10**4):
                break
            gathered = section
            while sections and (sections[-1][1] < unit or (not section and sections[-1][1] <= unit)):  # fmt: skip
                gathered += sections.pop()[0]
            sections.append((gathered * unit, unit))
            repeated = last >= 10**4 and not section  # 万亿
            grain = grain * unit if arabic or repeated else unit
            section, floor, pending, last = 0, 0, -1, unit
        elif char == " ":
            spaced, at = True, at + 1
            continue
        elif char in _ARABIC_FIRST and (char != "." or at == start):
            found = _ARABIC.match(text, at)
            if found is None or pending >= 0 or (end > start and spaced and not spoken and not _units(text, found.end())):  # fmt: skip
                break
            if end > start and last and not _below(found[0], last):
                break
            digits, _, decimals = found[0].replace(",", "").partition(".")
            if decimals and not places:
                places = len(decimals)
                scale = 10**places
                section, sections = section * scale, [(value * scale, unit) for value, unit in sections]  # fmt: skip
            elif len(decimals) != places:
                digits += "0" * places
                decimals = ""
            pending, grain, arabic = int((digits or "0") + decimals), 1, True
            end = at = found.end()
            spaced = False
            continue
        elif char == "零":
            if pending >= 0 or (end > start and not _goes_on(text, at + 1)):
                break
            if end > start:
                last = 0
            else:
                spoken = True
        elif char in _MORE and end > start and (pending < 0 or arabic):
            if text[at + 1 : at + 3].lstrip(" ")[:1] not in _BIG:
                break
            more, at = True, at + 1
            continue
        elif char == "点" and end > start and not places:
            whole = _done(sections, section, pending, last, arabic)
            return _decimal(text, at, whole, end)
        else:
            break
        at += 1
        end, spaced = at, False
    if end == start:
        return None
    number = _done(sections, section, pending, last, arabic)
    if pending >= 0 and not arabic and sections:
        grain = 1
    return _Part(end, number, places, grain, arabic and not spoken, more)


def _done(
    sections: list[tuple[int, int]], section: int, pending: int, last: int, arabic: bool
) -> int:
    """The sum; a digit left over is of the next lower place: 四百五, 九万四."""
    for value, _ in sections:
        section += value
    if pending > 0:
        section += pending * (last // 10) if last > 10 and not arabic else pending
    return section


def _decimal(text: str, point: int, whole: int, end: int) -> _Part:
    """After 点: digits, then perhaps 万 or 亿. 点 that begins no decimals ends the number before it."""
    digits, at = "", point + 1
    after = at
    while at < len(text) and len(digits) < _LONGEST:
        char = text[at]
        if char in _AFTER_POINT:
            digits += str(DIGITS[char])
            after = at + 1
        elif char != " ":
            break
        at += 1
    if not digits or text[after : after + 1] in _SMALL:  # 八点三十分
        return _Part(end, whole)
    number, grain = whole * 10 ** len(digits) + int(digits), 1
    while text[after : after + 1] in _BIG:
        unit = _BIG[text[after]]
        number, grain, after = number * unit, grain * unit, after + 1
    return _Part(after, number, len(digits), grain)


def _units(text: str, at: int) -> bool:
    """Whether a unit follows: 5 in 7万 5千 belongs to it, 30 in 25万 30个 does not."""
    rest = text[at : at + 2].lstrip(" ")[:1]
    return rest in _SMALL or rest in _BIG


def _goes_on(text: str, at: int) -> bool:
    """Whether what follows 零 belongs to the number."""
    rest = text[at : at + 3].lstrip(" ")[:1]
    return rest in DIGITS or rest in _SMALL or rest in _MORE or rest.isdigit()


def _below(written: str, unit: int) -> bool:
    return "." not in written and int(written.replace(",", "")) < unit
