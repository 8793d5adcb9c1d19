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
from dataclasses import dataclass, replace
from fractions import Fraction

from .writing import ALSO_WORDS, fold

Exact = int | Fraction

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_AFTER_POINT = frozenset("零一二三四五六七八九")
_MORE = frozenset("余多几")
#: what a number can begin with
_FIRST = re.compile(r"[0-9零一二两三四五六七八九十百千万亿]|\.(?=\d)")
#: 1,234.5; decimals stand alone: 1.2.3 is three numbers
_ARABIC = re.compile(
    r"\d{1,3}(?:,\d{3}){1,9}(?![\d,])(?:\.\d+(?!\.?\d))?"
    r"|(?<![\d.])\d+\.\d+(?!\.?\d)|\d+|(?<![\d.])\.\d+(?!\.?\d)"
)
_OVER = re.compile(r" {0,4}分 {0,4}之 {0,4}")
_AND = re.compile(r" {0,4}又 {0,4}")
_PER = re.compile(r"([十百千万亿](?: ?[十百千万亿]){0,5}) {0,4}分 {0,4}之 {0,4}")
_SIGN = re.compile(r"(?<![\w)\]%-])-(?=[\d.])|负 ?(?=[\d.零一二两三四五六七八九十百千])")
_CHINESE = re.compile(r"[零一二三四五六七八九]{3,}(?![十百千万亿])")
#: no number is longer; what goes on is something else
_LONGEST = 60
_TOO_LONG = re.compile(r"\d{40,}|[零一二三四五六七八九]{40,}")
_SPELT = re.compile(r"[零一二两三四五六七八九十百千万亿兆点 ]+")


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number. ``s[start:end]`` are its characters.

    Attributes
    ----------
    value : its exact value; of a rate (百分之五) what stands after 分之.
    step : the place of the last stated digit: 100 for 1.52万, 1/10 for 98.2.
    form : ``arabic``, ``chinese``, ``digits`` (二〇二五), ``fraction``, ``rate`` or ``about``.
    per : 100 for 百分之, 1000 for 千分之; 1 otherwise.
    inner : where the number after 分之 of a rate begins; ``start`` otherwise.
    top : of ``about`` the greater value.
    more : 余, 多 or 几 stands inside (十余万).
    """

    start: int
    end: int
    value: Exact
    step: Exact
    form: str
    per: int = 1
    inner: int = -1
    top: Exact | None = None
    more: bool = False
    signed: bool = False


@dataclass(slots=True)
class _Part:
    """A number without sign and fraction, as far as it goes."""

    end: int
    value: Exact
    step: Exact
    arabic: bool
    more: bool = False
    #: a second digit follows the last one: where it stands
    second: int = -1


def scan(text: str, original: str | None = None) -> Iterator[Numeral]:
    """Every number of a folded text, in order.

    ``original`` is the text before folding: 伍 陆 肆 拾 alone are words there, not numbers.
    """
    original = text if original is None else original
    position = 0
    while found := _FIRST.search(text, position):
        start = found.start()
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
    sign = _sign(text, start, floor)
    begin = start - len(sign)
    rate = _PER.match(text, start)
    if rate:
        return _rate(text, begin, rate, bool(sign))
    digits = _CHINESE.match(text, start)
    if digits:
        year = int("".join(str(DIGITS[char]) for char in digits[0]))
        return Numeral(begin, digits.end(), -year if sign else year, 1, "digits", inner=start)
    part = _part(text, start)
    if part is None:
        return None
    if part.second >= 0:
        return _about(text, begin, start, part)
    whole: Exact = 0
    again = _AND.match(text, part.end)
    if again and (over := _part(text, again.end())) and _OVER.match(text, over.end):
        whole, part = part.value, over
    over_mark = _OVER.match(text, part.end)
    if over_mark:
        upper = _upper(text, over_mark.end())
        if upper and part.value:
            value: Exact = whole + Fraction(upper[1]) / Fraction(part.value)
            negative = bool(sign) != (text[over_mark.end()] in "负-")
            value = -value if negative else value
            return Numeral(begin, upper[0], value, 0, "fraction", inner=start, signed=bool(sign))
    form = "arabic" if part.arabic else "chinese"
    value = -part.value if sign else part.value
    return Numeral(
        begin, part.end, value, part.step, form, inner=start, more=part.more, signed=bool(sign)
    )


def _sign(text: str, start: int, floor: int) -> str:
    """The sign right before a number: 负, or - after what is no number or word."""
    for width in (1, 2):
        found = _SIGN.match(text, start - width) if start - width >= floor else None
        if found and found.end() == start:
            return found[0]
    return ""


def _upper(text: str, start: int) -> tuple[int, Exact] | None:
    """What stands after 分之, without its sign: its end and value."""
    if text[start : start + 1] in ("负", "-"):
        start += 1
    part = _part(text, start)
    if part is None or part.second >= 0:
        return None
    return part.end, part.value


def _rate(text: str, begin: int, rate: re.Match[str], negative: bool) -> Numeral | None:
    per = 1
    for char in rate[1].replace(" ", ""):
        per *= _SMALL.get(char) or _BIG[char]
    start = rate.end()
    if text[start : start + 1] == "百" and text[start + 1 : start + 2] not in DIGITS:
        return Numeral(begin, start + 1, 100, 1, "rate", per, start)
    part = _part(text, start)
    if part is None:
        return None
    if part.second >= 0:
        about = _about(text, start, start, part)
        return about and replace(about, start=begin, per=per, inner=start)
    value = -part.value if negative else part.value
    return Numeral(begin, part.end, value, part.step, "rate", per, start, signed=negative)


def _about(text: str, begin: int, start: int, part: _Part) -> Numeral | None:
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
        return Numeral(begin, at + 1, 0, 1, "about", inner=start)
    known = low > 0 and (high == low + 1 or (low, high) == (3, 5))
    top = two.value if known else None
    return Numeral(begin, start + one.end + 1, one.value, one.step, "about", inner=start, top=top)


def _part(text: str, start: int) -> _Part | None:
    """The longest number that begins at ``start``, without sign and fraction."""
    sections: list[tuple[Exact, int]] = []  # values with their 万 亿 兆, falling
    section: Exact = 0  # below the last of these
    floor = 0  # the last 十 百 千 of this section
    pending: Exact | None = None  # a digit or arabic number that waits for its unit
    last = 0  # the unit right before ``pending``, 0 after 零
    arabic = spoken = more = False
    step: Exact = 1
    end, at, spaced = start, start, False
    limit = min(len(text), start + _LONGEST)
    while at < limit:
        char = text[at]
        if char == " ":
            spaced, at = True, at + 1
            continue
        if "0" <= char <= "9" or (char == "." and at == start):
            found = _ARABIC.match(text, at)
            if found is None or pending is not None or (end > start and spaced and not spoken and not _units(text, found.end())):  # fmt: skip
                break
            if end > start and last and not _below(found[0], last):
                break
            digits, _, decimals = found[0].replace(",", "").partition(".")
            pending = int((digits or "0") + decimals)
            place = Fraction(1, 10 ** len(decimals)) if decimals else 1
            pending, step = pending * place, place
            arabic, end = True, found.end()
            at, spaced = end, False
            continue
        if char in DIGITS and char != "零":
            if pending is not None:
                if arabic or (spaced and arabic):
                    break
                return _Part(end, 0, 1, False, second=at)
            if arabic and last >= 10**4 and not spaced and not _units(text, at + 1):
                break  # 3亿 五 ...: the next number
            pending, spoken, step = DIGITS[char], True, 1
        elif char == "零":
            if pending is not None or (end > start and not _goes_on(text, at + 1)):
                break
            if end > start:
                last = 0
            else:
                section, spoken = 0, True
        elif char in _SMALL:
            unit = _SMALL[char]
            if floor and unit >= floor:
                break
            if pending is None:
                if end > start and unit != 10 and not more:
                    break
                if end == start and unit != 10 and text[at + 1 : at + 2] not in DIGITS:
                    break
            section += (1 if pending is None else pending) * unit
            step = step * unit if arabic and pending is not None and step != 1 else 1
            floor = last = unit
            pending, spoken = None, spoken or not arabic
        elif char in _BIG:
            unit = _BIG[char]
            if pending is not None:
                section += pending
            if not section and not (sections and last >= 10**4):
                break
            gathered = section
            while sections and (sections[-1][1] < unit or (not section and sections[-1][1] <= unit)):  # fmt: skip
                gathered += sections.pop()[0]
            sections.append((gathered * unit, unit))
            step = step * unit if arabic or step != 1 else unit
            if last >= 10**4 and not section:
                step = unit * last if step == unit and not arabic else step
            section, floor, pending, last = 0, 0, None, unit
        elif char in _MORE and end > start and (pending is None or arabic):
            following = (
                text[at + 1 : at + 2] if text[at + 1 : at + 2] != " " else text[at + 2 : at + 3]
            )
            if following not in _BIG:
                break
            more, at = True, at + 1
            continue
        elif char == "点" and end > start:
            return _decimal(text, at, _done(sections, section, pending, last, arabic), end)
        else:
            break
        at += 1
        end, spaced = at, False
    if end == start:
        return None
    value = _done(sections, section, pending, last, arabic)
    if pending is not None and not arabic and last > 1 and sections:
        step = 1
    return _Part(end, value, step, arabic and not spoken, more)


def _done(
    sections: list[tuple[Exact, int]],
    section: Exact,
    pending: Exact | None,
    last: int,
    arabic: bool,
) -> Exact:
    total = section
    for value, _ in sections:
        total += value
    if pending is not None:
        total += pending * (last // 10 if last > 10 and not arabic else 1)
    return total


def _decimal(text: str, point: int, whole: Exact, end: int) -> _Part:
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
        return _Part(end, whole, 1, False)
    step: Exact = Fraction(1, 10 ** len(digits))
    value: Exact = whole + int(digits) * step
    while text[after : after + 1] in _BIG:
        unit = _BIG[text[after]]
        value, step, after = value * unit, step * unit, after + 1
    return _Part(after, value, step, False)


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
