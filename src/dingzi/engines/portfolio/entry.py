"""What the ``decide`` command needs of ``portfolio``."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from ..options import whole
from ..registry import Engine, Format
from .checking import check
from .deciding import decide
from .orlib import orlib
from .problem import PortfolioProblem, PortfolioSettings
from .reading import as_data, plan, read_solution, write
from .studies import STUDIES
from .studies import arguments as study_arguments


def _arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--number", type=whole, default=1, metavar="N",
        help="orlib-mknap 文件里的第几题 which problem of the file, from 1 (%(default)s)",
    )  # fmt: skip
    add("--total", type=whole, metavar="FEN", help="总额上限（分） limit of the total, in fen")
    add(
        "--in-order", action="store_true",
        help="按 tier 先后保，后面的不能换前面的 lower tiers first, none makes up for an earlier one",
    )  # fmt: skip
    study_arguments(parser)


def _settings(problem: PortfolioProblem, options: Namespace, **common: Any) -> PortfolioSettings:
    return PortfolioSettings(total=options.total, in_order=options.in_order, **common)


ENGINE = Engine(
    formats={
        "plan": Format(
            zh="项目、版本、年度资金和条件（YAML）",
            en="items, versions, money, demands (YAML)",
            read=plan,
        ),
        "orlib-mknap": Format(
            zh="OR-Library 多约束背包", en="OR-Library multi-constraint knapsacks", read=orlib
        ),
    },
    settings=_settings,
    decide=decide,
    check=check,
    as_data=as_data,
    write=write,
    read_solution=read_solution,
    arguments=_arguments,
    studies=STUDIES,
    anytime=True,
)
