"""A plan as it must be, whatever was asked."""

from __future__ import annotations

from dingzi.engines.contract import Result
from dingzi.engines.routing import Plan, RoutingProblem, RoutingSettings, check, decide


def held(problem: RoutingProblem, asked: RoutingSettings) -> Result[Plan] | None:
    """Decide and check: the plan holds, costs what is told and no less than the bound; None: no plan."""
    result = decide(problem, asked)
    if result.solution is None:
        assert result.status in ("infeasible", "unknown")
        return None
    verdict = check(problem, asked, result.solution)
    assert verdict.feasible
    assert verdict.objective == result.objective
    assert verdict.reasons == result.reasons
    assert result.bound <= result.objective
    return result
