"""Routing as arrays: where from, where to, by which vans, and what the plan returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..arrays import checked
from ..contract import Settings
from ..errors import BadProblem

#: no limit; PyVRP's own largest value is higher
FOREVER = 2**40
#: longer than any way; a way of this length is none
NO_WAY = 2**32
MOST_PLACES = 20_000
MOST_VANS = 100_000
#: larger numbers in a file are slips: their sums would leave 64 bits
LARGEST = 1e9


class Rules(NamedTuple):
    """A driver's: ``rest`` after ``most_drive``; ``lunch`` between two times, 0 for none."""

    most_drive: int = FOREVER
    rest: int = 0
    lunch: int = 0
    lunch_early: int = 0
    lunch_late: int = FOREVER

    @property
    def stays(self) -> tuple[int, ...]:
        """How long to stop for lunch: as it is, or as long as a break."""
        return (self.lunch, self.rest) if self.rest > self.lunch else (self.lunch,)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stops:
    """C schools (or other places) that are brought something.

    Parameters
    ----------
    place : (C,) row of the matrices.
    demand : (C, K) whole units of each kind of load (dry, cold).
    early, late : (C,) when service may begin.
    service : (C,) how long it takes.
    skip_cost : (C,) cost of leaving it out; -1 where it must be served.
    usual_van : (C,) the van group whose driver comes as a rule; -1 for none.
    """

    place: NDArray[np.int64]
    demand: NDArray[np.int64]
    early: NDArray[np.int64]
    late: NDArray[np.int64]
    service: NDArray[np.int64]
    skip_cost: NDArray[np.int64]
    usual_van: NDArray[np.int64]

    def __post_init__(self) -> None:
        count = len(self.place)
        kinds = self.demand.shape[1] if self.demand.ndim == 2 else 1
        checked(self, "place", np.int64, 0, MOST_PLACES, (count,))
        checked(self, "demand", np.int64, 0, FOREVER, (count, kinds))
        checked(self, "early", np.int64, 0, FOREVER, (count,))
        checked(self, "late", np.int64, 0, FOREVER, (count,))
        checked(self, "service", np.int64, 0, FOREVER, (count,))
        checked(self, "skip_cost", np.int64, -1, FOREVER, (count,))
        checked(self, "usual_van", np.int64, -1, MOST_PLACES, (count,))
        _ordered("Stops", self.early, self.late)

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vans:
    """G groups of equal vans, each with its drivers.

    Parameters
    ----------
    depot : (G,) row of the matrices where they start and end.
    count : (G,) how many there are.
    capacity : (G, K) units of each kind of load.
    early, late : (G,) when they may leave first and must be back.
    most_time : (G,) the longest a driver is under way in a day.
    most_drive : (G,) the longest a driver drives without a break; ``FOREVER`` for any time.
    rest : (G,) how long a break must be; 0 where none is needed.
    lunch : (G,) how long a driver under way has lunch; 0 for none.
    lunch_early, lunch_late : (G,) when lunch begins first and ends last.
    trips : (G,) how often one may leave the depot in a day.
    fixed_cost : (G,) of a van that is used at all.
    """

    depot: NDArray[np.int64]
    count: NDArray[np.int64]
    capacity: NDArray[np.int64]
    early: NDArray[np.int64]
    late: NDArray[np.int64]
    most_time: NDArray[np.int64]
    most_drive: NDArray[np.int64]
    rest: NDArray[np.int64]
    lunch: NDArray[np.int64]
    lunch_early: NDArray[np.int64]
    lunch_late: NDArray[np.int64]
    trips: NDArray[np.int64]
    fixed_cost: NDArray[np.int64]

    def __post_init__(self) -> None:
        groups = len(self.depot)
        kinds = self.capacity.shape[1] if self.capacity.ndim == 2 else 1
        checked(self, "depot", np.int64, 0, MOST_PLACES, (groups,))
        checked(self, "count", np.int64, 0, MOST_VANS, (groups,))
        checked(self, "capacity", np.int64, 0, FOREVER, (groups, kinds))
        checked(self, "early", np.int64, 0, FOREVER, (groups,))
        checked(self, "late", np.int64, 0, FOREVER, (groups,))
        checked(self, "most_time", np.int64, 0, FOREVER, (groups,))
        checked(self, "most_drive", np.int64, 1, FOREVER, (groups,))
        checked(self, "rest", np.int64, 0, FOREVER, (groups,))
        checked(self, "lunch", np.int64, 0, FOREVER, (groups,))
        checked(self, "lunch_early", np.int64, 0, FOREVER, (groups,))
        checked(self, "lunch_late", np.int64, 0, FOREVER, (groups,))
        checked(self, "trips", np.int64, 1, 1000, (groups,))
        checked(self, "fixed_cost", np.int64, 0, FOREVER, (groups,))
        _ordered("Vans", self.early, self.late)
        half = halves(self.most_drive, self.rest)
        if half.any():
            raise BadProblem("Vans", None, "routing_rest_half", {"row": int(half.argmax())})
        half = hurried(self.lunch, self.lunch_early, self.lunch_late)
        if half.any():
            raise BadProblem("Vans", None, "routing_lunch", {"row": int(half.argmax())})

    def __len__(self) -> int:
        return len(self.depot)

    def rules(self, group: int) -> Rules:
        """Return when a driver of a group rests and eats."""
        return Rules(*(int(getattr(self, name)[group]) for name in Rules._fields))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RoutingProblem:
    """A day's deliveries.

    Parameters
    ----------
    cost : (N, N) of going from the row's place to the column's; ``NO_WAY`` where none is.
    time : (N, N) how long that takes, in the unit of all times.
    spots : (N, 2) for pictures; the solver does not look at them.
    scale : by what all costs are to be divided to be in the units of the source.
    other_driver_cost : for each stop served by another than its usual van.
    stop_names, van_names, place_names : how they are called in files, reasons and results.
    """

    stops: Stops
    vans: Vans
    cost: NDArray[np.int64]
    time: NDArray[np.int64]
    spots: NDArray[np.float64]
    scale: int = 1
    other_driver_cost: int = 0
    stop_names: tuple[str, ...] = ()
    van_names: tuple[str, ...] = ()
    place_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        places = len(self.spots)
        checked(self, "cost", np.int64, 0, NO_WAY, (places, places))
        checked(self, "time", np.int64, 0, NO_WAY, (places, places))
        if self.other_driver_cost < 0 or self.scale < 1:
            raise BadProblem("RoutingProblem", None, "routing_negative", {})
        for where, rows in (("Stops", self.stops.place), ("Vans", self.vans.depot)):
            if len(rows) and int(rows.max()) >= places:
                fault = {"name": "place", "row": int(rows.argmax()), "found": str(rows.max())}
                fault |= {"low": "0", "high": str(places - 1)}
                raise BadProblem(where, None, "array_range", fault)
        if self.stops.demand.shape[1] != self.vans.capacity.shape[1]:
            raise BadProblem("RoutingProblem", None, "routing_kinds", {})
        if len(self.stops) and int(self.stops.usual_van.max()) >= len(self.vans):
            raise BadProblem("RoutingProblem", None, "routing_usual_van", {})

    def stop_name(self, stop: int) -> str:
        return self.stop_names[stop] if self.stop_names else str(stop + 1)

    def van_name(self, van: int) -> str:
        return self.van_names[van] if self.van_names else str(van + 1)

    @property
    def has_breaks(self) -> bool:
        """Whether some driver must rest or eat under way."""
        return bool((self.vans.rest > 0).any() or (self.vans.lunch > 0).any())

    @property
    def keeps_drivers(self) -> bool:
        """Whether it matters which van serves a stop."""
        return self.other_driver_cost > 0 and bool((self.stops.usual_van >= 0).any())


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One van's day: its group, and the stops of each trip in order."""

    van: int
    trips: tuple[tuple[int, ...], ...]

    @property
    def stops(self) -> tuple[int, ...]:
        return tuple(stop for trip in self.trips for stop in trip)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All routes of a day; who is on none is not served."""

    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingSettings(Settings):
    """``stop.work`` counts iterations of PyVRP's search. ``start``: a plan to begin from."""

    start: Plan | None = field(default=None, compare=False)


def halves(most_drive: NDArray[np.int64], rest: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return where a longest drive is told without a length of the break, or the other way round."""
    return (most_drive < FOREVER) != (rest > 0)


def hurried(
    lunch: NDArray[np.int64], early: NDArray[np.int64], late: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return where lunch is told without its hours, hours without lunch, or too few of them."""
    told = (early > 0) | (late < FOREVER)
    none = (lunch == 0) & told
    return none | ((lunch > 0) & ((late >= FOREVER) | (early + lunch > late)))


def without_breaks(groups: int) -> dict[str, NDArray[np.int64]]:
    """Return the fields of vans whose drivers neither rest nor eat under way."""
    none = np.zeros(groups, dtype=np.int64)
    made = dict.fromkeys(("rest", "lunch", "lunch_early"), none)
    return made | dict.fromkeys(("most_drive", "lunch_late"), none + FOREVER)


def _ordered(where: str, early: NDArray[np.int64], late: NDArray[np.int64]) -> None:
    wrong = early > late
    if wrong.any():
        raise BadProblem(where, None, "routing_window", {"row": int(np.argmax(wrong))})
