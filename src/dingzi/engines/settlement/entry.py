"""What the ``decide`` command needs of ``settlement``."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from ..registry import Engine, Format, Study, Told
from .checking import check
from .deciding import decide, reasons, rerun
from .problem import SettlementProblem, SettlementSettings
from .reading import as_data, read_solution, rulings, write, year


def _rate(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ArgumentTypeError(f"{text!r}: 请写 0.9 这样的数 write a number like 0.9") from None


def _arguments(parser: ArgumentParser) -> None:
    for name, default, zh, en in (
        ("prepaid", "0.90", "按月预付的比例", "share of the budget paid monthly"),
        ("band", "0.10", "超支分担的范围，占预算", "overspend that is shared, of the budget"),
        ("fund-share", "0.50", "分担范围内基金承担的比例", "what the fund bears within the band"),
    ):
        parser.add_argument(
            f"--{name}", type=_rate, default=Decimal(default), metavar="RATE",
            help=f"{zh}（协议定） {en}, agreed (%(default)s)",
        )  # fmt: skip
    parser.add_argument(
        "--rulings", type=Path, metavar="FILE",
        help="申诉裁定（home, visit, month, fen），看各家差多少 "
        "rulings on appeals: what they change for each alliance",
    )  # fmt: skip


def _rulings(problem: SettlementProblem, settings: SettlementSettings, options: Namespace) -> Told:
    found = rerun(problem, settings, rulings(problem, options.rulings))
    names = list(problem.alliances)
    return Told(
        table={
            "alliance": names,
            "final_before": [one.final for one in found.before.accounts],
            "final_after": [one.final for one in found.after.accounts],
            "change": [found.change[name] for name in names],
        },
        reasons=reasons(found.after),
    )


def _settings(problem: SettlementProblem, options: Namespace, **common: Any) -> SettlementSettings:
    rates = {name: getattr(options, name) for name in ("prepaid", "band", "fund_share")}
    return SettlementSettings(**rates, **common)


ENGINE = Engine(
    formats={
        "year": Format(
            zh="参保人数、资金、考核（YAML），结算明细在它指的 Parquet 里",
            en="people, money, scores (YAML); the claims in the Parquet file it names",
            read=year,
        )
    },
    settings=_settings,
    decide=decide,
    check=check,
    as_data=as_data,
    write=write,
    read_solution=read_solution,
    arguments=_arguments,
    studies=(Study(option="rulings", run=_rulings),),
)
