"""Siting by name: formats, options, and which part of it a problem belongs to."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from dingzi.engines.contract import Result, Settings, Verdict
from dingzi.engines.registry import Engine, Format

from . import facility_checking, facility_deciding, facility_tables, orlib
from .facility import GOALS, FacilitySettings


def _arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("布局 siting").add_argument
    add("--open", type=_count, metavar="P", help="开几个点 how many sites are open (table)")
    add("--goal", choices=GOALS, default="cost", help="目标 goal (%(default)s)")
    add("--radius", type=_amount, metavar="R", help="覆盖半径，和费用同单位 radius of cover")
    add(
        "--capacity", type=_capacity, metavar="N|none",
        help="文件没写的容量 capacity that an orlib-cap file leaves open; none: no limit",
    )  # fmt: skip


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 9 and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r}: 请写 1 以上的整数 write a whole number from 1")


def _amount(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r}: 请写不小于 0 的数 write a number from 0")
    return value


def _capacity(text: str) -> float:
    return math.inf if text == "none" else _amount(text)


def _settings(problem: Any, options: argparse.Namespace, **common: Any) -> Settings:
    return FacilitySettings(goal=options.goal, radius=options.radius, **common)


def _decide(problem: Any, settings: Any) -> Result[Any]:
    return facility_deciding.decide(problem, settings)


def _check(problem: Any, settings: Any, solution: Any) -> Verdict:
    return facility_checking.check(problem, settings, solution)


def _as_data(problem: Any, solution: Any) -> Any:
    return facility_tables.as_data(problem, solution)


def _write(problem: Any, solution: Any, path: Path) -> None:
    facility_tables.write(problem, solution, path)


def _read_solution(problem: Any, path: Path) -> Any:
    return facility_tables.read(problem, path)


ENGINE = Engine(
    formats={
        "table": Format(
            zh="一张表，每行一个对象和一个点：customer, site, cost[, demand, opening, capacity]",
            en="a table of pairs: customer, site, cost[, demand, opening, capacity]",
            read=facility_tables.read_pairs,
        ),
        "orlib-pmed": Format(
            zh="OR-Library 的 p-中位题", en="OR-Library, p-median", read=orlib.pmed
        ),
        "orlib-cap": Format(
            zh="OR-Library 的带容量选址题（对象可拆）",
            en="OR-Library, capacitated (customers may be split)",
            read=orlib.cap,
        ),
        "sscflp": Format(
            zh="单来源带容量选址题：个数、容量、开设费、需求、每个对象一行费用",
            en="single source: counts, capacities, opening costs, demands, a row of costs a customer",
            read=orlib.sscflp,
        ),
    },
    settings=_settings,
    decide=_decide,
    check=_check,
    as_data=_as_data,
    write=_write,
    read_solution=_read_solution,
    arguments=_arguments,
)
