"""The further questions of ``award`` as the command asks them: within a budget, after a default."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import date
from pathlib import Path

import numpy as np

from .. import tables
from ..errors import BadProblem, BadSettings
from ..options import whole
from ..registry import Study, Told
from .budgeting import BudgetSettings, within_budget
from .checking import check_buying
from .deciding import decide
from .defaulting import substitute
from .problem import LARGEST, Award, AwardProblem, AwardSettings, Ints


def arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--budget", type=whole, metavar="FEN",
        help="总额有限时买哪些 which products a budget buys, worth most",
    )  # fmt: skip
    add(
        "--worth", type=Path, metavar="FILE",
        help="--budget 时每个产品值多少分（product, worth；不写都算 1）"
        " what each product is worth, else 1 each",
    )  # fmt: skip
    add(
        "--most-of-one",
        type=whole,
        metavar="N",
        help="--budget：一家最多供几个 at most so many of one bidder",
    )
    add(
        "--least-bidders",
        type=whole,
        default=0,
        metavar="N",
        help="--budget：至少几家 at least so many bidders",
    )
    add(
        "--default", nargs=2, metavar=("PRODUCT", "BIDDER"),
        help="中选企业断供，谁来接 a winner does not supply: who steps in",
    )  # fmt: skip
    add(
        "--on", type=_day, metavar="DATE", help="--default：断供那天 the day of the default (today)"
    )
    add(
        "--barred", type=whole, metavar="DAYS",
        help="--default：多少天不得报价，规则书或本地定 days for which the defaulter may not bid",
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r}: 请写 2026-03-01 这样 write like 2026-03-01") from None


def _award(problem: AwardProblem, settings: AwardSettings) -> Award:
    found = decide(problem, settings).solution
    assert found is not None  # the rules always give an answer
    return found


def _budget(problem: AwardProblem, settings: AwardSettings, options: Namespace) -> Told:
    award = _award(problem, settings)
    asked = BudgetSettings(
        stop=settings.stop, seed=settings.seed, budget=options.budget,
        most_of_one=options.most_of_one, least_bidders=options.least_bidders,
    )  # fmt: skip
    worth = worths(problem, options.worth)
    result = within_budget(problem, award, worth, asked)
    if result.solution is None:
        return Told(table={}, reasons=result.reasons, holds=False)
    verdict = check_buying(problem, award, worth, asked, result.solution)
    if not verdict.feasible:  # never tell an answer that does not hold
        return Told(table={}, reasons=verdict.broken, holds=False)
    bought = result.solution.supplier[result.solution.supplier >= 0]
    products = problem.product[bought]
    units = award.agreed.sum(axis=1)[products]
    return Told(
        table={
            "product": [problem.products[at] for at in products],
            "bidder": [problem.bidders[at] for at in problem.bidder[bought]],
            "price": award.price[bought].tolist(),
            "units": units.tolist(),
            "fen": (award.price[bought] * units).tolist(),
            "worth": worth[products].tolist(),
        },
        reasons=[
            ("award.buying", {"objective": result.objective, "bound": result.bound}),
            *result.reasons,
        ],
    )


def worths(problem: AwardProblem, path: Path | None) -> Ints:
    """Read what each product is worth; 1 each without a file. A product left out is worth 0."""
    if path is None:
        return np.ones(len(problem.products), np.int64)
    table = tables.read(
        path,
        {
            "product": tables.Column(kind="text", unique=True),
            "worth": tables.Column(kind="int", low=0, high=LARGEST),
        },
    )
    places = {name: at for at, name in enumerate(problem.products)}
    found = np.zeros(len(problem.products), np.int64)
    for row, name in enumerate(table["product"]):
        if name not in places:
            line = tables.line_of(path, row)
            raise BadProblem(path, line, "award.product_unknown", {"found": str(name)})
        found[places[name]] = table["worth"][row]
    return found


def _default(problem: AwardProblem, settings: AwardSettings, options: Namespace) -> Told:
    if options.barred is None:
        raise BadSettings("award.barred_missing", {})
    product, bidder = options.default
    places = []
    for name, known in ((product, problem.products), (bidder, problem.bidders)):
        if name not in known:
            raise BadSettings("award.default_unknown", {"found": name})
        places.append(list(known).index(name))
    award = _award(problem, settings)
    mine = (problem.product == places[0]) & (problem.bidder == places[1])
    if not (award.rank[mine] >= 0).any():
        raise BadSettings("award.default_not_winner", {"product": product, "bidder": bidder})
    on = options.on or date.today()  # noqa: DTZ011 (a day of the calendar, not a moment)
    found = substitute(problem, award, places[0], places[1], on, options.barred)
    after = found.award
    main, backup = after.main[places[0]].tolist(), after.backup[places[0]].tolist()
    return Told(
        table={
            "region": list(problem.regions),
            "before": [_bidder(problem, at) for at in award.main[places[0]].tolist()],
            "after": [_bidder(problem, at) for at in main],
            "price": [int(after.price[at]) if at >= 0 else None for at in main],
            "units": after.agreed[places[0]].tolist(),
            "backup": [_bidder(problem, at) for at in backup],
        },
        reasons=[
            *found.reasons,
            ("award.barred", {"bidder": bidder, "until": found.until.isoformat()}),
        ],
    )


def _bidder(problem: AwardProblem, at: int) -> str:
    return problem.bidders[problem.bidder[at]] if at >= 0 else ""


STUDIES = (
    Study(option="budget", run=_budget, anytime=True),
    Study(option="default", run=_default),
)
