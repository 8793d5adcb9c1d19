"""``decide``: settle a year."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version

from ..contract import Reason, Result
from .claiming import Summed, sum_claims
from .problem import MONTHS, Account, Settlement, SettlementProblem, SettlementSettings
from .sharing import apportion, share_of


def decide(problem: SettlementProblem, settings: SettlementSettings) -> Result[Settlement]:
    """Settle a year's budgets in whole fen; objective and bound are what the fund owes in all.

    There is nothing to optimise: the stop is not used and the same input gives the same accounts,
    with any number of cores. Infeasible where the deductions take more than there is; the reasons
    are then the smallest number of deductions that do.
    """
    watch = settings.stop.start()
    common = {"seed": settings.seed, "solver": "duckdb", "version": version("duckdb")}
    income = problem.per_head * int(problem.heads.sum())
    if sum(fen for _, fen in problem.deductions) > income:
        return Result(
            status="infeasible", solution=None, objective=None, bound=None,
            reasons=_too_much(problem, income), seconds=watch.seconds, **common,  # type: ignore[arg-type]
        )  # fmt: skip
    summed = sum_claims(problem, settings.memory, settings.stop.cores)
    made = settle(problem, settings, summed)
    owed = sum(one.due for one in made.accounts)
    return Result(
        status="optimal", solution=made, objective=owed, bound=owed,
        reasons=reasons(made), seconds=watch.seconds, **common,  # type: ignore[arg-type]
    )  # fmt: skip


def settle(problem: SettlementProblem, settings: SettlementSettings, summed: Summed) -> Settlement:
    pool = problem.per_head * int(problem.heads.sum())
    pool -= sum(fen for _, fen in problem.deductions)
    weights = [int(row @ problem.weight) for row in problem.heads]
    budgets = apportion(pool, weights)
    accounts = [
        _account(problem, settings, summed, at, budget) for at, budget in enumerate(budgets)
    ]
    appealed = sum(fen for *_, fen in problem.appeals)
    total = sum(map(sum, summed.within)) + sum(map(sum, summed.outside))
    return Settlement(
        pool=pool,
        rows=summed.rows,
        claimed=total - appealed,
        appealed=appealed,
        accounts=tuple(accounts),
    )


def _account(
    problem: SettlementProblem, settings: SettlementSettings, summed: Summed, at: int, budget: int
) -> Account:
    spent = sum(summed.within[at])
    surplus, over = max(budget - spent, 0), max(spent - budget, 0)
    retained = surplus * int(problem.score[at]) // 1000
    shared = min(over, share_of(budget, settings.band))
    fund_bears = share_of(shared, settings.fund_share)
    due = spent + retained - (over - fund_bears)
    prepaid = apportion(share_of(budget, settings.prepaid), [1] * MONTHS)
    others = [place for place in range(len(problem.alliances)) if place != at]
    received = sum(summed.within[home][at] for home in others)
    paid = sum(summed.within[at][visit] for visit in others)
    return Account(
        alliance=problem.alliances[at],
        budget=budget,
        spent=spent,
        retained=retained,
        returned=surplus - retained,
        fund_bears=fund_bears,
        alliance_bears=over - fund_bears,
        due=due,
        prepaid=tuple(prepaid),
        received=received,
        paid=paid,
        final=due - sum(prepaid) + received - paid,
        apart=sum(row[at] for row in summed.outside),
    )


def reasons(made: Settlement) -> list[Reason]:
    """Return why each alliance did not keep its whole surplus, or bears what it overspent."""
    found: list[Reason] = []
    for one in made.accounts:
        if one.returned:
            kept = {"retained": one.retained, "returned": one.returned}
            found.append(("settlement.returned", {"alliance": one.alliance} | kept))
        if one.alliance_bears:
            borne = {"alliance": one.alliance, "over": one.fund_bears + one.alliance_bears}
            params = borne | {"fund": one.fund_bears, "own": one.alliance_bears}
            found.append(("settlement.overspent", params))
    return found


def _too_much(problem: SettlementProblem, income: int) -> list[Reason]:
    """The largest deductions first, until they exceed the income: without any one they do not."""
    named = sorted(problem.deductions, key=lambda one: -one[1])
    taken: list[tuple[str, int]] = []
    for one in named:
        taken.append(one)
        if sum(fen for _, fen in taken) > income:
            break
    return [
        ("settlement.deduction", {"name": name, "fen": fen, "income": income})
        for name, fen in taken
    ]


@dataclass(frozen=True, slots=True)
class Rerun:
    """A settlement before and after rulings on appeals, and each alliance's change of ``final``."""

    before: Settlement
    after: Settlement
    change: dict[str, int]


def rerun(
    problem: SettlementProblem, settings: SettlementSettings,
    rulings: tuple[tuple[int, int, int, int], ...],
) -> Rerun:  # fmt: skip
    """Settle again with rulings added to the appeals known before; the claims are read once."""
    summed = sum_claims(replace(problem, appeals=()), settings.memory, settings.stop.cores)
    found = []
    for appeals in (problem.appeals, problem.appeals + rulings):
        within = [row.copy() for row in summed.within]
        for home, visit, _, fen in appeals:
            within[home][visit] += fen
        tried = replace(problem, appeals=appeals)
        found.append(settle(tried, settings, Summed(within, summed.outside, summed.rows)))
    before, after = found
    change = {
        one.alliance: two.final - one.final
        for one, two in zip(before.accounts, after.accounts, strict=True)
    }
    return Rerun(before, after, change)
