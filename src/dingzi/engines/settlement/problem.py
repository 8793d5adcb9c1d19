"""The problem, the settings and the solution of ``settlement``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from ..contract import Settings
from ..errors import BadProblem, BadSettings

Ints = NDArray[np.int64]
#: the largest single amount, fen; sums are of Python's unbounded whole numbers
LARGEST = 10**15
MONTHS = 12


@dataclass(frozen=True, kw_only=True, eq=False)
class SettlementProblem:
    """A year's claims and what was agreed for it.

    Parameters
    ----------
    alliances : (A,) names
    classes : (C,) names of risk classes (ages, chronic illness)
    heads : (A, C) int64, insured people
    weight : (C,) int64, what a person of the class counts, in thousandths
    score : (A,) int64, result of the assessment, in thousandths, 0 to 1000
    per_head : int, fen a year
    deductions : (name, fen) pairs taken off before the pool is shared: risk reserve, serious
        illness insurance, items paid apart
    claims
        Parquet file: home, visit (alliances), month (1-12), fund_fen (what the fund pays; negative
        reverses), excluded (paid outside the budget).
    appeals
        (home, visit, month, fen) that a ruling adds to the claims, or takes off.
    source
        Where it was read, for errors.
    """

    alliances: Sequence[str]
    classes: Sequence[str]
    heads: Ints
    weight: Ints
    score: Ints
    per_head: int
    deductions: tuple[tuple[str, int], ...]
    claims: Path
    appeals: tuple[tuple[int, int, int, int], ...] = ()
    source: str = "problem"

    def __post_init__(self) -> None:
        count, classes = len(self.alliances), len(self.classes)
        if not count or self.heads.shape != (count, classes) or self.weight.shape != (classes,):
            self._refuse("settlement.shape")
        if self.score.shape != (count,) or len(set(self.alliances)) < count:
            self._refuse("settlement.shape")
        if (self.heads < 0).any() or (self.weight < 1).any() or (self.heads > 10**9).any():
            self._refuse("settlement.range", name="heads, weight")
        if ((self.score < 0) | (self.score > 1000)).any():
            self._refuse("settlement.range", name="score")
        amounts = [self.per_head, *(fen for _, fen in self.deductions)]
        if any(not 0 <= fen <= LARGEST for fen in amounts):
            self._refuse("settlement.range", name="per_head, deductions")
        if not self.heads.sum():
            self._refuse("settlement.nobody")
        for home, visit, month, fen in self.appeals:
            within = 0 <= home < count and 0 <= visit < count and 1 <= month <= MONTHS
            if not within or abs(fen) > LARGEST:
                self._refuse("settlement.range", name="appeals")

    def _refuse(self, code: str, **params: Any) -> NoReturn:
        raise BadProblem(self.source, None, code, params)


@dataclass(frozen=True, kw_only=True)
class SettlementSettings(Settings):
    """The rates of the contract; every one is agreed, none is of law.

    Parameters
    ----------
    prepaid
        Share of the budget paid in twelve parts.
    band, fund_share
        Overspending up to ``band`` of the budget is shared: the fund bears ``fund_share`` of it.
        What is beyond the band the alliance bears.
    memory
        MiB that DuckDB may use.
    """

    prepaid: Decimal = Decimal("0.90")
    band: Decimal = Decimal("0.10")
    fund_share: Decimal = Decimal("0.50")
    memory: int = 1024

    def __post_init__(self) -> None:
        Settings.__post_init__(self)
        for name in ("prepaid", "band", "fund_share"):
            value = getattr(self, name)
            if not value.is_finite() or not 0 <= value <= 1 or value.as_tuple().exponent < -6:
                raise BadSettings("settlement.rate", {"name": name, "found": str(value)})
        if self.memory < 64:
            raise BadSettings("settlement.memory", {"found": self.memory})


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One alliance's year, fen. ``budget + fund_bears == due + returned`` always.

    Parameters
    ----------
    budget
        Its share of the pool.
    spent
        What its people's claims within the budget cost, wherever they went.
    retained, returned
        Of a surplus: kept by the score, given back to the fund.
    fund_bears, alliance_bears
        Of an overspend.
    due
        What the fund owes for the year: ``spent + retained - alliance_bears``.
    prepaid
        (12,) monthly payments.
    received, paid
        Cross-alliance visits: from others' people treated here, to others for its own people.
    final
        ``due - sum(prepaid) + received - paid``: paid at the end, or paid back where negative.
    apart
        Claims outside the budget, treated here, paid by the fund beside all this.
    """

    alliance: str
    budget: int
    spent: int
    retained: int
    returned: int
    fund_bears: int
    alliance_bears: int
    due: int
    prepaid: tuple[int, ...]
    received: int
    paid: int
    final: int
    apart: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """``pool`` (fen), rows and fen read, appeals added, and an account for each alliance."""

    pool: int
    rows: int
    claimed: int
    appealed: int
    accounts: tuple[Account, ...]
