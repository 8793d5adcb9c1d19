"""What can be proven impossible: a stop that nothing can serve, loads or stops beyond all vans."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract import Reason
from ..demands import irreducible
from .alone import at_ease, obstacle
from .apart import too_few_vans
from .problem import RoutingProblem


def impossible(problem: RoutingProblem) -> list[Reason]:
    """Return an irreducible set of demands proven impossible together; empty if none is found.

    Either one stop that nothing can serve, or stops whose loads together exceed what all vans can
    carry on all their trips, or stops of which no van can serve two and for which there are too few
    vans; without any one of them the others would do.
    """
    must = [s for s in range(len(problem.stops)) if problem.stops.skip_cost[s] < 0]
    alone = [stop for stop in must if obstacle(problem, stop) is not None]
    if alone:  # by itself; on the way from another stop it may be served
        eased = at_ease(problem)
        why = next((why for stop in alone if (why := obstacle(eased, stop))), None)
        return [] if why is None else [why]
    vans = problem.vans
    most = (vans.capacity * (vans.count * vans.trips)[:, None]).sum(axis=0)

    def possible(stops: Sequence[int]) -> bool:
        return bool((problem.stops.demand[list(stops)].sum(axis=0) <= most).all())

    found = irreducible(must, possible)
    if found is None:
        return too_few_vans(problem, must)
    load = problem.stops.demand[list(found.demands)].sum(axis=0)
    kind = int((load - most).argmax())
    told = {"load": int(load[kind]), "most": int(most[kind]), "kind": kind + 1}
    return [("routing_too_much", {"stop": problem.stop_name(s)} | told) for s in found.demands]
