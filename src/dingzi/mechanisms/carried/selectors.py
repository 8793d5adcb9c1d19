"""What waits for a leader, and his own numbers; what waits for who looks back."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dingzi.city.viewer import Viewer
from dingzi.core.text import Text
from dingzi.matters.models import Matter
from dingzi.matters.visibility import visible

from .models import Carry

_STEPS = Q(carry__read_on=None) | Q(carry__met_on=None) | Q(carry__decided_on=None)


def _rows(where: Q) -> QuerySet[Matter]:
    found = Matter.objects.filter(where, process="carry").select_related("carry", "parent")
    return found.order_by("due_at", "id")


def _mine(viewer: Viewer) -> Q:
    return Q(holder__in=viewer.posts, active=True)


def to_begin(viewer: Viewer) -> QuerySet[Matter]:
    """Return what the viewer carries and has not read, met anybody on, or decided yet."""
    return _rows(_mine(viewer) & Q(state__in=("assigned", "carrying")) & _STEPS)


def to_settle(viewer: Viewer) -> QuerySet[Matter]:
    return _rows(_mine(viewer) & Q(state="carrying") & ~_STEPS)


def awaiting_word(viewer: Viewer) -> QuerySet[Matter]:
    """Return what he reported as settled: others have the word now."""
    return _rows(_mine(viewer) & Q(state="settled"))


def to_close(viewer: Viewer) -> QuerySet[Matter]:
    return _rows(_mine(viewer) & Q(state="resolved"))


def to_look_back(viewer: Viewer) -> QuerySet[Matter]:
    """Return what somebody independent can look back on, as far as the viewer sees it."""
    return _rows(Q(state="settled") & visible(viewer, parts=True) & ~Q(holder__in=viewer.posts))


def counts(viewer: Viewer) -> list[tuple[Text, int]]:
    """Return the viewer's own numbers; one query. There are none of anybody else."""
    held = Carry.objects.filter(matter__holder__in=viewer.posts)
    rows = list(held.values_list("matter__active", "resolved_on", "received", "visited"))
    return [
        (Text("正在包", "Carried now"), sum(active for active, *_ in rows)),
        (Text("实质化解", "Resolved in substance"), sum(day is not None for _, day, *_ in rows)),
        (Text("接访", "Received"), sum(row[2] for row in rows)),
        (Text("下访", "Visits made"), sum(row[3] for row in rows)),
    ]


def steps(matter: Matter) -> Text:
    """Say which steps are done and which lack."""
    own = matter.carry
    done = (
        (own.read_on, "阅卷", "file read"),
        (own.met_on, "见人", "people met"),
        (own.decided_on, "定办法", "decided"),
    )
    zh = "，".join(f"{name}{'✓' if day else '还没有'}" for day, name, _ in done)
    en = ", ".join(f"{name} {'✓' if day else 'not yet'}" for day, _, name in done)
    return Text(zh, en)
