"""The facility location problems of the literature: p-median, covering, capacitated, single-source.

One problem: open some of M sites, serve N customers from them. What is left out decides which of
the classical problems it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dingzi.engines.contract import Settings
from dingzi.engines.errors import BadSettings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
GOALS = ("cost", "cover", "worst")


def told(amount: float) -> int | float:
    """Return an amount as it is told: whole where it is whole, else to six decimals."""
    return int(amount) if float(amount).is_integer() else round(float(amount), 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityProblem:
    """Which of M sites to open and from which to serve each of N customers.

    Parameters
    ----------
    cost
        (N, M) float64, the cost of serving the whole demand of a customer from a site; infinite
        where that is not allowed.
    opening
        (M,) float64, the cost of opening a site; all 0 for the p-median.
    capacity
        (M,) float64, how much demand a site can serve; infinite without limit.
    demand
        (N,) float64, used by capacities and by ``cover``.
    p
        How many sites must be open; None where the opening costs decide.
    split
        Whether a customer may be served from several sites.
    """

    cost: Floats
    opening: Floats
    capacity: Floats
    demand: Floats
    p: int | None = None
    split: bool = False
    customers: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n, m = self.cost.shape
        shapes = (self.opening.shape, self.capacity.shape, self.demand.shape)
        if shapes != ((m,), (m,), (n,)) or n < 1 or m < 1:
            raise BadSettings("siting.shapes", {"customers": n, "sites": m})
        if np.isnan(self.cost).any() or (self.cost == -math.inf).any():
            raise BadSettings("siting.cost_missing", {})
        for values in (self.demand, self.capacity):
            if not (values >= 0).all():
                raise BadSettings("siting.negative", {})
        if not np.isfinite(self.opening).all() or not np.isfinite(self.demand).all():
            raise BadSettings("siting.negative", {})
        if self.p is not None and not 1 <= self.p <= m:
            raise BadSettings("siting.p_range", {"found": self.p, "sites": m})

    @property
    def capacitated(self) -> bool:
        """Whether any site could be asked for more than it can serve."""
        return bool((self.capacity < self.demand.sum()).any())

    @property
    def whole(self) -> bool:
        """Whether every objective is a whole number, so a bound may be rounded up."""
        finite = self.cost[np.isfinite(self.cost)]
        return not self.split and all(
            np.array_equal(values, np.rint(values)) for values in (finite, self.opening)
        )

    def cost_of(self, plan: Plan) -> float:
        """Return what a plan costs: opening and serving."""
        serving = math.fsum(self.cost[plan.customer, plan.site] * plan.share)
        return serving + math.fsum(self.opening[plan.open])

    def customer(self, number: int) -> str:
        return self.customers[number] if self.customers else str(number + 1)

    def site(self, number: int) -> str:
        return self.sites[number] if self.sites else str(number + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """An answer to a facility problem.

    Parameters
    ----------
    open
        (K,) int64, the numbers of the sites opened, ascending.
    customer, site, share
        (A,) each: this share (0 to 1) of the customer's demand is served from this site. A
        customer of whom nobody is served (``cover``) has no row.
    """

    open: Ints
    customer: Ints
    site: Ints
    share: Floats

    @classmethod
    def whole(cls, open_sites: Ints, assigned: Ints) -> Plan:
        """Make a plan in which each customer is served from one site; -1 for none."""
        served = np.flatnonzero(assigned >= 0)
        return cls(
            open=np.sort(np.asarray(open_sites, np.int64)),
            customer=served,
            site=np.asarray(assigned, np.int64)[served],
            share=np.ones(len(served)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilitySettings(Settings):
    """How to decide a facility problem.

    Parameters
    ----------
    goal
        ``cost``: least total cost. ``cover``: most demand within ``radius`` with ``p`` sites, or,
        without ``p``, fewest (cheapest) sites that cover everybody. ``worst``: the farthest
        customer as near as can be, with ``p`` sites.
    radius
        In the unit of ``cost``; a customer is covered by an open site no farther than this.
    """

    goal: str = "cost"
    radius: float | None = field(default=None)

    def __post_init__(self) -> None:
        # dataclass slots make a new class, which the argument-free super() does not know
        Settings.__post_init__(self)
        if self.goal not in GOALS:
            raise BadSettings("siting.goal", {"found": self.goal, "known": ", ".join(GOALS)})
        if self.goal == "cover" and (self.radius is None or not self.radius >= 0):
            raise BadSettings("siting.radius", {})
