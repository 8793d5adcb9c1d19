"""Check an award from bids and rules alone, product by product, in plain Python fractions."""

from __future__ import annotations

from fractions import Fraction

from ..contract import Reason, Verdict
from .deciding import judge_round, reasons, spent, ties
from .problem import Award, AwardProblem, AwardSettings
from .rulebook import RuleBook, step


def check(problem: AwardProblem, settings: AwardSettings, solution: Award) -> Verdict:
    """Judge every product again, slowly, and compare who won, at what price, and what each region
    gets."""
    broken: list[Reason] = []
    tie = ties(problem, settings.seed).tolist()
    of: dict[int, list[int]] = {}
    for at in range(len(problem.price)):
        of.setdefault(int(problem.product[at]), []).append(at)
    for product, name in enumerate(problem.products):
        bids = [
            at for at in of.get(product, [])
            if problem.qualified[at] and problem.price[at] <= problem.ceiling[product]
        ]  # fmt: skip
        bids.sort(key=lambda at: (int(problem.price[at]), tie[at]))
        winners = _winners(problem, settings.rules, product, bids)
        told = {at: int(solution.price[at]) for at in of.get(product, []) if solution.rank[at] >= 0}
        if told != dict(winners):
            broken.append(("award.wrong_winners", {"product": name}))
            continue
        broken += _regions(problem, settings.rules, solution, product, [at for at, _ in winners])
    again = [] if broken else reasons(problem, judge_round(problem, settings))
    return Verdict(objective=spent(solution), broken=broken, reasons=again)


def _winners(
    problem: AwardProblem, rules: RuleBook, product: int, bids: list[int]
) -> list[tuple[int, int]]:
    """Return (bid, price) of the winners in their order."""
    most = step(rules.winners, len(bids), 0)
    if len(bids) < rules.entry or not most:
        return []
    prices = [int(problem.price[at]) for at in bids]
    limit: Fraction | None = None
    if rules.factor is not None:
        anchor = Fraction(prices[0])
        if rules.of == "anchor":
            short = prices[:most]
            anchor = max(anchor, rules.anchor_share * sum(short) / len(short))
        limit = rules.factor * anchor
    passed: list[tuple[int, int]] = []
    stopped: list[tuple[int, int]] = []
    for place, (at, price) in enumerate(zip(bids, prices, strict=True)):
        if rules.not_highest and len(bids) > 1 and place == len(bids) - 1:
            continue
        low = rules.exempt is not None and price <= rules.exempt
        ceiling = int(problem.ceiling[product])
        low = low or (rules.cut is not None and price <= ceiling * (1 - rules.cut))
        (passed if limit is None or price <= limit or low else stopped).append((at, price))
    winners = passed[:most]
    if rules.revival and limit is not None:
        revived = [(at, int(limit)) for at, _ in stopped if problem.revives[at]]
        winners += revived[: most - len(winners)]
    return winners


def _regions(
    problem: AwardProblem, rules: RuleBook, solution: Award, product: int, winners: list[int]
) -> list[Reason]:
    name = {"product": problem.products[product]}
    main = solution.main[product].tolist()
    backup = solution.backup[product].tolist()
    share = step(rules.shares, len(winners), Fraction(0))
    wanted = [int(volume * share) if winners else 0 for volume in problem.volume[product].tolist()]
    if solution.agreed[product].tolist() != wanted:
        return [("award.wrong_volume", name)]
    order = sorted(
        range(len(main)), key=lambda r: (-int(problem.volume[product, r]), problem.regions[r])
    )
    expected = [winners[turn % len(winners)] if winners else -1 for turn in range(len(order))]
    if [main[region] for region in order] != expected:
        return [("award.wrong_regions", name)]
    for one, other in zip(main, backup, strict=True):
        wants = rules.backup and len(winners) > 1
        if (other >= 0) != wants or (wants and (other == one or other not in winners)):
            return [("award.wrong_backup", name)]
    return []
