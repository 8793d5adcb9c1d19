"""Public test vectors: the number and percent suites of microsoft/Recognizers-Text, in their form.

They ask for more ways of writing than prose has (40k, 2^5, 4 6/3, 一打, 三八折) and have customs of
their own: the number model leaves percentages out and reads 百分之五 as 五, a text comes back folded
and in small letters. Both models stand on `numerals.scan`; this module adds those writings and
customs, and runs the files. Nothing of the suites is part of this package.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from .errors import Unreadable
from .lexicon import ADDRESS, CURRENCY, WORD, WORD_STARTS
from .numerals import Numeral, scan
from .pieces import DIGITS, Exact
from .writing import fold, half_width

#: digits to which values are compared; a double holds no more
_DIGITS = 15
_MOST = 10**_DIGITS
_MOST_POWER = 400
_SUFFIX = {"k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SPELT = re.compile(
    r"""(?P<sign>(?<![\w)\]%-])-)?(?<!\d)(?:
      (?:(?P<whole>\d{1,30})\ )?(?P<upper>\d{1,30})/(?P<lower>\d{1,30})(?![\d/])
    | (?P<base>\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})
      (?:\^(?P<power>[-+]{0,4}\d{1,9})|e(?P<exponent>[-+]?\d{1,9})|\ ?(?P<suffix>[kmgt])(?![a-z]))
    )""",
    re.X,
)
#: one of these stands in what only the suites write: 2^5, 40k, 4 6/3, 半百
_ODD = re.compile(r"[\^/kmgte半]")
#: with what a percent sign or its words can begin
_PERCENT_FIRST = frozenset(" %个百成折kmgt")
_CURRENCY_FIRST = frozenset(" 美欧英港日卢")
_THOUSANDS_FIRST = frozenset(" kmgt")
_POWERS = {10**power: power for power in range(17)}
_DOZEN = re.compile(r" ?打(?![击造破通开好赢响牢卡下断折扫动算])")
_PERCENT = re.compile(r"(?: ?[kmgt])? *(?:%|个? *百 *分 *点)")
_TENTH = re.compile(
    r" *(?:成(?: *(半|[一二三四五六七八九]))?|(折))(?![立员为功果本绩长就熟交分品型])"
)
_TWO_DIGITS = re.compile(r"([一二三四五六七八九])\s*([一二三四五六七八九])\s*折|(\d)\s+(\d)\s*折")
_THOUSANDS = re.compile(r" ?([kmgt])(?![a-z])")
_HALF = re.compile(r"半[成折]|(?<=打)对折")
_SPECIAL = re.compile(rf"半|对折|{_TWO_DIGITS.pattern}")
_FIFTY = re.compile("半百")


class Found(NamedTuple):
    """What a model finds: the folded text, where it stands (both ends included), its value."""

    text: str
    start: int
    end: int
    value: str


def numbers(text: str) -> list[Found]:
    """The number model."""
    folded = fold(text).lower()
    spelt: dict[int, re.Match[str]] = {}
    found: list[Found] = []
    if _ODD.search(folded):
        spelt = {match.start(): match for match in _SPELT.finditer(folded)}
        for match in _FIFTY.finditer(folded):
            found.append(_found(text, folded, match.start(), match.end(), "50"))
    done = 0
    for one in scan(folded, text):
        start, end, form = one.start, one.end, one.form
        if start < done:
            continue
        written = spelt.get(start) if spelt else None
        if written and written.end() >= end:
            done = written.end()
            found.append(_found(text, folded, start, done, _general(_spelt_value(written), 0)))
            continue
        following = folded[end : end + 1]
        if form == "about" or (following in _PERCENT_FIRST and _is_percent(folded, one)):
            continue
        if form == "chinese" and end - start <= 2:
            inner = one.inner
            if folded[inner : inner + 2] in WORD_STARTS:
                word = WORD.match(folded, inner)
                if word and word.end() >= end:
                    continue
            if following in _CURRENCY_FIRST and end - start == 1 and CURRENCY.match(folded, end):
                continue
        number = one.number
        if form == "rate":
            start = one.inner
        elif following and following in " 打" and (dozen := _DOZEN.match(folded, end)):
            end, number = dozen.end(), number * 12
        found.append(_found(text, folded, start, end, _general(number, one.places)))
    return found if len(found) < 2 else _in_order(found)


def percents(text: str) -> list[Found]:
    """The percent model; values are percentages."""
    folded = fold(text).lower()
    if "://" in folded:
        folded = ADDRESS.sub(lambda match: " " * len(match[0]), folded)
    found: list[Found] = []
    if ("折" in folded or "半" in folded) and _SPECIAL.search(folded):
        found = [_found(text, folded, *special) for special in _special(folded)]
    for one in scan(folded, text):
        end, number, places = one.end, one.number, one.places
        following = folded[end : end + 1]
        rate = one.form == "rate"
        if not (rate or following in _PERCENT_FIRST) or one.form == "about":
            continue
        if following in _THOUSANDS_FIRST and (suffix := _THOUSANDS.match(folded, end)):
            number, end = number * _SUFFIX[suffix[1]], suffix.end()
        if rate:
            number, places = number * 100, places + _POWERS.get(one.per, 0)
        elif follows := _PERCENT.match(folded, end):
            end = follows.end()
        elif tenth := _TENTH.match(folded, end):
            whole = number * 10 if not tenth[2] or number < 10 * 10**places else number
            if tenth[2] and number == 10 * 10**places:
                continue  # 十折 is no price
            rest = 5 if tenth[1] == "半" else DIGITS[tenth[1] or "零"]
            number, end = whole + rest * 10**places, tenth.end()
        else:
            continue
        found.append(_found(text, folded, one.start, end, _general(number, places) + "%"))
    return found if len(found) < 2 else _in_order(found)


def _found(text: str, folded: str, start: int, end: int, value: str) -> Found:
    words = text[start:end]
    if words != folded[start:end]:
        words = half_width(words).lower()
    return Found(words, start, end - 1, value)


def _in_order(found: list[Found]) -> list[Found]:
    """By place, without what overlaps the one before it."""
    left: list[Found] = []
    taken = -1
    for one in sorted(found, key=lambda two: two.start):
        if one.start > taken:
            left.append(one)
            taken = one.end
    return left


def _is_percent(folded: str, one: Numeral) -> bool:
    follows = _PERCENT.match(folded, one.end)
    if follows:
        return "%" in follows[0]
    return one.form != "rate" and bool(_TENTH.match(folded, one.end))


def _special(folded: str) -> Iterator[tuple[int, int, str]]:
    """半成, 对折, 三八折, 7 2 折."""
    for match in _HALF.finditer(folded):
        yield match.start(), match.end(), "5%" if match[0] == "半成" else "50%"
    for match in _TWO_DIGITS.finditer(folded):
        tens, ones = match[1] or match[3], match[2] or match[4]
        both = DIGITS[tens] * 10 + DIGITS[ones] if match[1] else int(tens + ones)
        yield match.start(), match.end(), f"{both}%"


def _spelt_value(match: re.Match[str]) -> Fraction:
    if match["lower"]:
        lower = int(match["lower"])
        value = Fraction(int(match["whole"] or 0))
        value += Fraction(int(match["upper"]), lower) if lower else 0
    else:
        value = Fraction(match["base"])
        if match["suffix"]:
            value *= _SUFFIX[match["suffix"]]
        elif match["exponent"]:
            power = max(-_MOST_POWER, min(_MOST_POWER, int(match["exponent"])))
            value *= Fraction(10) ** power
        else:
            signs, digits = re.fullmatch(r"([-+]*)(\d+)", match["power"]).groups()  # type: ignore[union-attr]
            power = min(_MOST_POWER, int(digits)) * (-1) ** signs.count("-")
            value = _power(value, power)
    return -value if match["sign"] else value


def _power(base: Fraction, power: int) -> Fraction:
    try:  # as a double, which is what the suite was made with
        return Fraction(float(base) ** power)
    except (OverflowError, ZeroDivisionError):
        return Fraction(0)


def _general(number: Exact, places: int) -> str:
    """As a double with 15 digits is written: 5E-06, 0.000714285714285714, -1.2732E+15."""
    if not places and isinstance(number, int) and -_MOST < number < _MOST:
        return str(number)
    try:
        return format(float(number / 10**places if places else number), f".{_DIGITS}G")
    except OverflowError:
        return "-INF" if number < 0 else "INF"


#: file of a suite -> its model
SUITES: dict[str, Callable[[str], list[Found]]] = {
    "NumberModel.json": numbers,
    "PercentModel.json": percents,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One suite as it was run: names and inputs of the cases that failed."""

    suite: str
    passed: int
    failed: tuple[str, ...]


