"""Check a settlement from the claims themselves, batch by batch (pyarrow), in exact fractions."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from ..contract import Reason, Verdict
from .problem import Settlement, SettlementProblem, SettlementSettings


def check(
    problem: SettlementProblem, settings: SettlementSettings, solution: Settlement
) -> Verdict:
    """Recount every account; name each alliance whose figures do not follow, and what is lost."""
    count = len(problem.alliances)
    within, outside, rows = _count(problem)
    broken: list[Reason] = []
    total = sum(within.values()) + sum(outside.values())
    if (rows, total) != (solution.rows, solution.claimed):
        broken.append(("settlement.lost", {"rows": rows, "fen": total}))
    for home, visit, _, fen in problem.appeals:
        within[home, visit] = within.get((home, visit), 0) + fen
    heads = problem.heads.astype(object)
    pool = problem.per_head * int(heads.sum()) - sum(fen for _, fen in problem.deductions)
    weights = heads @ problem.weight.astype(object)
    if pool != solution.pool or pool != sum(one.budget for one in solution.accounts):
        broken.append(("settlement.pool_lost", {"pool": pool}))
    for at, one in enumerate(solution.accounts):
        name = {"alliance": one.alliance}
        exact = Fraction(pool * int(weights[at]), int(sum(weights)))
        spent = sum(within.get((at, visit), 0) for visit in range(count))
        gap = one.budget - spent
        kept = max(gap, 0) * int(problem.score[at]) // 1000
        over = max(-gap, 0)
        shared = min(over, int(one.budget * Fraction(settings.band)))
        fund = int(shared * Fraction(settings.fund_share))
        prepaid = int(one.budget * Fraction(settings.prepaid))
        received = sum(within.get((home, at), 0) for home in range(count) if home != at)
        paid = sum(within.get((at, visit), 0) for visit in range(count) if visit != at)
        due = min(spent, one.budget) + kept + fund if gap < 0 else spent + kept
        wanted = (
            *(spent, kept, max(gap, 0) - kept, fund, over - fund, due, received, paid),
            *(due - prepaid + received - paid,),
            sum(outside.get((home, at), 0) for home in range(count)),
        )
        told = (
            *(one.spent, one.retained, one.returned, one.fund_bears, one.alliance_bears, one.due),
            *(one.received, one.paid, one.final, one.apart),
        )
        even = len(one.prepaid) == 12 and max(one.prepaid) - min(one.prepaid) <= 1
        right = abs(one.budget - exact) < 1 and even and sum(one.prepaid) == prepaid
        if told != wanted or not right or one.alliance != problem.alliances[at]:
            broken.append(("settlement.account_wrong", name))
    if len(solution.accounts) != count:
        broken.append(("settlement.account_missing", {}))
    return Verdict(
        objective=sum(one.due for one in solution.accounts),
        broken=broken,
        reasons=[] if broken else list(_reasons(solution)),
    )


def _reasons(solution: Settlement) -> Iterator[Reason]:
    """Yield what each alliance gives back, and what it bears itself, of accounts that are right."""
    for one in solution.accounts:
        name: dict[str, Any] = {"alliance": one.alliance}
        over = one.spent - one.budget
        if 0 < -over != one.retained:
            yield (
                "settlement.returned",
                name | {"retained": one.retained, "returned": -over - one.retained},
            )
        if over > one.fund_bears:
            shares = {"over": over, "fund": one.fund_bears, "own": over - one.fund_bears}
            yield ("settlement.overspent", name | shares)


def _count(
    problem: SettlementProblem,
) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int], int]:
    places = {name: at for at, name in enumerate(problem.alliances)}
    within: dict[tuple[int, int], int] = {}
    outside: dict[tuple[int, int], int] = {}
    rows = 0
    file = pq.ParquetFile(problem.claims)
    for batch in file.iter_batches(1 << 20, columns=["home", "visit", "fund_fen", "excluded"]):
        groups = batch_groups(batch)
        for (home, visit, apart), fen in groups.items():
            table = outside if apart else within
            key = places[home], places[visit]
            table[key] = table.get(key, 0) + fen
        rows += batch.num_rows
    return within, outside, rows


def batch_groups(batch: object) -> dict[tuple[str, str, bool], int]:
    """Sum a batch's fen by home, visit and excluded, in whole numbers."""
    codes, names = [], []
    for name in ("home", "visit"):
        encoded = batch.column(name).dictionary_encode()  # type: ignore[attr-defined]
        codes.append(encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64))
        names.append(encoded.dictionary.to_pylist())
    apart = batch.column("excluded").to_numpy(zero_copy_only=False)  # type: ignore[attr-defined]
    fen = batch.column("fund_fen").to_numpy(zero_copy_only=False)  # type: ignore[attr-defined]
    keys = (codes[0] * len(names[1]) + codes[1]) * 2 + apart
    order = np.argsort(keys, kind="stable")
    unique, first = np.unique(keys[order], return_index=True)
    # two halves, so that no sum of a batch leaves 64 bits
    amounts = fen[order].astype(np.int64)
    high, low = amounts >> 32, amounts & 0xFFFFFFFF
    halves = [np.add.reduceat(one, first).tolist() if len(first) else [] for one in (high, low)]
    sums = [(a << 32) + b for a, b in zip(*halves, strict=True)]
    return {
        (
            names[0][key // 2 // len(names[1])],
            names[1][key // 2 % len(names[1])],
            bool(key % 2),
        ): fen_sum
        for key, fen_sum in zip(unique.tolist(), sums, strict=True)
    }
