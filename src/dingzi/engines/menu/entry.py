"""What the ``decide`` command needs of ``menu``."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from ..options import percent
from ..registry import Engine, Format, Study, Told
from .checking import check
from .deciding import decide, prices
from .problem import MenuProblem, MenuSettings
from .reading import as_data, canteen, known, nutrition, presets, read_solution, write


def _arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--rules", metavar="NAME|FILE", default=presets()[0],
        help=f"营养规则 nutrition rules: {', '.join(presets())}, or a YAML file (%(default)s)",
    )  # fmt: skip
    add("--age", default="9-11", help="年龄段 age group (%(default)s)")
    add("--boys", type=percent, default=50, metavar="PERCENT", help="男生占比 share of boys (50)")
    add("--repeat", type=int, default=2, metavar="N", help="一周同一道菜最多几次 a week (2)")
    add("--apart", type=int, default=1, metavar="DAYS", help="同一道菜至少隔几天 days between (1)")
    add(
        "--forbidden", action="append", default=[], metavar="FOOD",
        help="不许用的食材，可多次写 a food never served; may be repeated",
    )  # fmt: skip
    add(
        "--without", action="append", default=[], metavar="ALLERGEN",
        help="每类菜都要有不含它的 every category has a dish without; may be repeated",
    )  # fmt: skip
    add(
        "--prices", action="store_true", default=None,
        help="每条营养规则值多少钱 what each nutrition rule costs",
    )  # fmt: skip


def _settings(problem: MenuProblem, options: Namespace, **common: Any) -> MenuSettings:
    known(problem, options.forbidden, options.without)
    return MenuSettings(
        nutrition=nutrition(options.rules, options.age, options.boys),
        repeat=options.repeat,
        apart=options.apart,
        forbidden=tuple(options.forbidden),
        without=tuple(options.without),
        **common,
    )


def _prices(problem: MenuProblem, settings: MenuSettings, options: Namespace) -> Told:
    found = prices(problem, settings)
    if found is None:
        return Told(table={}, reasons=decide(problem, settings).reasons, holds=False)
    return Told(
        table={
            "rule": [one.rule for one in found],
            "least_fen": [one.least for one in found],
            "most_fen": [one.most for one in found],
        }
    )


ENGINE = Engine(
    formats={
        "canteen": Format(
            zh="菜、用料、天数（YAML）",
            en="dishes, recipes, days (YAML)",
            read=canteen,
        )
    },
    settings=_settings,
    decide=decide,
    check=check,
    as_data=as_data,
    write=write,
    read_solution=read_solution,
    arguments=_arguments,
    studies=(Study(option="prices", run=_prices, anytime=True),),
    anytime=True,
)
