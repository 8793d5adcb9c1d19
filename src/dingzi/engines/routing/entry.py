"""What ``dingzi decide routing`` needs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from ..errors import BadSettings
from ..options import whole
from ..registry import Engine, Format
from . import files, solomon, vrplib
from .checking import check
from .failures import after_failure
from .problem import Plan, RoutingProblem, RoutingSettings
from .schedule import timetable
from .solving import decide


def _settings(problem: RoutingProblem, options: Namespace, **common: Any) -> RoutingSettings:
    begin = None if options.begin is None else files.read_plan(problem, options.begin)
    return RoutingSettings(**common, start=begin)


def _read(path: Path, options: Namespace) -> RoutingProblem:
    """Read a folder; with vans broken down or roads closed, what is left of the day."""
    problem = files.read_tables(path, options)
    if options.begin is None:
        if options.broken or options.closed:
            raise BadSettings("routing_begin_missing", {})
        return problem
    return after_failure(
        problem,
        files.read_plan(problem, options.begin),
        vans=_broken(problem, options.broken),
        roads=[_road(problem, pair) for pair in options.closed],
        other_driver_cost=options.other_driver_cost or None,
    )


def _broken(problem: RoutingProblem, told: list[list[str]]) -> dict[int, int]:
    out: dict[int, int] = {}
    for name, count in told:
        van = _named(problem.van_names, name, "vans")
        if not (count.isascii() and count.isdigit() and len(count) < 9 and int(count) > 0):
            raise BadSettings("routing_broken_count", {"van": name, "found": count})
        out[van] = out.get(van, 0) + int(count)
        there = int(problem.vans.count[van])
        if out[van] > there:
            raise BadSettings(
                "routing_broken_over", {"van": name, "found": out[van], "there": there}
            )
    return out


def _road(problem: RoutingProblem, pair: list[str]) -> tuple[int, int]:
    begin, end = (_named(problem.place_names, name, "places") for name in pair)
    if begin == end:
        raise BadSettings("routing_road_itself", {"found": pair[0]})
    return begin, end


def _named(names: tuple[str, ...], name: str, table: str) -> int:
    if name not in names:
        raise BadSettings("routing_not_there", {"found": name, "table": table})
    return names.index(name)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--other-driver-cost", type=whole, default=0, metavar="N",
        help="不是平常的司机去，算多少费用 cost of a stop served by another van than its usual one (0)",
    )  # fmt: skip
    add = parser.add_argument_group("出了故障 after a failure (tables)").add_argument
    add("--begin", type=Path, metavar="PLAN", help="从这个方案接着排 begin from this plan")
    add(
        "--broken", nargs=2, action="append", default=[], metavar=("VAN", "N"),
        help="这种车坏了几辆 so many of these vans have broken down",
    )  # fmt: skip
    add(
        "--closed", nargs=2, action="append", default=[], metavar=("PLACE", "PLACE"),
        help="两地之间的路断了 the road between two places is closed",
    )  # fmt: skip


def _as_data(problem: RoutingProblem, plan: Plan) -> list[dict[str, Any]]:
    made = []
    for route in plan.routes:
        times = timetable(problem, route)
        trips = [[problem.stop_name(stop) for stop in trip] for trip in route.trips]
        told = {"van": problem.van_name(route.van), "begin": times.begin, "end": times.end}
        told |= {"trips": trips, "arrivals": list(times.arrivals)}
        told |= {"rests": [begin for _, begin in times.rests]}
        made.append(told | {"lunch": times.lunch and times.lunch[1]})
    return made


ENGINE = Engine(
    formats={
        "tables": Format(
            zh="文件夹，内有 schools、vans、places、ways 四张表",
            en="a folder with the tables schools, vans, places, ways",
            read=_read,
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
    anytime=True,
)
