"""Siting by name: formats, options, and which part of it a problem belongs to."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

from dingzi.engines.contract import Result, Settings, Verdict
from dingzi.engines.registry import Engine, Format

from . import (
    city_checking,
    city_deciding,
    city_tables,
    facility_checking,
    facility_deciding,
    facility_tables,
    orlib,
)
from .city import CityProblem
from .facility import GOALS, FacilitySettings


def _arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("布局 siting").add_argument
    add("--open", type=_count, metavar="P", help="开几个点 how many sites are open (table)")
    add("--goal", choices=GOALS, default="cost", help="目标 goal (%(default)s)")
    add("--radius", type=_amount, metavar="R", help="覆盖半径，和费用同单位 radius of cover")
    add("--farthest", type=_count, metavar="M", help="最远几米 no way longer than this (city)")
    add(
        "--gap",
        type=_gap,
        default=0.0,
        metavar="G",
        help="差距到这么小就停 stop at this gap (city)",
    )
    add(
        "--demand", choices=("low", "middle", "high"), default="middle",
        help="按预测的哪一档 which of the forecast's pupils (city; %(default)s)",
    )  # fmt: skip
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


def _gap(text: str) -> float:
    value = _amount(text)
    if value >= 1:
        raise argparse.ArgumentTypeError(f"{text!r}: 请写小于 1 的数 write a number below 1")
    return value


def _capacity(text: str) -> float:
    return math.inf if text == "none" else _amount(text)


def _settings(problem: Any, options: argparse.Namespace, **common: Any) -> Settings:
    if isinstance(problem, CityProblem):
        return city_tables.settings(options.file, options, **common)
    return FacilitySettings(goal=options.goal, radius=options.radius, **common)


def _decide(problem: Any, settings: Any) -> Result[Any]:
    if isinstance(problem, CityProblem):
        return city_deciding.decide(problem, settings)
    return facility_deciding.decide(problem, settings)


def _check(problem: Any, settings: Any, solution: Any) -> Verdict:
    if isinstance(problem, CityProblem):
        return city_checking.check(problem, settings, solution)
    return facility_checking.check(problem, settings, solution)


def _as_data(problem: Any, solution: Any) -> Any:
    if isinstance(problem, CityProblem):
        return city_tables.as_data(problem, solution)
    return facility_tables.as_data(problem, solution)


def _write(problem: Any, solution: Any, path: Path) -> None:
    tables = city_tables if isinstance(problem, CityProblem) else facility_tables
    tables.write(problem, solution, path)


def _read_solution(problem: Any, path: Path) -> Any:
    if isinstance(problem, CityProblem):
        return city_tables.read_plan(problem, path)
    return facility_tables.read(problem, path)


ENGINE = Engine(
    formats={
        "table": Format(
            zh="一张表，每行一个对象和一个点：customer, site, cost[, demand, opening, capacity]",
            en="a table of pairs: customer, site, cost[, demand, opening, capacity]",
            read=facility_tables.read_pairs,
        ),
        "city": Format(
            zh="一个文件夹：city.yaml、schools、ways、home，pupils 或 children",
            en="a folder: city.yaml, schools, ways, home, pupils or children",
            read=city_tables.read,
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
    anytime=True,
)
