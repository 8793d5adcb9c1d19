"""``decide``: judge a whole round under its rule book."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np

from ..contract import Reason, Result
from .problem import Award, AwardProblem, AwardSettings, Ints
from .ranking import BEYOND, BROKEN, HIGHEST, TOO_FEW, judge_all, numbers, winning_price
from .regions import assign
from .rulebook import exempt_price, step

_INVALID, _UNQUALIFIED, _OVER = -1, -2, -3
CODES = {
    BEYOND: "award.beyond",
    BROKEN: "award.broken",
    HIGHEST: "award.highest",
    TOO_FEW: "award.too_few",
    _UNQUALIFIED: "award.unqualified",
    _OVER: "award.over_ceiling",
}
#: whoever loses so would have lost with any bid
HOPELESS = ("award.too_few", "award.unqualified")


def decide(problem: AwardProblem, settings: AwardSettings) -> Result[Award]:
    """Rank the bids of each product, break, revive, choose, and give each region a supplier.

    The rules leave nothing to optimise, so the stop is not used and objective and bound are both
    the money agreed, in fen. Each losing bid has a reason with the highest bid that would have won
    outright, all others the same (0: none would have).
    """
    watch = settings.stop.start()
    judged = judge_round(problem, settings)
    main, backup, agreed = assign(problem, settings.rules, judged.rank)
    award = Award(
        rank=judged.rank, price=judged.won_at, main=main, backup=backup, agreed=agreed,
        years=_years(problem, settings, judged.rank),
    )  # fmt: skip
    money = spent(award)
    return Result(
        status="optimal",
        solution=award,
        objective=money,
        bound=money,
        reasons=[*reasons(problem, judged), *unsupplied(problem, award)],
        seed=settings.seed,
        solver="rules",
        version=version("dingzi"),
        seconds=watch.seconds,
    )


def _years(problem: AwardProblem, settings: AwardSettings, rank: Ints) -> Ints:
    won = np.bincount(problem.product[rank >= 0], minlength=len(problem.products))
    return np.array(
        [step(settings.rules.years, int(one), 0) if one else 0 for one in won], np.int64
    )


def unsupplied(problem: AwardProblem, award: Award) -> list[Reason]:
    """Return a reason for each region of an awarded product that no winner has the capacity for."""
    won = np.zeros(len(problem.products), np.bool_)
    won[problem.product[award.rank >= 0]] = True
    return [
        ("award.no_capacity", {"product": problem.products[p], "region": problem.regions[r]})
        for p, r in np.argwhere((award.main < 0) & won[:, None]).tolist()
    ]


def spent(award: Award) -> int:
    """Return what the agreed volumes cost at the awarded prices, fen."""
    supplied = award.main >= 0
    prices = award.price[award.main[supplied]]
    return int((award.agreed[supplied].astype(object) * prices).sum()) if len(prices) else 0


@dataclass(frozen=True, slots=True)
class Judged:
    """For each bid: its state, place among the winners (-1), price, and the bid that would win."""

    state: Ints
    rank: Ints
    won_at: Ints
    needed: Ints


def judge_round(problem: AwardProblem, settings: AwardSettings) -> Judged:
    bids = len(problem.price)
    state = np.full(bids, _INVALID)
    over = problem.price > problem.ceiling[problem.product]
    state[over] = _OVER
    state[~problem.qualified] = _UNQUALIFIED
    rank, won_at, needed = np.full(bids, -1), np.zeros(bids, np.int64), np.zeros(bids, np.int64)
    # whoever is qualified counts as a bidder; above the ceiling is no bid
    valid = np.flatnonzero(problem.qualified & ~over)
    valid = valid[np.argsort(problem.product[valid], kind="stable")]
    begin = np.searchsorted(problem.product[valid], np.arange(len(problem.products) + 1))
    most = int(np.diff(begin).max(initial=0))
    bys = np.array([numbers(settings.rules, count) for count in range(most + 1)])
    inner = (np.zeros(len(valid), np.int64), np.zeros(len(valid), np.int64))
    inner_rank, inner_needed = np.full(len(valid), -1), np.zeros(len(valid), np.int64)
    exempt = np.array([exempt_price(settings.rules, form) for form in problem.forms], np.int64)
    judge_all(
        begin, problem.price[valid], ties(problem, settings.seed)[valid], problem.ceiling, exempt,
        problem.revives[valid], bys, inner[0], inner[1], inner_rank, inner_needed,
    )  # fmt: skip
    state[valid], won_at[valid], rank[valid] = inner[0], inner[1], inner_rank
    needed[valid] = inner_needed
    _over_the_ceiling(
        problem, settings, valid, begin, np.flatnonzero(over & problem.qualified), needed
    )
    return Judged(state, rank, won_at, needed)


def _over_the_ceiling(
    problem: AwardProblem, settings: AwardSettings, valid: Ints, begin: Ints, over: Ints,
    needed: Ints,
) -> None:  # fmt: skip
    """Fill in what a bid that did not count for its price would have won with, beside the others."""
    tie = ties(problem, settings.seed) if len(over) else np.zeros(0, np.int64)
    for at in over.tolist():
        product = int(problem.product[at])
        beside = np.append(valid[begin[product] : begin[product + 1]], at)
        needed[at] = winning_price(
            len(beside) - 1, problem.price[beside], tie[beside], problem.ceiling[product],
            exempt_price(settings.rules, problem.forms[product]), problem.revives[beside], numbers(settings.rules, len(beside)),
        )  # fmt: skip


def ties(problem: AwardProblem, seed: int) -> Ints:
    """Return (N,) distinct numbers; of equal prices the lower goes first: score, then the lot.

    The lot is a digest of the seed, the product and the bidder by name: the same whatever order
    the bids come in, and nobody's to choose once the seed is drawn in public.
    """
    names = [
        hashlib.sha256(f"{seed}\0{problem.products[p]}\0{problem.bidders[b]}".encode()).digest()[:8]
        for p, b in zip(problem.product.tolist(), problem.bidder.tolist(), strict=True)
    ]
    lots = np.array([int.from_bytes(one) for one in names], np.uint64)
    order = np.lexsort((lots, -problem.score))
    places = np.empty(len(names), np.int64)
    places[order] = np.arange(len(names))
    return places


def reasons(problem: AwardProblem, judged: Judged) -> list[Reason]:
    found: list[Reason] = []
    for at in np.flatnonzero(judged.rank < 0).tolist():
        found.append(reason(problem, at, CODES[int(judged.state[at])], int(judged.needed[at])))
    return found


def reason(problem: AwardProblem, at: int, code: str, needed: int) -> Reason:
    """Return why a bid lost; ``needed`` 0: no bid of its own would have won."""
    if not needed and code in ("award.beyond", "award.broken", "award.highest"):
        code = "award.never"
    return (
        code,
        {
            "product": problem.products[problem.product[at]],
            "bidder": problem.bidders[problem.bidder[at]],
            "bid": int(problem.price[at]),
            "needed": needed,
        },
    )
