"""What the ``decide`` command needs of ``award``."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from ..registry import Engine, Format
from .checking import check
from .deciding import decide
from .problem import AwardProblem, AwardSettings
from .reading import as_data, bids, read_solution, write
from .rulebook import presets, rule_book
from .studies import STUDIES
from .studies import arguments as study_arguments


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--rules", metavar="NAME|FILE", default=presets()[0],
        help=f"规则书 the rule book: {', '.join(presets())}, or a YAML file (%(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--demand", metavar="FILE", type=Path,
        help="报量表 what is needed: product, region, volume, ceiling (fen); form if there is one",
    )  # fmt: skip
    study_arguments(parser)


def _settings(problem: AwardProblem, options: Namespace, **common: Any) -> AwardSettings:
    return AwardSettings(rules=rule_book(options.rules), **common)


ENGINE = Engine(
    formats={
        "bids": Format(
            zh="报价表：product, bidder, price（分），可有 qualified, revives, score, capacity",
            en="bids: product, bidder, price (fen); if there are: qualified, revives, score, capacity",
            read=bids,
        )
    },
    settings=_settings,
    decide=decide,
    check=check,
    as_data=as_data,
    write=write,
    read_solution=read_solution,
    arguments=_arguments,
    studies=STUDIES,
)
