"""What a matching returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .lists import Lists
from .settings import MatchingSettings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Matching:
    """Each seeker's list and what he got of it.

    Parameters
    ----------
    lists : what could be offered, with what it is worth.
    choice : (S,) int32, place on his list that each seeker got, 0 the dearest; -1 for none. With
        method ``candidates`` nobody gets anything yet.
    settings : under which; None for given lists. With them the parts of a score can be told.
    """

    lists: Lists
    choice: NDArray[np.int32]
    settings: MatchingSettings | None = None

    @property
    def vacancy(self) -> NDArray[np.int32]:
        """(S,) the vacancy that each seeker got; -1 for none."""
        return self.lists.at(self.lists.vacancy, self.choice)

    @property
    def score(self) -> int:
        """Sum of the scores of what was got."""
        return int(np.maximum(self.lists.at(self.lists.score, self.choice), 0).sum(dtype=np.int64))

    @property
    def taken(self) -> NDArray[np.int64]:
        """(V,) seats taken at each vacancy."""
        got = self.vacancy
        return np.bincount(got[got >= 0], minlength=len(self.lists.seats))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Claimed:
    """Who is said to get what, without the lists: (S,) int32, a vacancy or -1."""

    vacancy: NDArray[np.int32]