def run(
    folder: Path, models: dict[str, Callable[[str], list[Found]]] | None = None
) -> list[Outcome]:
    """Run the suites of a folder: that of the two files, or one above it with Number/Chinese.

    A case passes where texts, places and values are all as asked. Raises Unreadable.
    """
    outcomes = []
    for name, model in (SUITES if models is None else models).items():
        failed = []
        cases = load(folder, name)
        for case in cases:
            if not passes(case, model(case["Input"])):
                failed.append(case["Input"])
        outcomes.append(
            Outcome(name.removesuffix(".json"), len(cases) - len(failed), tuple(failed))
        )
    return outcomes


def load(folder: Path, name: str) -> list[dict[str, Any]]:
    """The cases of one suite. Raises Unreadable."""
    places = (
        folder,
        folder / "Chinese",
        folder / "Number/Chinese",
        folder / "Specs/Number/Chinese",
    )
    path = next((place / name for place in places if (place / name).is_file()), None)
    if path is None:
        raise Unreadable(("vectors_missing", {"folder": str(folder), "name": name}))
    try:
        cases = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise Unreadable(("vectors_broken", {"name": str(path), "fault": str(error)})) from error
    if not isinstance(cases, list) or not all(
        isinstance(one, dict) and {"Input", "Results"} <= one.keys() for one in cases
    ):
        raise Unreadable(("vectors_broken", {"name": str(path), "fault": "Input, Results"}))
    return cases


def passes(case: dict[str, Any], found: list[Found]) -> bool:
    """Whether a model found what a case asks for."""
    asked = case["Results"]
    if len(asked) != len(found):
        return False
    for one, ours in zip(asked, found, strict=True):
        if one["Text"] != ours.text:
            return False
        if "Start" in one and (one["Start"], one["End"]) != (ours.start, ours.end):
            return False
        value = (one.get("Resolution") or {}).get("value")
        if value is not None and not case.get("IgnoreResolution") and value != ours.value:
            return False
    return True
