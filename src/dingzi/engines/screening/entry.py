"""What the ``decide`` command needs of ``screening``."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from ..registry import Engine, Format
from .checking import check
from .deciding import decide
from .problem import ScreeningProblem, ScreeningSettings
from .reading import as_data, bids, purchases, read_solution, values, write


def _arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--threshold", type=int, metavar="N", help="限额或目标 the limit or target")
    add("--width", type=int, metavar="N", help="两侧各看多宽 how far beside it counts as near")
    add(
        "--base",
        type=int,
        default=10,
        metavar="N",
        help="整数的单位 round numbers are multiples (10)",
    )
    add("--alpha", type=float, default=0.01, metavar="P", help="误报率 false alarms allowed (0.01)")


def _settings(problem: ScreeningProblem, options: Namespace, **common: Any) -> ScreeningSettings:
    chosen = {name: getattr(options, name) for name in ("threshold", "width", "base", "alpha")}
    return ScreeningSettings(**chosen, **common)


ENGINE = Engine(
    formats={
        "values": Format(zh="value，可有 group", en="value; group if there is one", read=values),
        "purchases": Format(
            zh="buyer, supplier, day, fen", en="buyer, supplier, day, fen", read=purchases
        ),
        "bids": Format(zh="tender, price（分）", en="tender, price (fen)", read=bids),
    },
    settings=_settings,
    decide=decide,
    check=check,
    as_data=as_data,
    write=write,
    read_solution=read_solution,
    arguments=_arguments,
)
