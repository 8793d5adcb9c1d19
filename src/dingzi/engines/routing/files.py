"""A city's deliveries in four tables, and a plan as one."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import tables
from ..errors import BadProblem
from ..tables import Column
from .problem import (
    FOREVER,
    MOST_VANS,
    NO_WAY,
    Plan,
    Route,
    RoutingProblem,
    Rules,
    Stops,
    Vans,
    halves,
    hurried,
)
from .schedule import timetable

_SPAN: dict[str, Any] = {"low": 0, "high": FOREVER}
_SCHOOLS = {
    "school": Column(kind="text", unique=True),
    "place": Column(kind="text"),
    "dry": Column(kind="int", **_SPAN),
    "cold": Column(kind="int", default=0, **_SPAN),
    "early": Column(kind="int", default=0, **_SPAN),
    "late": Column(kind="int", default=FOREVER, **_SPAN),
    "service": Column(kind="int", default=0, **_SPAN),
    "skip_cost": Column(kind="int", default=-1, low=-1, high=FOREVER),
    "usual_van": Column(kind="text", default=""),
}
_VANS = {
    "van": Column(kind="text", unique=True),
    "depot": Column(kind="text"),
    "count": Column(kind="int", default=1, low=0, high=MOST_VANS),
    "dry": Column(kind="int", **_SPAN),
    "cold": Column(kind="int", default=0, **_SPAN),
    "early": Column(kind="int", default=0, **_SPAN),
    "late": Column(kind="int", default=FOREVER, **_SPAN),
    "most_time": Column(kind="int", default=FOREVER, **_SPAN),
    "most_drive": Column(kind="int", default=FOREVER, low=1, high=FOREVER),
    "rest": Column(kind="int", default=0, **_SPAN),
    "lunch": Column(kind="int", default=0, **_SPAN),
    "lunch_early": Column(kind="int", default=0, **_SPAN),
    "lunch_late": Column(kind="int", default=FOREVER, **_SPAN),
    "trips": Column(kind="int", default=1, low=1, high=1000),
    "fixed_cost": Column(kind="int", default=0, **_SPAN),
}
_PLACES = {
    "place": Column(kind="text", unique=True),
    "x": Column(kind="float", default=0.0),
    "y": Column(kind="float", default=0.0),
}
_WAYS = {
    "from": Column(kind="text"),
    "to": Column(kind="text"),
    "cost": Column(kind="int", low=0, high=NO_WAY),
    "time": Column(kind="int", low=0, high=NO_WAY),
}
_PLAN = {
    "route": Column(kind="int", low=1),
    "van": Column(kind="text"),
    "trip": Column(kind="int", low=1),
    "position": Column(kind="int", low=1),
    "stop": Column(kind="text"),
}


def read_tables(path: Path, options: Namespace) -> RoutingProblem:
    """Read a folder with ``schools``, ``vans``, ``places`` and ``ways`` (.csv or .parquet).

    Ways have a direction; where there is no row there is no way. Times are whole numbers of one
    unit, minutes say; costs of another, metres say.
    """
    if not path.is_dir():
        raise BadProblem(path, None, "routing_folder", {})
    (schools_path, schools), (vans_path, vans), (places_path, places), (ways_path, ways) = (
        _table(path, name, columns)
        for name, columns in (
            ("schools", _SCHOOLS), ("vans", _VANS), ("places", _PLACES), ("ways", _WAYS),
        )
    )  # fmt: skip
    tables.once(ways_path, ways, "from", "to")
    at = {str(name): row for row, name in enumerate(places["place"])}
    groups = {str(name): row for row, name in enumerate(vans["van"])}
    matrices = []
    begin = _find(ways_path, "from", ways["from"], at, places_path)
    end = _find(ways_path, "to", ways["to"], at, places_path)
    for name in ("cost", "time"):
        made = np.full((len(at), len(at)), NO_WAY)
        np.fill_diagonal(made, 0)
        made[begin, end] = ways[name]
        matrices.append(made)
    usual = np.full(len(schools["school"]), -1)
    named = np.flatnonzero(schools["usual_van"] != "")
    usual[named] = _find(
        schools_path, "usual_van", schools["usual_van"][named], groups, vans_path, named
    )
    for where, table in ((schools_path, schools), (vans_path, vans)):
        wrong = table["early"] > table["late"]
        if wrong.any():
            row = int(np.argmax(wrong))
            told = {name: int(table[name][row]) for name in ("early", "late")}
            raise BadProblem(where, _line(where, row), "routing_window_cells", told)
    half = halves(vans["most_drive"], vans["rest"])
    if half.any():
        row = int(half.argmax())
        raise BadProblem(vans_path, _line(vans_path, row), "routing_rest_half_cells", {})
    half = hurried(vans["lunch"], vans["lunch_early"], vans["lunch_late"])
    if half.any():
        raise BadProblem(vans_path, _line(vans_path, int(half.argmax())), "routing_lunch_cells", {})
    return RoutingProblem(
        stops=Stops(
            place=_find(schools_path, "place", schools["place"], at, places_path),
            demand=np.stack([schools["dry"], schools["cold"]], axis=1),
            early=schools["early"],
            late=schools["late"],
            service=schools["service"],
            skip_cost=schools["skip_cost"],
            usual_van=usual,
        ),
        vans=Vans(
            depot=_find(vans_path, "depot", vans["depot"], at, places_path),
            count=vans["count"],
            capacity=np.stack([vans["dry"], vans["cold"]], axis=1),
            early=vans["early"],
            late=vans["late"],
            most_time=vans["most_time"],
            **{name: vans[name] for name in Rules._fields},
            trips=vans["trips"],
            fixed_cost=vans["fixed_cost"],
        ),
        cost=matrices[0],
        time=matrices[1],
        spots=np.stack([places["x"], places["y"]], axis=1),
        other_driver_cost=options.other_driver_cost,
        stop_names=tuple(str(name) for name in schools["school"]),
        van_names=tuple(groups),
        place_names=tuple(at),
    )


def columns(problem: RoutingProblem, plan: Plan) -> dict[str, list[Any]]:
    """Return a plan as columns, one row a stop, with the time at which service begins.

    ``rests`` are the times at which breaks begin on the way there (in a trip's last row also on
    the way back), parted by semicolons; ``lunch`` is when lunch begins before leaving on that way
    or on arrival, empty where it is had on another, or before or after the day.
    """
    names = ("route", "van", "trip", "position", "stop", "arrival", "rests", "lunch")
    made: dict[str, list[Any]] = {name: [] for name in names}
    for number, route in enumerate(plan.routes, 1):
        times, leg = timetable(problem, route), 0
        arrivals = iter(times.arrivals)
        for trip, stops in enumerate(route.trips, 1):
            for position, stop in enumerate(stops, 1):
                legs = (leg, leg + 1) if position == len(stops) else (leg,)
                rests = ";".join(str(begin) for at, begin in times.rests if at in legs)
                row = (number, problem.van_name(route.van), trip, position)
                lunch = str(times.lunch[1]) if times.lunch and times.lunch[0] in legs else ""
                row += (problem.stop_name(stop), next(arrivals), rests, lunch)  # type: ignore[assignment]
                for name, value in zip(names, row, strict=True):
                    made[name].append(value)
                leg += len(legs)
    return made


def write(problem: RoutingProblem, plan: Plan, path: Path) -> None:
    tables.write(path, columns(problem, plan))


def read_plan(problem: RoutingProblem, path: Path) -> Plan:
    """Read a plan as ``write`` makes it; ``arrival`` is not looked at."""
    told = tables.read(path, _PLAN)
    stops = {problem.stop_name(s): s for s in range(len(problem.stops))}
    vans = {problem.van_name(g): g for g in range(len(problem.vans))}
    stop = _find(path, "stop", told["stop"], stops, Path("problem"))
    van = _find(path, "van", told["van"], vans, Path("problem"))
    order = np.lexsort((told["position"], told["trip"], told["route"]))
    routes: dict[int, tuple[int, dict[int, list[int]]]] = {}
    for row in order:
        number = int(told["route"][row])
        group, trips = routes.setdefault(number, (int(van[row]), {}))
        if group != van[row]:
            raise BadProblem(path, _line(path, int(row)), "routing_two_vans", {"route": number})
        trips.setdefault(int(told["trip"][row]), []).append(int(stop[row]))
    return Plan(
        routes=tuple(
            Route(van=group, trips=tuple(tuple(trip) for trip in trips.values()))
            for group, trips in routes.values()
        )
    )


def _table(
    folder: Path, name: str, wanted: dict[str, Column]
) -> tuple[Path, dict[str, NDArray[Any]]]:
    path = folder / f"{name}.parquet"
    if not path.exists():
        path = folder / f"{name}.csv"
    return path, tables.read(path, wanted)


def _find(
    path: Path, column: str, names: NDArray[Any], known: dict[str, int], there: Path,
    rows: NDArray[Any] | None = None,
) -> NDArray[np.int64]:  # fmt: skip
    """Return the number of each name; BadProblem with the line of one that ``there`` lacks."""
    made = np.array([known.get(str(name), -1) for name in names], dtype=np.int64)
    if (made < 0).any():
        at = int(np.argmax(made < 0))
        fault = {"name": column, "found": str(names[at]), "file": there.name}
        line = _line(path, at if rows is None else int(rows[at]))
        raise BadProblem(path, line, "routing_name_unknown", fault)
    return made


def _line(path: Path, row: int) -> int:
    return row + (2 if path.suffix == ".csv" else 1)
