"""Why a school is not served as wished: by nobody, or by another driver than usual."""

from __future__ import annotations

from ..contract import Reason
from .alone import obstacle
from .problem import Plan, RoutingProblem


def reasons(problem: RoutingProblem, plan: Plan) -> list[Reason]:
    """Return one for each stop left out and each with another driver.

    A stop left out that no van could serve even alone says why; of the others, serving them would
    have cost more than leaving them out, as far as the search has found.
    """
    served = {stop: route.van for route in plan.routes for stop in route.stops}
    told: list[Reason] = []
    for stop in range(len(problem.stops)):
        name = problem.stop_name(stop)
        usual = int(problem.stops.usual_van[stop])
        if stop not in served:
            why = obstacle(problem, stop)
            cost = int(problem.stops.skip_cost[stop])
            told.append(why or ("routing_left_out", {"stop": name, "cost": cost}))
        elif problem.other_driver_cost and usual >= 0 and served[stop] != usual:
            vans = {"van": problem.van_name(served[stop]), "usual": problem.van_name(usual)}
            told.append(("routing_other_driver", {"stop": name} | vans))
    return told
