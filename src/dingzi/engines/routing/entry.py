"""What ``dingzi decide routing`` needs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

from ..registry import Engine, Format
from . import files, solomon, vrplib
from .checking import check
from .problem import Plan, RoutingProblem, RoutingSettings
from .schedule import timetable
from .solving import decide


def _settings(problem: RoutingProblem, options: Namespace, **common: Any) -> RoutingSettings:
    return RoutingSettings(**common)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--other-driver-cost", type=int, default=0, metavar="N",
        help="不是平常的司机去，算多少费用 cost of a stop served by another van than its usual one (0)",
    )  # fmt: skip


def _as_data(problem: RoutingProblem, plan: Plan) -> list[dict[str, Any]]:
    made = []
    for route in plan.routes:
        times = timetable(problem, route)
        trips = [[problem.stop_name(stop) for stop in trip] for trip in route.trips]
        told = {"van": problem.van_name(route.van), "begin": times.begin, "end": times.end}
        made.append(told | {"trips": trips, "arrivals": list(times.arrivals)})
    return made


ENGINE = Engine(
    formats={
        "tables": Format(
            zh="文件夹，内有 schools、vans、places、ways 四张表",
            en="a folder with the tables schools, vans, places, ways",
            read=files.read_tables,
        ),
        "solomon": Format(
            zh="Solomon、Gehring-Homberger 的文件（距离取一位小数，舍去其余）",
            en="files of Solomon, Gehring and Homberger (distances cut to one decimal)",
            read=solomon.read,
        ),
        "vrplib": Format(
            zh="VRPLIB 的文件（平面距离四舍五入到整数）",
            en="files of VRPLIB (planar distances to the nearest whole number)",
            read=vrplib.read,
        ),
    },
    settings=_settings,
    decide=decide,
    check=check,
    as_data=_as_data,
    write=files.write,
    read_solution=files.read_plan,
    arguments=_arguments,
)
