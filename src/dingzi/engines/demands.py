"""Why nothing holds: an irreducible set of demands that cannot be met together.

Irreducible: without any one of them the rest can. Found by QuickXplain (U. Junker, AAAI 2004),
which asks about 2k(log(n/k) + 1) questions for k demands out of n.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from .contract import Reason

Demand = TypeVar("Demand")
#: told after the demands of a conflict that is not proven irreducible
OPEN: Reason = ("conflict_open", {})


@dataclass(frozen=True, slots=True)
class Conflict(Generic[Demand]):
    """Demands that cannot hold together.

    ``proven`` is False where a question could not be answered in its time: the set then still
    cannot hold, but a smaller one might do.
    """

    demands: tuple[Demand, ...]
    proven: bool


def irreducible(
    demands: Sequence[Demand], possible: Callable[[Sequence[Demand]], bool | None], *,
    proven: bool = False,
) -> Conflict[Demand] | None:  # fmt: skip
    """Return an irreducible set of demands that cannot hold together, in their order.

    Parameters
    ----------
    demands
        All that are wanted.
    possible
        Whether these can hold together, everything else (what no demand names) held too; None
        where that is not known, which counts as possible.
    proven
        That all together cannot hold is known already, and is not asked again.

    Returns None where all can hold together, or where even that is not known.
    """
    search = _Search(lambda held: possible([demands[place] for place in sorted(held)]))
    if not proven and search.holds(range(len(demands))):
        return None
    if not len(demands) or not search.holds(()):
        return Conflict((), search.proven)
    found = search.narrow([], False, list(range(len(demands))))
    return Conflict(tuple(demands[place] for place in sorted(found)), search.proven)


class _Search:
    """QuickXplain over places in the list of demands."""

    def __init__(self, possible: Callable[[Sequence[int]], bool | None]) -> None:
        self.possible = possible
        self.proven = True

    def holds(self, demands: Sequence[int]) -> bool:
        answer = self.possible(demands)
        self.proven &= answer is not None
        return answer is not False

    def narrow(self, held: list[int], changed: bool, among: list[int]) -> list[int]:
        """Return what of ``among`` is needed so that it cannot hold beside ``held``."""
        if changed and not self.holds(held):
            return []
        if len(among) == 1:
            return among
        half = len(among) // 2
        first, second = among[:half], among[half:]
        of_second = self.narrow(held + first, bool(first), second)
        of_first = self.narrow(held + of_second, bool(of_second), first)
        return of_first + of_second
