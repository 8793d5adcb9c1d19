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
from .numerals import scan
from .pieces import DIGITS, Exact, figures
from .writing import FOLDED_SMALL, HALF_WIDTH_SMALL

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
#: one of these stands behind the first figures of what only the suites write: 2^5, 40k, 4 6/3
_ODD = "^/kmgte ."
#: with what a percent sign or its words can begin, a thousand, a dozen or another country's money
_PERCENT_FIRST = " %个百成折kmgt"
_SUFFIX_FIRST = " kmgt"
_NOTED = f"{_ODD}{_PERCENT_FIRST}打美欧英港日卢"
_POWERS = {10**power: power for power in range(17)}
_DOZEN = re.compile(r" ?打(?![击造破通开好赢响牢卡下断折扫动算])")
_PERCENT = re.compile(r"(?: ?[kmgt])? *(?:%|个? *百 *分 *点)")
_TENTH = re.compile(
    r" *(?:成(?: *(半|[一二三四五六七八九]))?|(折))(?![立员为功果本绩长就熟交分品型])"
)
_THOUSANDS = re.compile(r" ?([kmgt])(?![a-z])")
_SPECIAL = re.compile(
    r"半[成折]|(?<=打)对折|([一二三四五六七八九])\s*([一二三四五六七八九])\s*折|(\d)\s+(\d)\s*折"
)
#: makes a named tuple in half the time of its own
_new = tuple.__new__


class Found(NamedTuple):
    """What a model finds: the folded text, where it stands (both ends included), its value."""

    text: str
    start: int
    end: int
    value: str


def numbers(text: str) -> list[Found]:
    """The number model."""
    folded = text.translate(FOLDED_SMALL)
    plain = text if folded == text else text.translate(HALF_WIDTH_SMALL)
    size, done, found = len(folded), 0, []
    for start, end, number, places, _, form, inner, _, _, _ in scan(folded, text):
        if form == "about" or start < done:
            continue
        if end < size and (following := folded[end]) in _NOTED:
            if following in _ODD and form == "arabic" and (written := _SPELT.match(folded, start)) and written.end() >= end:  # fmt: skip
                done, value = written.end(), _general(_spelt_value(written), 0)
                found.append(_new(Found, (plain[start:done], start, done - 1, value)))
                continue
            if following in _PERCENT_FIRST and _is_percent(folded, end, form):
                continue
            if form == "chinese" and end - start == 1 and CURRENCY.match(folded, end):
                continue
            if form != "rate" and (dozen := _DOZEN.match(folded, end)):
                end, number = dozen.end(), number * 12
        if form == "rate":
            start = inner
        elif form == "chinese" and end - start < 3 and folded[inner : inner + 2] in WORD_STARTS:
            word = WORD.match(folded, inner)
            if word and word.end() >= end:
                continue
        found.append(_new(Found, (plain[start:end], start, end - 1, _general(number, places))))
    if "半百" in folded:
        spans = [match.span() for match in re.finditer("半百", folded)]
        more = [Found(plain[start:end], start, end - 1, "50") for start, end in spans]
        found = _in_order([*more, *found])
    return found


def percents(text: str) -> list[Found]:
    """The percent model; values are percentages."""
    folded = text.translate(FOLDED_SMALL)
    plain = text if folded == text else text.translate(HALF_WIDTH_SMALL)
    if "://" in folded:
        folded = ADDRESS.sub(lambda match: " " * len(match[0]), folded)
    size, found = len(folded), []
    for start, end, number, places, _, form, _, per, _, _ in scan(folded, text):
        following = folded[end] if end < size else ""
        if form == "rate":
            if per != 100:
                number, places = number * 100, places + _POWERS.get(per, 0)
        elif not following or following not in _PERCENT_FIRST or form == "about":
            continue
        if following and following in _SUFFIX_FIRST and (suffix := _THOUSANDS.match(folded, end)):
            number, end = number * _SUFFIX[suffix[1]], suffix.end()
        if form == "rate":
            pass
        elif following == "%":
            end += 1
        elif following not in "成折" and (follows := _PERCENT.match(folded, end)):
            end = follows.end()
        elif tenth := _TENTH.match(folded, end):
            whole = number * 10 if not tenth[2] or number < 10 * 10**places else number
            if tenth[2] and number == 10 * 10**places:
                continue  # 十折 is no price
            rest = 5 if tenth[1] == "半" else DIGITS[tenth[1] or "零"]
            number, end = whole + rest * 10**places, tenth.end()
        else:
            continue
        value = _general(number, places) + "%"
        found.append(_new(Found, (plain[start:end], start, end - 1, value)))
    if "折" in folded or "半" in folded:
        found = [*_special(folded, plain), *found]
    return found if len(found) < 2 else _in_order(found)


def _in_order(found: list[Found]) -> list[Found]:
    """By place, without what overlaps the one before it."""
    left: list[Found] = []
    taken = -1
    for one in sorted(found, key=lambda two: two.start):
        if one.start > taken:
            left.append(one)
            taken = one.end
    return left


def _is_percent(folded: str, end: int, form: str) -> bool:
    follows = _PERCENT.match(folded, end)
    if follows:
        return "%" in follows[0]
    return form != "rate" and bool(_TENTH.match(folded, end))


def _special(folded: str, plain: str) -> Iterator[Found]:
    """半成, 对折, 三八折, 7 2 折."""
    for match in _SPECIAL.finditer(folded):
        tens, ones = match[1] or match[3], match[2] or match[4]
        if tens:
            value = DIGITS[tens] * 10 + DIGITS[ones] if match[1] else int(tens + ones)
        else:
            value = 5 if match[0] == "半成" else 50
        start, end = match.span()
        yield Found(plain[start:end], start, end - 1, f"{value}%")


def _spelt_value(match: re.Match[str]) -> float:
    """The value as a double, with which the suites were made."""
    sign = -1 if match["sign"] else 1
    if match["lower"]:
        whole, lower = int(match["whole"] or 0), int(match["lower"])
        upper = whole * lower + int(match["upper"])
        return sign * upper / lower if lower else sign * whole
    number, places = figures(match["base"])
    if match["suffix"]:
        return sign * number * _SUFFIX[match["suffix"]] / 10**places
    try:
        if match["exponent"]:
            power = max(-_MOST_POWER, min(_MOST_POWER, int(match["exponent"]))) - places
            return sign * number * 10**power if power >= 0 else sign * number / 10**-power
        digits = match["power"].lstrip("-+")
        signs = match["power"].count("-")
        return sign * (number / 10**places) ** (min(_MOST_POWER, int(digits)) * (-1) ** signs)
    except (OverflowError, ZeroDivisionError):
        return 0.0


def _general(number: Exact | float, places: int) -> str:
    """As a double with 15 digits is written: 5E-06, 0.000714285714285714, -1.2732E+15."""
    try:
        if type(number) is int:
            if places:
                return f"{number / 10**places:.15G}"
            if -_MOST < number < _MOST:
                return str(number)
        elif isinstance(number, Fraction):
            number = number.numerator / (number.denominator * 10**places)
        return f"{float(number):.15G}"
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
