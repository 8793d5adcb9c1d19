"""A city's schools over some years: the problem, its settings, a plan. Engines hold no number of law:
limits, minimum sizes and seats come with the problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dingzi.engines.contract import Settings
from dingzi.engines.errors import BadSettings

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

CLOSED, WINDING, OPEN = 0, 1, 2


@dataclass(frozen=True, kw_only=True)
class CityProblem:
    """V villages with pupils of G bands of grades in T years, and S schools and building sites.

    Parameters
    ----------
    villages, bands, schools
        Names, V, G and S of them.
    years
        The T years, ascending; the plan's first year is years[0].
    pupils
        (V, G, T) int64, pupils of a village in a band in a year.
    limit_m
        (G,) int64, metres that a pupil of the band may travel.
    stays
        (G,) bool, whether the band may stay in its school while that winds up.
    exists
        (S,) bool; a site that does not exist yet can be built.
    seats
        (S,) int64, seats without modules (of a site: as built).
    modules
        (S,) int64, how many modules can be added at most.
    least
        (S,) int64, pupils that an open school must have; protected ones are exempt.
    protected
        (S,) bool, teaching points that stay open whatever their size.
    keep_fen, open_fen, module_fen
        (S,) int64, fen: a year of keeping open, building (or opening again), one module.
    village, school, metres
        (P,) int64, the pairs for which a way is known.
    home
        (V, G) int64, the school attended now; -1 for none.
    """

    villages: tuple[str, ...]
    bands: tuple[str, ...]
    schools: tuple[str, ...]
    years: tuple[int, ...]
    pupils: Ints
    limit_m: Ints
    stays: Bools
    exists: Bools
    seats: Ints
    modules: Ints
    least: Ints
    protected: Bools
    keep_fen: Ints
    open_fen: Ints
    module_fen: Ints
    village: Ints
    school: Ints
    metres: Ints
    home: Ints

    def __post_init__(self) -> None:
        v, g, s, t = len(self.villages), len(self.bands), len(self.schools), len(self.years)
        of_school = ("exists", "seats", "modules", "least", "protected", "keep_fen", "open_fen")
        shapes = {"pupils": (v, g, t), "limit_m": (g,), "stays": (g,), "home": (v, g)}
        shapes |= dict.fromkeys((*of_school, "module_fen"), (s,))
        shapes |= dict.fromkeys(("village", "school"), self.metres.shape)
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise BadSettings("city.shape", {"name": name, "shape": str(shape)})
        amounts = ("pupils", "limit_m", "seats", "modules", "least", "keep_fen", "open_fen")
        for name in (*amounts, "module_fen", "metres"):
            if (getattr(self, name) < 0).any():
                raise BadSettings("city.negative", {"name": name})
        if not v or not g or not s or not t:
            raise BadSettings("city.empty", {})
        if not self.pupils.any():
            raise BadSettings("city.no_pupils", {})
        if (self.protected & ~self.exists).any():
            name = self.schools[int(np.argmax(self.protected & ~self.exists))]
            raise BadSettings("city.protected_site", {"school": name})
        inside = (self.village >= 0) & (self.village < v) & (self.school >= 0) & (self.school < s)
        if not inside.all() or self.home.max(initial=-1) >= s or self.home.min(initial=-1) < -1:
            raise BadSettings("city.shape", {"name": "village, school, home", "shape": ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class CitySettings(Settings):
    """How a city's schools are decided.

    Parameters
    ----------
    module_seats
        Seats of one module.
    build_years
        Years from order to use: nothing built is in use before years[build_years], so what closes
        is replaced by seats that stand already (build first, close after).
    transition_years
        Years for which a school that closes still keeps the bands that may stay.
    fen_per_km
        What a kilometre of one pupil's way costs a year (one way, all school days).
    move_fen
        What a pupil's change of school costs once.
    farthest_m
        No way longer than this, whatever the band's limit: lower it for the sake of the worst-off.
    gap
        Stop when the plan is proven to cost at most this share more than the best.
    """

    module_seats: int
    build_years: int = 1
    transition_years: int = 1
    fen_per_km: int = 20_000
    move_fen: int = 50_000
    farthest_m: int | None = None
    gap: float = 0.0

    def __post_init__(self) -> None:
        # dataclass slots make a new class, which the argument-free super() does not know
        Settings.__post_init__(self)
        if self.module_seats < 1:
            raise BadSettings("city.module_seats", {"found": self.module_seats})
        for name in ("build_years", "transition_years", "fen_per_km", "move_fen"):
            if getattr(self, name) < 0:
                raise BadSettings("city.negative", {"name": name})
        if not 0 <= self.gap < 1:
            raise BadSettings("city.gap", {"found": self.gap})


@dataclass(frozen=True, slots=True, kw_only=True)
class CityPlan:
    """What becomes of each school, and where each village's bands go.

    Parameters
    ----------
    status
        (S, T) int64: CLOSED (also: not built), WINDING (up, in transition) or OPEN.
    modules
        (S, T) int64, modules in use.
    school
        (V, G, T) int64, the school attended; -1 where a band has no pupils.
    """

    status: Ints
    modules: Ints
    school: Ints


def unit_fen(metres: Ints, fen_per_km: int) -> Ints:
    """Return what a pupil's way costs a year, rounded half up to whole fen."""
    return (metres * fen_per_km + 500) // 1000
