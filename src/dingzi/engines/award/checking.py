"""Check an award from bids and rules alone, product by product, in plain Python fractions."""

from __future__ import annotations

import hashlib
from fractions import Fraction

from ..contract import Reason, Verdict
from .budgeting import BudgetSettings, Buying
from .problem import Award, AwardProblem, AwardSettings, Ints
from .rulebook import RuleBook, exempt_price, step


def check(problem: AwardProblem, settings: AwardSettings, solution: Award) -> Verdict:
    """Judge every product again, slowly, and compare who won, at what price, and what each region
    gets."""
    broken: list[Reason] = []
    lost: list[tuple[int, Reason]] = []
    tie = [_lot(problem, settings.seed, at) for at in range(len(problem.price))]
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
        every = of.get(product, [])
        told = {at: int(solution.price[at]) for at in every if solution.rank[at] >= 0}
        places = {at: place for place, (at, _) in enumerate(winners)}
        ranked = all(int(solution.rank[at]) == places.get(at, -1) for at in every)
        paid = all(at in told or solution.price[at] == 0 for at in every)
        if told != dict(winners) or not ranked or not paid:
            broken.append(("award.wrong_winners", {"product": name}))
            continue
        years = step(settings.rules.years, len(winners), 0) if winners else 0
        if solution.years[product] != years:
            broken.append(("award.wrong_years", {"product": name}))
        broken += _regions(problem, settings.rules, solution, product, [at for at, _ in winners])
        bid = _Product(problem, settings.rules, product, bids, tie)
        lost += [(at, bid.why_lost(at)) for at in of.get(product, []) if at not in told]
    again = [] if broken else [one for _, one in sorted(lost, key=lambda pair: pair[0])]
    money = 0
    for product, name in enumerate(problem.products):
        for region, at in enumerate(solution.main[product].tolist()):
            if at >= 0:
                money += int(solution.agreed[product, region]) * int(solution.price[at])
            elif not broken and (solution.rank[of.get(product, [])] >= 0).any():
                empty = {"product": name, "region": problem.regions[region]}
                again.append(("award.no_capacity", empty))
    return Verdict(objective=money, broken=broken, reasons=again)


def _lot(problem: AwardProblem, seed: int, at: int) -> tuple[int, bytes]:
    """Return what decides between equal prices, the lower first: score, then the digest."""
    names = problem.products[problem.product[at]], problem.bidders[problem.bidder[at]]
    digest = hashlib.sha256("\0".join((str(seed), *names)).encode()).digest()
    return -int(problem.score[at]), digest[:8]


