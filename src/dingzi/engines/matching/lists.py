"""Lists: what seekers would take in their order, and how vacancies rank them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..arrays import checked
from ..errors import BadProblem
from ..kernel import kernel
from .people import MOST_CATEGORIES, Names, checked_seats

_FAULTS = ("matching_list_hole", "matching_list_order", "matching_list_twice")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lists:
    """What the seekers would take, and how each vacancy ranks who asks.

    Parameters
    ----------
    vacancy : (S, k) int32, each seeker's list, dearest first; -1 after its end.
    score : (S, k) int32, what each entry is worth to the seeker, falling along the list.
    priority : (S, k) int32, how the vacancy ranks the seeker, more is better.
    seats, reserved : as in ``Vacancies``.
    category, guaranteed : as in ``Seekers``.
    """

    vacancy: NDArray[np.int32]
    score: NDArray[np.int32]
    priority: NDArray[np.int32]
    seats: NDArray[np.int32]
    reserved: NDArray[np.int32]
    category: NDArray[np.int8]
    guaranteed: NDArray[np.bool_]
    names: Names | None = None

    def __post_init__(self) -> None:
        if self.vacancy.ndim != 2:
            fault = {"name": "vacancy", "found": f"{self.vacancy.ndim}", "wanted": "S×k"}
            raise BadProblem("Lists", None, "array_shape", fault)
        shape = (self.vacancy.shape[0], self.vacancy.shape[1])
        checked(self, "vacancy", np.int32, -1, len(self.seats) - 1, shape)
        checked(self, "score", np.int32, 0, 2**30, shape)
        checked(self, "priority", np.int32, 0, 2**30, shape)
        checked(self, "category", np.int8, -1, MOST_CATEGORIES - 1, shape[:1])
        checked(self, "guaranteed", np.bool_, 0, 1, shape[:1])
        checked_seats(self, len(self.seats))
        row, fault_kind = _first_fault(self.vacancy, self.score)
        if row >= 0:
            raise BadProblem("Lists", None, _FAULTS[fault_kind], {"row": int(row)})

    def __len__(self) -> int:
        return len(self.vacancy)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """(S,) how many entries each list has."""
        return np.count_nonzero(self.vacancy >= 0, axis=1)

    def at(self, column: NDArray[np.int32], choice: NDArray[np.int32]) -> NDArray[np.int32]:
        """Return (S,) a column's entry at each seeker's ``choice``, -1 where that is -1."""
        if self.vacancy.shape[1] == 0:
            return np.full(len(self), -1, dtype=np.int32)
        found = column[np.arange(len(self)), np.maximum(choice, 0)]
        return np.where(choice >= 0, found, np.int32(-1))


@kernel
def _first_fault(vacancy, score):  # type: ignore[no-untyped-def]
    """Return the first row with a hole, a rising score or an entry twice; and which; or -1."""
    for s in range(vacancy.shape[0]):
        for at in range(1, vacancy.shape[1]):
            if vacancy[s, at] < 0:
                continue
            if vacancy[s, at - 1] < 0:
                return s, 0
            if score[s, at] > score[s, at - 1]:
                return s, 1
            for before in range(at):
                if vacancy[s, before] == vacancy[s, at]:
                    return s, 2
    return -1, 0
