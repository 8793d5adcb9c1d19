"""One number of `numerals` without sign and fraction: sections, 万 and 亿, decimals, 余 within it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from .runs import CHARACTERS, total

Exact = int | Fraction

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
BIG = {"万": 10**4, "亿": 10**8, "兆": 10**12}
AFTER_POINT = frozenset("零一二三四五六七八九")
_DIGIT = frozenset("一二两三四五六七八九")
_ARABIC_FIRST = frozenset("0123456789.")
_MORE = frozenset("余多几")
#: 1,234.5; decimals stand alone: 1.2.3 is three numbers
_ARABIC = re.compile(
    r"\d{1,3}(?:,\d{3}){1,9}(?![\d,])(?:\.\d+(?!\.?\d))?"
    r"|(?<![\d.])\d+\.\d+(?!\.?\d)|\d+|(?<![\d.])\.\d+(?!\.?\d)"
)
#: no number is longer; what goes on is something else
LONGEST = 60
#: figures after their first digit: 1,234.5 and 98.2
FIGURES = r"(?>\d{0,2}(?:,\d{3}){1,9}(?![\d,])(?:\.\d{1,15})?|\d{0,14}(?:\.\d{1,15})?)"
#: units that stand right behind figures: 3万, 1.52万亿
SCALE = "(?:[十百千]?(?:万亿|[万亿])|[十百千])"
#: what goes on with figures, and with any other number; for all else the grammar need not be asked
MORE_FIGURES = r"[十百千万亿兆点]|[余多几] ?[万亿兆]"
MORE_UNITS = rf"[{CHARACTERS}\d兆]|[余多几] ?[万亿兆]"
_WHOLE = re.compile(
    rf"(?:(?<![\d.])(\d{FIGURES})(?:({SCALE})(?! *(?:{MORE_UNITS}|点))|(?![.,]?\d| *(?:{MORE_FIGURES}))))"
    rf"|([{CHARACTERS}]{{1,24}}+)(?! *(?:{MORE_UNITS})| +点)"
)


@dataclass(slots=True)
class Part:
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


def piece_at(text: str, start: int) -> Part | None:
    """The longest number that begins at ``start``, without sign and fraction.

    Numbers in one piece (4268, 1.52万, 三千二百) are told by their form; the rest is for `parsed_at`.
    """
    piece = _WHOLE.match(text, start)
    if piece is None:
        return parsed_at(text, start)
    kind, end = piece.lastindex, piece.end()
    if kind == 1:
        return Part(end, *figures(piece[1]), 1, True)
    if kind == 2:
        return scaled(piece[0], piece[2], end) or parsed_at(text, start)
    told = total(piece[3])
    return after_point(text, end, *told) if told else parsed_at(text, start)


def figures(words: str) -> tuple[int, int]:
    """1,234.5 without its point, and how many digits stand behind it: 12345 and 1."""
    if words.isdigit():
        return int(words), 0
    whole, _, decimals = words.replace(",", "").partition(".")
    return int(whole + decimals), len(decimals)


def scaled(words: str, unit: str, end: int) -> Part | None:
    """1.52万: figures with the unit behind them; None of 0万, of which only the 0 is a number."""
    number, places = figures(words[: -len(unit)])
    factor, grain, finer = SCALES[unit]
    return Part(end, number * factor, places, finer if places else grain, True) if number else None


def parsed_at(text: str, start: int) -> Part | None:
    """The longest number that begins at ``start``, by the whole grammar.

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
    limit = min(len(text), start + LONGEST)
    while at < limit:
        char = text[at]
        if char in _DIGIT:
            if pending >= 0:
                if arabic:
                    break
                return Part(end, 0, second=at)
            if arabic and last >= 10**4 and not spaced and not _units(text, at + 1):
                break  # 3亿 五 ...: the next number
            pending, spoken, grain = DIGITS[char] * 10**places, True, 1
        elif char in SMALL:
            unit = SMALL[char]
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
        elif char in BIG:
            unit = BIG[char]
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
            if text[at + 1 : at + 3].lstrip(" ")[:1] not in BIG:
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
    return Part(end, number, places, grain, arabic and not spoken, more)


def _done(
    sections: list[tuple[int, int]], section: int, pending: int, last: int, arabic: bool
) -> int:
    """The sum; a digit left over is of the next lower place: 四百五, 九万四."""
    for value, _ in sections:
        section += value
    if pending > 0:
        section += pending * (last // 10) if last > 10 and not arabic else pending
    return section


def after_point(text: str, point: int, whole: int, grain: int) -> Part:
    """A whole number, with the decimals where 点 stands right behind it."""
    if text[point : point + 1] == "点":
        return _decimal(text, point, whole, point)
    return Part(point, whole, 0, grain)


def _decimal(text: str, point: int, whole: int, end: int) -> Part:
    """After 点: digits, then perhaps 万 or 亿. 点 that begins no decimals ends the number before it."""
    digits, at = "", point + 1
    after = at
    while at < len(text) and len(digits) < LONGEST:
        char = text[at]
        if char in AFTER_POINT:
            digits += str(DIGITS[char])
            after = at + 1
        elif char != " ":
            break
        at += 1
    if not digits or text[after : after + 1] in SMALL:  # 八点三十分
        return Part(end, whole)
    number, grain = whole * 10 ** len(digits) + int(digits), 1
    while text[after : after + 1] in BIG:
        unit = BIG[text[after]]
        number, grain, after = number * unit, grain * unit, after + 1
    return Part(after, number, len(digits), grain)


def _units(text: str, at: int) -> bool:
    """Whether a unit follows: 5 in 7万 5千 belongs to it, 30 in 25万 30个 does not."""
    rest = text[at : at + 2].lstrip(" ")[:1]
    return rest in SMALL or rest in BIG


def _goes_on(text: str, at: int) -> bool:
    """Whether what follows 零 belongs to the number."""
    rest = text[at : at + 3].lstrip(" ")[:1]
    return rest in DIGITS or rest in SMALL or rest in _MORE or rest.isdigit()


def _below(written: str, unit: int) -> bool:
    return "." not in written and int(written.replace(",", "")) < unit


def _scales() -> Iterator[tuple[str, tuple[int, int, int]]]:
    """What the grammar makes of units behind figures: how many, and the last digit's place.

    That place is told for whole figures and for figures with decimals.
    """
    for big in ("", "万", "亿", "万亿"):
        for small in ("", "十", "百", "千"):
            whole, finer = parsed_at(f"1{small}{big}", 0), parsed_at(f"1.0{small}{big}", 0)
            if small + big and whole and finer:
                yield small + big, (whole.number, whole.grain, finer.grain)


SCALES = dict(_scales())
