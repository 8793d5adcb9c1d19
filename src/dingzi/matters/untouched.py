"""What nobody has touched since a change of office: the old debts of a post, of any mechanism.

No default on account of a change of office-holder (优化营商环境条例 31): what the former holder
promised is the post's, and lies on it until somebody takes it up.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from dingzi.city.models import Tenure
from dingzi.city.viewer import Viewer

from .clocks import LOCAL, local_day
from .models import SEQ_BITS, Event, Matter
from .visibility import visible

#: Acts that touch nothing: the timer's, and those of the hand-over itself.
NOT_TOUCHING = ("sign_over", "witness_over", "escalate", "transfer")
#: Matters shown of one post; posts shown; changes that are looked at, a statement each.
SHOWN, POSTS, LOOKED = 50, 20, 200


@dataclass(slots=True)
class Left:
    """A post whose holder changed on ``since`` (or left, ``vacant``), and what lies there since."""

    post: int
    since: date
    vacant: bool
    matters: list[Matter] = field(default_factory=list)
    more: bool = False


def of_viewer(viewer: Viewer) -> list[Left]:
    """Return the viewer's own posts, those below him and those in his place that were left with
    something untouched, the latest change first; of ``LOOKED`` changes at most."""
    found = []
    for one in _changed(viewer)[:LOOKED]:
        begin = datetime.combine(one.since, time(), LOCAL)
        rows = list(_lying(one.post, begin, viewer)[: SHOWN + 1])
        if rows:
            one.matters, one.more = rows[:SHOWN], len(rows) > SHOWN
            found.append(one)
        if len(found) >= POSTS:
            break
    return found


def _changed(viewer: Viewer) -> list[Left]:
    """Return the posts that the viewer looks after whose holder has changed or gone."""
    if viewer.post is None:
        return []
    today = local_day(timezone.now())
    mine = Q(post__in=viewer.posts) | Q(post__supervisor__in=viewer.posts)
    if viewer.scope:
        mine |= Q(post__unit__division__code__startswith=viewer.scope)
    held = Matter.objects.filter(holder=OuterRef("post"), active=True)
    rows = Tenure.objects.filter(mine, Exists(held), since__lte=today).exclude(until=F("since"))
    by_post: dict[int, list[Any]] = {}
    for post, since, until in rows.order_by("post", "since").values_list("post", "since", "until"):
        by_post.setdefault(post, []).append((since, until))
    left = []
    for post, tenures in by_post.items():
        since, until = tenures[-1]
        if until is not None and until <= today:
            left.append(Left(post, until, vacant=True))
        elif len(tenures) > 1:
            left.append(Left(post, since, vacant=False))
    return sorted(left, key=lambda one: (one.since, one.post), reverse=True)


def _lying(post: int, since: datetime, viewer: Viewer) -> Any:
    touched = Event.objects.filter(
        id__gte=OuterRef("id") * (1 << SEQ_BITS),
        id__lt=(OuterRef("id") + 1) * (1 << SEQ_BITS),
        recorded_at__gte=since,
        post__isnull=False,
    ).exclude(action__in=NOT_TOUCHING)
    rows = Matter.objects.filter(visible(viewer, parts=True), holder=post, active=True)
    rows = rows.filter(~Exists(touched), opened_at__lt=since)
    return rows.select_related("parent__parent").order_by("due_at", "id")
