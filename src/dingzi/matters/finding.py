"""Search: the index filtered by what the viewer sees, before anything is counted."""

from __future__ import annotations

from dataclasses import dataclass

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core import search
from dingzi.core.errors import NotFound

from . import numbers, selectors
from .models import Matter

#: Hits read in one go, rows shown, and how often more hits are read for a viewer who sees few.
BATCH, SHOWN, ROUNDS = 250, 30, 2


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of matters, newest first; ``before`` asks for the next one."""

    matters: list[Matter]
    before: int | None
    searchable: bool


def find(query: str, viewer: Viewer, before: int | None = None) -> Hits:
    """Return the matters that hold all words of ``query`` and that the viewer sees."""
    shown: list[Matter] = []
    for _ in range(ROUNDS):
        hits = search.match(query, scopes(viewer), before=before, limit=BATCH)
        if not hits.searchable:
            return Hits([], None, False)
        for matter in selectors.found(hits.ids, viewer):
            if len(shown) == SHOWN:
                return Hits(shown, shown[-1].id, True)
            shown.append(matter)
        if not hits.more:
            return Hits(shown, None, True)
        before = hits.ids[-1]
    return Hits(shown, before, True)


def by_number(query: str, viewer: Viewer) -> Matter | None:
    """Return the matter whose number this is, however its brackets were typed."""
    number = numbers.tidy(query)
    if numbers.prefix_of(number) is None:
        return None
    try:
        return selectors.get(number, viewer)
    except NotFound:
        return None


def scopes(viewer: Viewer) -> set[str]:
    """Return the scopes of the index in which the viewer's matters lie.

    Who sees no place as such is looked for around his unit; ``selectors.found`` then leaves out
    what is not his.
    """
    code = viewer.scope
    if not code:
        unit = directory.unit(viewer.unit)
        code = unit.division[:6] if unit else ""
    if not code:
        return set()
    if len(code) <= 4:
        return {"a:all"}
    return {f"c:{code}"} if len(code) == 6 else {f"t:{code[:9]}"}
