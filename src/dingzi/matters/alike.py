"""Groups of open matters that may be one thing: found over many, kept for a while, shown anew.

What is kept are ids alone. Whoever looks gets those of them that he sees and that are still open,
so nothing is learnt from a list that was made for another, or an hour ago.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import caches
from django.utils import timezone

from dingzi.city import viewers
from dingzi.city.models import Account
from dingzi.city.viewer import Viewer
from dingzi.core.likeness import shared
from dingzi.core.registry import Mechanism, mechanisms

from . import duplicates, registry, selectors
from .models import Matter
from .process import Action
from .visibility import has_role, visible

#: The newest open matters that are compared, and up to how many that happens at once.
MOST, AT_ONCE = 20_000, 1_000
#: Seconds for which groups are kept.
KEPT = 6 * 60 * 60


@dataclass(frozen=True, slots=True)
class Alike:
    """Matters that may be one thing, the earliest first, and the words that they share."""

    matters: list[Matter]
    words: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a comparison gave: when, among how many; None while it is being made."""

    at: datetime | None
    compared: int
    groups: list[list[int]]


@dataclass(frozen=True, slots=True)
class Merging:
    """The act by which matters of a mechanism become one, and its field that names into which."""

    mechanism: Mechanism
    action: Action
    field: str


def merging(viewer: Viewer) -> list[Merging]:
    """Return what the viewer's post may merge."""
    return [
        Merging(one, action, field.name)
        for one in mechanisms()
        for action in registry.handle(one.process).latest.actions.values()
        for field in action.fields[:1]
        if field.kind == "matter" and len(action.fields) == 1 and has_role(viewer, action, False)
    ]


def found(viewer: Viewer, process: str) -> Found:
    """Return the groups in the viewer's scope; where there are many, the steward makes them."""
    key = _key(viewer, process)
    kept = caches["shared"].get(key)
    if kept is None:
        return renew(viewer, process)
    return Found(kept["at"], kept["compared"], kept["groups"])


def renew(viewer: Viewer, process: str) -> Found:
    """Compare anew: here where it takes a second, else by the steward."""
    from .tasks import find_duplicates

    few = _open(viewer, process)[: AT_ONCE + 1].count() <= AT_ONCE
    if few or viewer.account is None:
        return compare(viewer, process)
    key = _key(viewer, process)
    making: dict[str, Any] = {"at": None, "compared": 0, "groups": []}
    if caches["shared"].add(key, making, 15 * 60) or caches["shared"].get(key, making)["at"]:
        caches["shared"].set(key, making, 15 * 60)
        find_duplicates.enqueue(viewer.account, viewer.post, process)
    return Found(None, 0, [])


def compare(viewer: Viewer, process: str) -> Found:
    """Compare the newest open matters that the viewer sees, and keep the groups."""
    matters = list(_open(viewer, process)[:MOST])
    groups = [[m.id for m in group] for group in duplicates.groups(matters, viewer)]
    made = Found(timezone.now(), len(matters), groups)
    value = {"at": made.at, "compared": made.compared, "groups": made.groups}
    caches["shared"].set(_key(viewer, process), value, KEPT)
    return made


def compare_for(account: int, post: int | None, process: str) -> int:
    """Do the steward's part, under the rights that the account has now; return the groups."""
    viewer = viewers.viewer_for(Account.objects.get(pk=account), post)
    return len(compare(viewer, process).groups)


def shown(made: Found, viewer: Viewer, first: int, count: int) -> tuple[list[Alike], int]:
    """Return some of the groups as they stand now, and how many there are in all.

    What was closed or merged meanwhile is left out, and a group of which one is left.
    """
    wanted = [i for group in made.groups for i in group]
    still = set(_still(wanted, viewer))
    groups = [kept for group in made.groups if len(kept := [i for i in group if i in still]) > 1]
    page = groups[first : first + count]
    rows = {m.id: m for m in selectors.found([i for group in page for i in group], viewer)}
    alike = []
    for group in page:
        matters = sorted((rows[i] for i in group if i in rows), key=lambda m: (m.opened_at, m.id))
        if len(matters) > 1:
            alike.append(Alike(matters, shared([m.title for m in matters])))
    return alike, len(groups)


def _still(ids: Iterable[int], viewer: Viewer) -> Iterable[int]:
    rows = Matter.objects.filter(visible(viewer), closed_at=None, merged_into=None)
    return rows.filter(id__in=list(ids)).values_list("id", flat=True)


def _open(viewer: Viewer, process: str) -> Any:
    rows = Matter.objects.filter(visible(viewer), process=process, closed_at=None)
    return rows.filter(merged_into=None, parent=None).order_by("-opened_at", "-id")


def _key(viewer: Viewer, process: str) -> str:
    posts = "-".join(map(str, sorted(viewer.posts)))
    return f"alike:{process}:{viewer.scope}:{viewer.unit}:{posts}"
