"""What of the lists waits for the viewer: to give on, to accept, to look back on; his unit's own."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dingzi.city.viewer import Viewer
from dingzi.core.text import Text
from dingzi.matters.models import Matter
from dingzi.matters.visibility import visible

from .models import Problem

LISTS = {
    "hotspot": Text("重点地区整治", "Hotspot areas"),
    "secretary": Text("书记领衔项目", "Projects led by the secretary"),
    "achievement": Text("政绩观偏差", "Deviations in the view of achievement"),
}


def _rows(viewer: Viewer, where: Q) -> QuerySet[Matter]:
    found = Matter.objects.filter(where, visible(viewer), process="problem")
    return found.select_related("problem", "parent").order_by("due_at", "id")


def to_give(viewer: Viewer) -> QuerySet[Matter]:
    return _rows(viewer, Q(state__in=("found", "argued")) & Q(holder_unit=viewer.unit))


def _by_others(viewer: Viewer) -> Q:
    """What the viewer's unit has not rectified: what it may accept."""
    return ~Q(lead_unit=viewer.unit)


def to_accept(viewer: Viewer) -> QuerySet[Matter]:
    return _rows(viewer, Q(state__in=("rectified", "accepted")) & _by_others(viewer))


def to_look_back(viewer: Viewer) -> QuerySet[Matter]:
    return _rows(viewer, Q(state="delisted") & _by_others(viewer))


def to_rectify(viewer: Viewer) -> QuerySet[Matter]:
    """Return what the viewer's unit has to recognise, plan or rectify."""
    states = ("told", "recognised", "planned")
    return _rows(viewer, Q(state__in=states) & Q(holder_unit=viewer.unit))


def counts(viewer: Viewer) -> list[tuple[Text, int]]:
    """Return how many are open on each list, of those that the viewer's unit has a hand in."""
    mine = Q(matter__lead_unit=viewer.unit) | Q(matter__holder_unit=viewer.unit)
    rows = Problem.objects.filter(mine, matter__closed_at=None).values_list("on_list", flat=True)
    found = list(rows)
    return [(label, found.count(code)) for code, label in LISTS.items()]


def on_list(matter: Matter) -> Text:
    """Say on which list it is, how often it was returned, and whether the owners voted."""
    own: Problem = matter.problem
    zh, en = [LISTS[own.on_list].zh], [LISTS[own.on_list].en]
    if own.returned:
        zh.append(f"退回过{own.returned}次")
        en.append(f"returned {own.returned}×")
    if own.relapses:
        zh.append(f"反弹过{own.relapses}次")
        en.append(f"came back {own.relapses}×")
    if own.needs_vote:
        zh.append("业主表决通过" if own.passed_on else "等业主表决")
        en.append("owners agreed" if own.passed_on else "owners to vote")
    return Text("，".join(zh), ", ".join(en))
