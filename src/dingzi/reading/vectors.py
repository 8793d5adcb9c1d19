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
from .lexicon import ADDRESS, CURRENCY, WORD
from .numerals import DIGITS, Exact, Numeral, scan
from .writing import fold, half_width

#: digits to which values are compared; a double holds no more
_DIGITS = 15
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
_SPELT_MARK = re.compile(r"[\^/kmgte]")
#: with what a percent sign or its words can begin
_PERCENT_FIRST = frozenset(" %个百成折kmgt")
_POWERS = {10**power: power for power in range(17)}
_DOZEN = re.compile(r" ?打(?![击造破通开好赢响牢卡下断折扫动算])")
_PERCENT = re.compile(r"(?: ?[kmgt])? *(?:%|个? *百 *分 *点)")
_TENTH = re.compile(
    r" *(?:成(?: *(半|[一二三四五六七八九]))?|(折))(?![立员为功果本绩长就熟交分品型])"
)
_TWO_DIGITS = re.compile(r"([一二三四五六七八九])\s*([一二三四五六七八九])\s*折|(\d)\s+(\d)\s*折")
_THOUSANDS = re.compile(r" ?([kmgt])(?![a-z])")
_HALF = re.compile(r"半[成折]|(?<=打)对折")
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
    found: list[Found] = []
    taken = 0
    for start, end, value in sorted(_numbers(folded, text)):
        if start >= taken:
            found.append(Found(_shown(text, start, end), start, end - 1, value))
            taken = end
    return found


def percents(text: str) -> list[Found]:
    """The percent model; values are percentages."""
    folded = fold(text).lower()
    found: list[Found] = []
    taken = 0
    for start, end, value in sorted(_percents(folded, text)):
        if start >= taken:
            found.append(Found(_shown(text, start, end), start, end - 1, value + "%"))
            taken = end
    return found


def _shown(text: str, start: int, end: int) -> str:
    return half_width(text[start:end]).lower()


def _numbers(folded: str, original: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and value of each."""
    spelt = {}
    if _SPELT_MARK.search(folded):
        spelt = {match.start(): match for match in _SPELT.finditer(folded)}
    done = 0
    if "半百" in folded:
        yield from ((match.start(), match.end(), "50") for match in _FIFTY.finditer(folded))
    for one in scan(folded, original):
        if one.start < done:
            continue
        match = spelt.get(one.start)
        if match and match.end() >= one.end:
            done = match.end()
            yield one.start, done, _general(_spelt_value(match), 0)
            continue
        following = folded[one.end : one.end + 1]
        if one.form == "about" or (following in _PERCENT_FIRST and _is_percent(folded, one)):
            continue
        if one.form == "chinese" and one.end - one.start <= 2:
            word = WORD.match(folded, one.inner)
            if word and word.end() >= one.end:
                continue
            if one.end - one.start == 1 and CURRENCY.match(folded, one.end):
                continue
        if one.form == "rate":
            yield one.inner, one.end, _general(one.number, one.places)
        elif following in " 打" and (dozen := _DOZEN.match(folded, one.end)):
            yield one.start, dozen.end(), _general(one.number * 12, one.places)
        else:
            yield one.start, one.end, _general(one.number, one.places)


def _is_percent(folded: str, one: Numeral) -> bool:
    follows = _PERCENT.match(folded, one.end)
    if follows:
        return "%" in follows[0]
    return one.form != "rate" and bool(_TENTH.match(folded, one.end))


def _percents(folded: str, original: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and value, in percent, of each."""
    hidden = [match.span() for match in ADDRESS.finditer(folded)] if "://" in folded else ()
    if "折" in folded or "半成" in folded:
        yield from _special(folded)
    for one in scan(folded, original):
        if one.form == "about" or (hidden and any(low <= one.start < high for low, high in hidden)):
            continue
        number, end = one.number, one.end
        if suffix := _THOUSANDS.match(folded, end):
            number, end = number * _SUFFIX[suffix[1]], suffix.end()
        if one.form == "rate":
            more = _POWERS.get(one.per, 0)
            yield one.start, end, _general(number * 100, one.places + more)
        elif folded[end : end + 1] not in _PERCENT_FIRST:
            continue
        elif follows := _PERCENT.match(folded, end):
            yield one.start, follows.end(), _general(number, one.places)
        elif tenth := _TENTH.match(folded, end):
            whole = number * 10 if not tenth[2] or number < 10 * 10**one.places else number
            if tenth[2] and number == 10 * 10**one.places:
                continue  # 十折 is no price
            rest = 5 if tenth[1] == "半" else DIGITS[tenth[1] or "零"]
            yield one.start, tenth.end(), _general(whole + rest * 10**one.places, one.places)


def _special(folded: str) -> Iterator[tuple[int, int, str]]:
    """半成, 对折, 三八折, 7 2 折."""
    for match in _HALF.finditer(folded):
        yield match.start(), match.end(), "5" if match[0] == "半成" else "50"
    for match in _TWO_DIGITS.finditer(folded):
        tens, ones = match[1] or match[3], match[2] or match[4]
        both = DIGITS[tens] * 10 + DIGITS[ones] if match[1] else int(tens + ones)
        yield match.start(), match.end(), str(both)


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
    if not places and isinstance(number, int) and -(10**_DIGITS) < number < 10**_DIGITS:
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
