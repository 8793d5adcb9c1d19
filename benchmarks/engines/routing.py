"""Routing: our plans beside OR-Tools' in the same CPU time, and beside PyVRP itself.

Instances of 200 to 400 customers with time windows, made by a seed in the manner of Gehring and
Homberger (``--file`` reads a real one instead). A gap is measured to the best plan known for the
instance: the best of all runs here, one of them of ours with three times the time. Both solvers
get one core and the same seconds. ``--quick`` makes one small instance and judges only equality.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:] = [str(ROOT), str(ROOT / "benchmarks"), *sys.path[1:]]

from claims import Claims, arguments  # noqa: E402
from tests.engines.routing.deliveries import as_vrplib, settings, windows  # noqa: E402

from dingzi.engines.contract import Stop  # noqa: E402
from dingzi.engines.routing import RoutingProblem, check, decide, solomon, vrplib  # noqa: E402

INSTANCES = (("RC", 200, False), ("R", 300, True), ("C", 400, False), ("R", 400, False))


def main() -> int:
    options = arguments(__doc__)
    options.add_argument("--seconds", type=float, default=15.0, help="of each solver")
    options.add_argument("--file", type=Path, action="append", help="an instance of Solomon's form")
    options.add_argument("--part", choices=("ortools", "pyvrp"), help="only this comparison")
    chosen = options.parse_args()
    shapes = (("RC", 60, False),) if chosen.quick else INSTANCES
    seconds = 2.0 if chosen.quick else chosen.seconds
    problems = {
        f"{kind}{2 if wide else 1} {count}": windows(count, seed=count, kind=kind, wide=wide)
        for kind, count, wide in shapes
    }
    if chosen.file:
        problems = {path.stem: solomon.read(path, None) for path in chosen.file}
    claims = Claims(f"{', '.join(problems)} customers; {seconds:g} s and one core each")
    if chosen.part in (None, "ortools"):
        beside_ortools(claims, problems, seconds, judged=not chosen.quick)
    if chosen.part in (None, "pyvrp"):
        beside_pyvrp(claims, 60 if chosen.quick else 200)
    return claims.finish()


def beside_ortools(
    claims: Claims, problems: dict[str, RoutingProblem], seconds: float, *, judged: bool
) -> None:
    ours, theirs, proven = [], [], []
    for name, problem in problems.items():
        result = decide(problem, settings(stop=Stop(seconds=seconds), seed=1))
        longer = decide(problem, settings(stop=Stop(seconds=3 * seconds), seed=2))
        other = ortools_cost(problem, seconds)
        if result.solution is None or other is None:
            raise RuntimeError(f"{name}: no plan in {seconds} s")
        verdict = check(problem, settings(), result.solution)
        assert verdict.feasible
        assert verdict.objective == result.objective
        known = min(result.objective, longer.objective or other, other)
        ours.append(result.objective / known - 1)
        theirs.append(other / known - 1)
        proven.append((result.gap, result.bound, known))
        print(
            f"{name}: ours {result.objective}, OR-Tools {other}, best known {known},"
            f" bound {result.bound} (proven gap {result.gap:.1%})",
            flush=True,
        )
    claims.against(
        "mean gap to the best known beside OR-Tools' (GLS) in the same CPU time",
        100 * sum(ours) / len(ours), 100 * sum(theirs) / len(theirs), "%", at_most=0.15,
        judged=judged,
    )  # fmt: skip
    above = sum(gap is None or bound > known for gap, bound, known in proven)
    claims.at_most("bounds above a plan", above, 0, "bounds")


def ortools_cost(problem: RoutingProblem, seconds: float) -> float | None:
    """Return the cost of OR-Tools' routing library: cheapest arcs, then guided local search."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    stops, vans = problem.stops, problem.vans
    places = len(problem.spots)
    manager = pywrapcp.RoutingIndexManager(places, int(vans.count[0]), 0)
    model = pywrapcp.RoutingModel(manager)
    demand = [0, *stops.demand[:, 0].tolist()]
    service = [0, *stops.service.tolist()]
    cost = problem.cost.tolist()
    spent = (problem.time + [[s] for s in service]).tolist()
    way = model.RegisterTransitMatrix(cost)
    model.SetArcCostEvaluatorOfAllVehicles(way)
    load = model.RegisterUnaryTransitVector(demand)
    model.AddDimension(load, 0, int(vans.capacity[0, 0]), True, "load")
    horizon = int(vans.late[0])
    model.AddDimension(model.RegisterTransitMatrix(spent), horizon, horizon, False, "time")
    clock = model.GetDimensionOrDie("time")
    for stop in range(len(stops)):
        index = manager.NodeToIndex(int(stops.place[stop]))
        clock.CumulVar(index).SetRange(int(stops.early[stop]), int(stops.late[stop]))
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = (
        routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    )
    search.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    search.time_limit.FromMilliseconds(int(1000 * seconds))
    found = model.SolveWithParameters(search)
    return None if found is None else found.ObjectiveValue() / problem.scale


def beside_pyvrp(claims: Claims, customers: int) -> None:
    """Where nothing of ours is asked for: the same seed, the same iterations, the same cost."""
    import pyvrp
    from pyvrp.stop import MaxIterations

    apart, ours_seconds, bare_seconds = 0.0, 0.0, 0.0
    decide(windows(30, seed=1), settings(stop=Stop(work=200)))  # compiled
    with tempfile.TemporaryDirectory() as folder:
        for seed, kind in enumerate(("C", "R", "RC")):
            path = Path(folder) / f"{kind}.vrp"
            path.write_text(as_vrplib(windows(customers, seed=seed, kind=kind), 200))
            begin = time.perf_counter()
            data = pyvrp.read(path, round_func="round")
            bare = pyvrp.solve(data, MaxIterations(500), seed=seed, collect_stats=False)
            bare_seconds += time.perf_counter() - begin
            begin = time.perf_counter()
            problem = vrplib.read(path, None)
            result = decide(problem, settings(stop=Stop(work=500), seed=seed))
            ours_seconds += time.perf_counter() - begin
            apart += abs(result.objective - bare.cost())
    claims.at_most(
        "difference in cost to bare PyVRP, same seed and 500 iterations", apart, 0, "units",
        size=f"3 × {customers} customers",
    )  # fmt: skip
    claims.against(
        "time beside bare PyVRP, with reading, bound and reasons", ours_seconds, bare_seconds, "s",
        at_most=1.5, judged=customers > 100, size=f"3 × {customers} customers",
    )  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
