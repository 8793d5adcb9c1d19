"""What a text says in numbers: claims, and numbers that are no claims."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from .errors import Reason
from .pieces import Exact

KINDS = ("count", "share", "change", "money", "measure", "rank")
#: digits of a decimal that does not end (三分之一)
_DIGITS = 12


@dataclass(slots=True, kw_only=True)
class Claim:
    """One numeric claim. ``text[start:end]`` are its words: number and unit.

    Attributes
    ----------
    kind : one of KINDS.
    value : in base units: 1.52万件 is 15200, 98.2 % is 491/500, a fall is negative; None of a range.
    low, high : the least and the greatest value that the stated precision and words such as 近, 余
        and 超过 admit, both included; None where they set no limit.
    unit : counter word or unit (件, 元, 公里); ``%``, ``‰`` and ``百分点`` as written, the value being
        a plain number; "" where there is none.
    direction : ``up``, ``down`` or "".
    against : what a change is measured from: ``year`` (同比), ``previous`` (环比), ``last_year``
        (较上年), a year, ``annual`` (年均), a place (全省平均); "" where it is not said.
    period : 2025, 2025H1, 2025Q3, 2025-08, 2025-01..2025-10, days 2025-01-01..2025-10-15, as of a day
        ..2025-10-31; the words themselves where the text does not say which year; "" for none.
    scope : 全市, 袁州区 ... as written; "" for none.
    part_of : index of the claim of which this is a part; None.
    before, after : the words around it in its clause, folded: what is counted.
    topic : the words of the clauses before it in its sentence, folded, nearest last.
    faults : what contradicts it in the text itself.
    """

    text: str
    start: int
    end: int
    kind: str
    value: Exact | None
    low: Exact | None
    high: Exact | None
    unit: str = ""
    direction: str = ""
    against: str = ""
    period: str = ""
    scope: str = ""
    part_of: int | None = None
    before: str = ""
    after: str = ""
    follows: int | None = None
    sentence: int = 0
    faults: list[Reason] = field(default_factory=list)


class SetAside(NamedTuple):
    """A number that is no claim; ``why`` is a code: name, rule, goal, date, phone, title, page ..."""

    text: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All numbers of a text, in order."""

    text: str
    claims: list[Claim]
    set_aside: list[SetAside]

    @property
    def contradicts_itself(self) -> bool:
        return any(one.faults for one in self.claims)


def decimal(value: Exact | None) -> str | None:
    """The value as a plain decimal: "15200", "-0.0208"; 12 digits where it does not end."""
    if value is None:
        return None
    exact = Fraction(value)
    below, twos, fives = exact.denominator, 0, 0
    while below % 2 == 0:
        below, twos = below // 2, twos + 1
    while below % 5 == 0:
        below, fives = below // 5, fives + 1
    places = max(twos, fives) if below == 1 else _DIGITS
    scaled = round(exact * 10**places)
    digits = str(abs(scaled)).rjust(places + 1, "0")
    whole, decimals = digits[: len(digits) - places], digits[len(digits) - places :].rstrip("0")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def as_data(claim: Claim) -> dict[str, Any]:
    """What the text alone tells of a claim, as built-in values."""
    return {
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "kind": claim.kind,
        "value": decimal(claim.value),
        "low": decimal(claim.low),
        "high": decimal(claim.high),
        "unit": claim.unit or None,
        "direction": claim.direction or None,
        "against": claim.against or None,
        "period": claim.period or None,
        "scope": claim.scope or None,
        "part_of": claim.part_of,
    }
