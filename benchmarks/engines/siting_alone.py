"""A city's schools as a user of HiGHS would write them: the peer of the city's benchmark.

The textbook's way: whether a school is open, winds up, is built, has so many modules; who goes
where; each pair tied to its own school (the stronger of the two usual ways). HiGHS gets seconds and
cores and is left as it is otherwise, its gap too.
"""

from __future__ import annotations

import math

import numpy as np

from dingzi.engines.highs import Answer, Model
from dingzi.engines.siting import CityPlan, CityProblem, CitySettings
from dingzi.engines.siting.city import CLOSED, OPEN, WINDING, unit_fen

_GAP, _ABSOLUTE = 1e-4, 1e-6  # HiGHS's own


class Alone:
    """The model of a city whose schools wind up for one year."""

    def __init__(self, city: CityProblem, settings: CitySettings) -> None:
        assert settings.transition_years == 1
        self.city, self.settings, self.model = city, settings, Model()
        self.shape = (len(city.schools), len(city.years))
        self._schools()
        self._ways()
        self._loads()
        self._moves()

    def _columns(self, cost: np.ndarray, high: np.ndarray | float = 1.0, whole: bool = True):  # type: ignore[no-untyped-def]
        first = self.model.add_columns(
            cost.ravel(), 0.0, np.broadcast_to(np.asarray(high, float), cost.shape).ravel(),
            whole=whole,
        )  # fmt: skip
        return first + np.arange(cost.size).reshape(cost.shape)

    def _row(
        self, terms: list[tuple[np.ndarray, float | np.ndarray]], low: object, high: object
    ) -> None:
        """Add rows low <= sum of terms <= high, one for each element of the terms."""
        size = terms[0][0].size
        bounds = [
            np.broadcast_to(np.asarray(b, float), terms[0][0].shape).ravel() for b in (low, high)
        ]
        rows = self.model.add_rows(size, *bounds) + np.arange(size)
        for columns, factor in terms:
            factors = np.broadcast_to(np.asarray(factor, float), columns.shape)
            self.model.add_entries(rows, columns.ravel(), factors.ravel())

    def _schools(self) -> None:
        city, years = self.city, self.shape[1]
        each = np.ones(years)
        keep = np.outer(city.keep_fen, each)
        soon = np.arange(years) < self.settings.build_years
        may = ~(soon & ~city.exists[:, None])
        self.open = self._columns(keep, may.astype(float))
        self.wind = self._columns(keep, np.where(city.protected, 0.0, 1.0)[:, None])
        self.opened = self._columns(np.outer(city.open_fen, each))
        self.modules = self._columns(
            np.zeros(self.shape), np.where(soon, 0.0, city.modules[:, None])
        )
        self.added = self._columns(np.outer(city.module_fen, each), city.modules[:, None])
        stands = city.exists.astype(float)
        now, wind, built = self.open[:, 0], self.wind[:, 0], self.opened[:, 0]
        self._row([(now, 1.0), (wind, 1.0), (built, -1.0)], stands, stands)
        self._row([(wind, 1.0)], -math.inf, stands)
        self._row([(built, 1.0)], -math.inf, 1.0 - stands)
        self._row([(self.added[:, 0], 1.0), (self.modules[:, 0], -1.0)], 0.0, math.inf)
        now, before = self.open[:, 1:], self.open[:, :-1]
        wind, built = self.wind[:, 1:], self.opened[:, 1:]
        # what was open is open or winds up; what winds up is closed a year later
        self._row([(now, 1.0), (wind, 1.0), (built, -1.0), (before, -1.0)], 0.0, 0.0)
        self._row([(wind, 1.0), (before, -1.0)], -math.inf, 0.0)
        self._row([(built, 1.0), (before, 1.0), (self.wind[:, :-1], 1.0)], -math.inf, 1.0)
        most = city.modules[:, None].astype(float)
        self._row([(self.modules, 1.0), (self.open, -most)], -math.inf, 0.0)
        more, had = self.modules[:, 1:], self.modules[:, :-1]
        self._row([(self.added[:, 1:], 1.0), (more, -1.0), (had, 1.0)], 0.0, math.inf)
        wide = np.broadcast_to(most, more.shape)
        self._row([(more, 1.0), (had, -1.0), (now, -wide)], -wide, math.inf)
        shut = self.open[city.protected]
        self._row([(shut, 1.0)], 1.0, 1.0)

    def _ways(self) -> None:
        """Columns ``x`` (pairs within the limit, years), each group seated once, tied to its school."""
        city, settings = self.city, self.settings
        limit = city.limit_m
        if settings.farthest_m is not None:
            limit = np.minimum(limit, settings.farthest_m)
        way, self.band = np.nonzero(city.metres[:, None] <= limit)
        self.village, self.school = city.village[way], city.school[way]
        lives = city.pupils[self.village, self.band].any(axis=1)
        way, self.band, self.village, self.school = (
            part[lives] for part in (way, self.band, self.village, self.school)
        )
        bands = len(city.bands)
        groups, self.group = np.unique(self.village * bands + self.band, return_inverse=True)
        self.pupils = city.pupils[groups // bands, groups % bands].astype(float)
        self.load = self.pupils[self.group]
        cost = unit_fen(city.metres[way], settings.fen_per_km)[:, None] * self.load
        home = city.home[self.village, self.band]
        goes = (home >= 0) & (home != self.school)
        cost[:, 0] += np.where(goes, settings.move_fen * self.load[:, 0], 0.0)
        self.x = self._columns(cost)
        somebody = (self.pupils > 0).astype(float).ravel()
        once = self.model.add_rows(self.pupils.size, somebody, 1.0) + np.arange(
            self.pupils.size
        ).reshape(self.pupils.shape)
        self.model.add_entries(once[self.group], self.x, 1.0)
        stays = (home == self.school) & city.stays[self.band]
        self._row(
            [
                (self.x, 1.0), (self.open[self.school], -1.0),
                (self.wind[self.school], -stays[:, None].astype(float)),
            ],
            -math.inf, 0.0,
        )  # fmt: skip

    def _loads(self) -> None:
        city, size = self.city, self.open.size
        seats = np.broadcast_to(city.seats[:, None].astype(float), self.shape).ravel()
        fits = self.model.add_rows(size, -math.inf, 0.0) + np.arange(size).reshape(self.shape)
        self.model.add_entries(fits[self.school], self.x, self.load)
        for columns in (self.open, self.wind):
            self.model.add_entries(fits.ravel(), columns.ravel(), -seats)
        self.model.add_entries(fits, self.modules, -float(self.settings.module_seats))
        least = np.where(city.protected, 0, city.least)[:, None].astype(float)
        enough = self.model.add_rows(size, 0.0) + np.arange(size).reshape(self.shape)
        self.model.add_entries(enough[self.school], self.x, self.load)
        self.model.add_entries(enough, self.open, -np.broadcast_to(least, self.shape))

    def _moves(self) -> None:
        if self.shape[1] == 1:
            return
        moved = self._columns(self.settings.move_fen * self.pupils[:, 1:], whole=False)
        self._row(
            [(moved[self.group], 1.0), (self.x[:, :-1], -1.0), (self.x[:, 1:], 1.0)], 0.0, math.inf
        )

    def solve(self, seconds: float, cores: int) -> tuple[CityPlan | None, Answer]:
        """Return the plan that HiGHS ends with, None where it has none."""
        answer = self.model.solve(seconds=seconds, cores=cores, gap=_GAP, absolute_gap=_ABSOLUTE)
        return (None if answer.x is None else self.plan(answer.x)), answer

    def plan(self, values: np.ndarray) -> CityPlan:
        city = self.city
        status = np.where(
            values[self.open] > 0.5, OPEN, np.where(values[self.wind] > 0.5, WINDING, CLOSED)
        )
        school = np.full(city.pupils.shape, -1)
        pair, year = np.nonzero(values[self.x] > 0.5)
        school[self.village[pair], self.band[pair], year] = self.school[pair]
        school[city.pupils == 0] = -1
        modules = np.where(status == OPEN, np.rint(values[self.modules]), 0).astype(np.int64)
        return CityPlan(status=status, modules=modules, school=school)
