"""Routing: who brings what to which school, by which van, in which order."""

from .checking import check
from .failures import after_failure
from .problem import Plan, Route, RoutingProblem, RoutingSettings, Stops, Vans
from .solving import decide

__all__ = [
    "Plan",
    "Route",
    "RoutingProblem",
    "RoutingSettings",
    "Stops",
    "Vans",
    "after_failure",
    "check",
    "decide",
]
