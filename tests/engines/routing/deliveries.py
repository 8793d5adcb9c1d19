"""Made-up deliveries by a seed, in the manner of Gehring and Homberger; benchmarks use them too."""

from __future__ import annotations

import numpy as np

from dingzi.engines.contract import Stop
from dingzi.engines.routing import RoutingProblem, RoutingSettings, Stops, Vans
from dingzi.engines.routing.problem import FOREVER, without_breaks


def settings(**given) -> RoutingSettings:
    return RoutingSettings(**({"stop": Stop(work=200)} | given))


def windows(customers: int, *, seed: int, kind: str = "R", wide: bool = False) -> RoutingProblem:
    """An instance as Gehring and Homberger made theirs: clustered, random or mixed (C, R, RC).

    Coordinates in a square that grows with the customers, integer demands, one kind of van, a
    share of customers with narrow or wide windows around a time at which they can be reached;
    distances and times in tenths, cut off.
    """
    draw = np.random.default_rng(seed)
    side = 70 * np.sqrt(customers / 100) + 30
    spots = draw.uniform(0, side, (customers + 1, 2))
    clustered = {"C": customers, "R": 0, "RC": customers // 2}[kind]
    centres = draw.uniform(0.1 * side, 0.9 * side, (max(customers // 12, 1), 2))
    where = centres[draw.integers(0, len(centres), clustered)]
    spots[1 : clustered + 1] = where + draw.normal(0, 3, (clustered, 2))
    spots[0] = side / 2
    spots = np.round(spots)
    tenths = (10 * np.sqrt(((spots[:, None] - spots[None]) ** 2).sum(axis=2))).astype(int)
    horizon = 10 * int(side * (8 if wide else 2.5) + 100)
    service = 100
    centre = draw.integers(tenths[0, 1:], np.maximum(horizon - tenths[1:, 0] - service, 1) + 1)
    half = draw.integers(50, 1500 if wide else 400, customers)
    early, late = np.maximum(centre - half, 0), centre + half
    late = np.minimum(late, horizon - tenths[1:, 0] - service)
    early = np.minimum(early, late)
    free = draw.random(customers) < 0.25
    early[free] = 0
    late[free] = (horizon - tenths[1:, 0] - service)[free]
    return RoutingProblem(
        stops=Stops(
            place=np.arange(1, customers + 1),
            demand=draw.integers(1, 41, (customers, 1)) * 10,
            early=early,
            late=late,
            service=np.full(customers, service),
            skip_cost=np.full(customers, -1),
            usual_van=np.full(customers, -1),
        ),
        vans=one_group(customers, 10_000 if wide else 2_000, horizon),
        cost=tenths,
        time=tenths,
        spots=spots,
        scale=10,
    )


def one_group(count: int, capacity: int, horizon: int = FOREVER) -> Vans:
    return Vans(
        depot=np.array([0]), count=np.array([count]), capacity=np.array([[capacity]]),
        early=np.array([0]), late=np.array([horizon]), most_time=np.array([FOREVER]),
        **without_breaks(1), trips=np.array([1]), fixed_cost=np.array([0]),
    )  # fmt: skip


def meals(
    schools: int, *, seed: int, other_driver_cost: int = 0, most_drive: int | None = None,
    lunch: tuple[int, int, int] | None = None,
) -> RoutingProblem:  # fmt: skip
    """Schools with dry and cold goods, two depots, vans with and without cooling, drivers' hours.

    Metres and minutes; windows in the morning; some schools may be left out at a price. After
    ``most_drive`` minutes of driving a driver rests for 20; ``lunch``: how long, from, to.
    """
    rules = {}
    if most_drive is not None:
        rules |= {"most_drive": np.full(3, most_drive), "rest": np.full(3, 20)}
    if lunch is not None:
        names = ("lunch", "lunch_early", "lunch_late")
        rules |= {name: np.full(3, one) for name, one in zip(names, lunch, strict=True)}
    draw = np.random.default_rng(seed)
    spots = draw.uniform(0, 40, (schools + 2, 2))
    apart = np.sqrt(((spots[:, None] - spots[None]) ** 2).sum(axis=2))
    cold = draw.integers(0, 30, schools) * (draw.random(schools) < 0.5)
    early = draw.integers(300, 420, schools)
    skip = np.where(draw.random(schools) < 0.2, draw.integers(1_000, 60_000, schools), -1)
    return RoutingProblem(
        stops=Stops(
            place=np.arange(2, schools + 2),
            demand=np.stack([draw.integers(5, 60, schools), cold], axis=1),
            early=early,
            late=early + draw.integers(90, 200, schools),
            service=draw.integers(5, 15, schools),
            skip_cost=skip,
            usual_van=draw.integers(-1, 3, schools),
        ),
        vans=Vans(
            depot=np.array([0, 1, 1]),
            count=np.array([4, 3, 4]),
            capacity=np.array([[200, 0], [150, 100], [150, 100]]),
            early=np.array([240, 240, 240]),
            late=np.array([780, 780, 780]),
            most_time=np.array([420, 360, 420]),
            **without_breaks(3) | rules,
            trips=np.array([2, 2, 1]),
            fixed_cost=np.array([5_000, 8_000, 8_000]),
        ),
        cost=np.round(apart * 1000).astype(int),
        time=np.ceil(apart * 1.5).astype(int),
        spots=spots,
        other_driver_cost=other_driver_cost,
    )


def as_solomon(problem: RoutingProblem, name: str = "made_up") -> str:
    """Return an instance of ``windows`` in Solomon's format."""
    vans, stops = problem.vans, problem.stops
    lines = [name, "", "VEHICLE", "NUMBER     CAPACITY"]
    lines += [f"{vans.count[0]:>5} {vans.capacity[0, 0] // 10:>10}", "", "CUSTOMER"]
    lines += ["CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME", ""]
    rows = [(*problem.spots[0], 0, vans.early[0] / 10, vans.late[0] / 10, 0)]
    rows += [
        (*problem.spots[s + 1], stops.demand[s, 0] / 10, stops.early[s] / 10, stops.late[s] / 10,
         stops.service[s] / 10)
        for s in range(len(stops))
    ]  # fmt: skip
    lines += [" ".join([str(n), *(f"{value:g}" for value in row)]) for n, row in enumerate(rows)]
    return "\n".join(lines) + "\n"


def as_vrplib(problem: RoutingProblem, capacity: int) -> str:
    """Return places and demands of an instance as a CVRP file."""
    count = len(problem.spots)
    lines = ["NAME : made-up", "COMMENT : none", "TYPE : CVRP", f"DIMENSION : {count}"]
    lines += ["EDGE_WEIGHT_TYPE : EUC_2D", f"CAPACITY : {capacity}", "NODE_COORD_SECTION"]
    lines += [f"{n} {x:g} {y:g}" for n, (x, y) in enumerate(problem.spots, 1)]
    lines += ["DEMAND_SECTION", "1 0"]
    lines += [f"{n} {d // 10}" for n, d in enumerate(problem.stops.demand[:, 0], 2)]
    return "\n".join([*lines, "DEPOT_SECTION", "1", "-1", "EOF"]) + "\n"