class _Product:
    """Why bids of one product lost, and with which price each would have won, by formula.

    A bid that wins outright is one of the shortlist, and with every lower price it wins too. So
    the highest such price is the least of: the ceiling, the price of the first bid that it must
    beat, and what the breaker lets pass with it among the shortlist.
    """

    def __init__(
        self, problem: AwardProblem, rules: RuleBook, product: int, bids: list[int],
        tie: list[tuple[int, bytes]],
    ) -> None:  # fmt: skip
        self.problem, self.rules, self.bids, self.tie = problem, rules, bids, tie
        self.ceiling = int(problem.ceiling[product])
        self.exempt = exempt_price(rules, problem.forms[product])
        self.prices = [int(problem.price[at]) for at in bids]

    def why_lost(self, at: int) -> Reason:
        """``at`` is a bid of this product that did not win."""
        problem, rules, count = self.problem, self.rules, len(self.bids)
        if not problem.qualified[at]:
            return self._reason(at, "award.unqualified", 0)
        if at not in self.bids:
            return self._reason(at, "award.over_ceiling", self._needed(at, count + 1))
        if count < rules.entry or not step(rules.winners, count, 0):
            return self._reason(at, "award.too_few", 0)
        code = "award.beyond"
        if rules.not_highest and count > 1 and at == self.bids[-1]:
            code = "award.highest"
        elif not self._passes(at):
            code = "award.broken"
        needed = self._needed(at, count)
        return self._reason(at, code if needed else "award.never", needed)

    def _reason(self, at: int, code: str, needed: int) -> Reason:
        problem = self.problem
        names = {
            "product": problem.products[problem.product[at]],
            "bidder": problem.bidders[problem.bidder[at]],
        }
        return (code, names | {"bid": int(problem.price[at]), "needed": needed})

    def _passes(self, at: int) -> bool:
        price, rules = int(self.problem.price[at]), self.rules
        if price <= self._let_through() or rules.factor is None:
            return True
        short = self.prices[: step(rules.winners, len(self.prices), 0)]
        mean = Fraction(sum(short), len(short)) if rules.of == "anchor" else Fraction(0)
        anchor = max(Fraction(self.prices[0]), rules.anchor_share * mean)
        return price <= rules.factor * anchor

    def _let_through(self) -> int:
        """Return up to which price the breaker does not ask; 0: it always does."""
        rules = self.rules
        cut = 0 if rules.cut is None else int(self.ceiling * (1 - rules.cut))
        return max(self.exempt, cut)

    def _needed(self, at: int, count: int) -> int:
        rules = self.rules
        most = step(rules.winners, count, 0)
        if count < rules.entry or not most:
            return 0
        others = [one for one in self.bids if one != at]
        prices = [int(self.problem.price[one]) for one in others]
        highest = self.ceiling
        places = min(most, count - 1) if rules.not_highest and count > 1 else most
        if places <= len(others):
            beaten = others[places - 1]
            highest = min(highest, prices[places - 1] - (self.tie[beaten] < self.tie[at]))
        if rules.factor is None or not others:
            return max(highest, 0)
        within = max(self._let_through(), int(rules.factor * prices[0]))
        if rules.of == "anchor":
            short, slope = min(most, count), rules.factor * rules.anchor_share
            below = sum(prices[: short - 1])
            if slope >= short:
                return max(highest, 0)
            within = max(within, int(slope * below / (short - slope)))
        return max(min(highest, within), 0)


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
        low = price <= exempt_price(rules, problem.forms[product])
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
    volume = problem.volume[product].tolist()
    order = sorted(range(len(main)), key=lambda r: (-volume[r], problem.regions[r]))
    supplied = dict.fromkeys(winners, 0)
    suppliers, units = [-1] * len(main), [0] * len(main)
    for turn, region in enumerate(order if winners else []):
        wanted = int(volume[region] * share)
        for later in range(len(winners)):
            at = winners[(turn + later) % len(winners)]
            if problem.capacity[at] < 0 or supplied[at] + wanted <= problem.capacity[at]:
                suppliers[region], units[region] = at, wanted
                supplied[at] += wanted
                break
    if solution.agreed[product].tolist() != units:
        return [("award.wrong_volume", name)]
    if main != suppliers:
        return [("award.wrong_regions", name)]
    for one, other in zip(main, backup, strict=True):
        wants = rules.backup and len(winners) > 1 and one >= 0
        if (other >= 0) != wants or (wants and (other == one or other not in winners)):
            return [("award.wrong_backup", name)]
    return []


def check_buying(
    problem: AwardProblem, award: Award, worth: Ints, settings: BudgetSettings, solution: Buying
) -> Verdict:
    """Count what a choice within a budget costs and who supplies; name each demand it breaks."""
    broken: list[Reason] = []
    cost = 0
    of: dict[int, int] = {}
    for product, at in enumerate(solution.supplier.tolist()):
        if at < 0:
            continue
        if problem.product[at] != product or award.rank[at] < 0:
            broken.append(("award.buying_wrong", {"product": problem.products[product]}))
            continue
        cost += int(award.price[at]) * sum(award.agreed[product].tolist())
        bidder = int(problem.bidder[at])
        of[bidder] = of.get(bidder, 0) + 1
    if cost > settings.budget:
        broken.append(("award.buying_over", {"over": cost - settings.budget}))
    for bidder, count in of.items():
        if settings.most_of_one is not None and count > settings.most_of_one:
            name = {"bidder": problem.bidders[bidder], "count": count}
            broken.append(("award.buying_many", name))
    if len(of) < settings.least_bidders:
        broken.append(("award.buying_few", {"count": len(of)}))
    objective = sum(int(worth[p]) for p, at in enumerate(solution.supplier.tolist()) if at >= 0)
    return Verdict(objective=objective, broken=broken, reasons=())
