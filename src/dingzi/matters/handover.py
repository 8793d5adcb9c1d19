"""When a post passes to somebody else: all that is on it is listed, signed for item by item
(``signing``), and what nobody takes over goes to the supervisor. Clocks never stop; nothing is
without a holder."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dingzi import law
from dingzi.city import directory
from dingzi.city.models import Post, Tenure
from dingzi.city.parameters import overrides
from dingzi.city.viewer import SYSTEM, Viewer
from dingzi.core.errors import Forbidden, Invalid, NotFound, Refusal

from . import book, registry, signing
from .acts import Intent
from .clocks import local_day
from .models import HandOver, HandOverItem, Matter
from .recording import record
from .signing import Item, items, sign

__all__ = ["Item", "items", "sign"]
#: Acts written in one transaction when many matters move.
CHUNK = 200


# -- the book's part --------------------------------------------------------------------------


def _check_opened(facts: dict[str, Any]) -> None:
    if directory.post(facts.get("post")) is None:
        raise Invalid.of("unknown_post", field="post")


def _apply_opened(facts: dict[str, Any], at: datetime) -> None:
    said = {
        "post_id": facts["post"],
        "tenure": facts.get("tenure"),
        "leaving": facts.get("leaving"),
        "opened_at": at,
        "sign_by": date.fromisoformat(facts["sign_by"]),
        "closed_at": None,
    }
    book.put(HandOver, said, id=facts["id"])
    _put_on(facts["id"], facts["items"])


def _put_on(handover: int, matters: list[int]) -> None:
    items = [HandOverItem(handover_id=handover, matter_id=m) for m in matters]
    HandOverItem.objects.bulk_create(items, ignore_conflicts=True)
    book.made(HandOverItem.objects.filter(handover=handover, matter__in=matters))


def _check_joined(facts: dict[str, Any]) -> None:
    if not HandOver.objects.filter(id=facts["id"], closed_at=None).exists():
        raise Invalid.of("no_such_handover", field="id")


def _apply_joined(facts: dict[str, Any], at: datetime) -> None:
    """Who comes is there: what was put on the post meanwhile belongs to it too."""
    HandOver.objects.filter(id=facts["id"]).update(
        tenure=facts["tenure"], sign_by=date.fromisoformat(facts["sign_by"])
    )
    _put_on(facts["id"], facts["items"])


def _check_closed(facts: dict[str, Any]) -> None:
    if not HandOver.objects.filter(id=facts["id"], closed_at=None).exists():
        raise Invalid.of("no_such_handover", field="id")


def _apply_closed(facts: dict[str, Any], at: datetime) -> None:
    HandOver.objects.filter(id=facts["id"]).update(closed_at=at)


def _holds_nothing(facts: dict[str, Any]) -> None:
    """A post that still holds matters cannot be closed: they would be without a holder."""
    post = Post.objects.filter(code=facts.get("code", "")).first()
    count = Matter.objects.filter(holder=post, active=True).count() if post else 0
    if post and count:
        raise Invalid.of("post_still_holds", field="code", post=post.name, count=count)


def count_on(post: int) -> int:
    """Return how many matters wait on a post."""
    return Matter.objects.filter(holder=post, active=True).count()


def _unit_holds_nothing(facts: dict[str, Any]) -> None:
    count = Matter.objects.filter(holder_unit__code=facts.get("code", ""), active=True).count()
    if count:
        raise Invalid.of("unit_still_holds", field="code", count=count)


def connect() -> None:
    """Declare what hand-overs add to the book."""
    made = (HandOver, HandOverItem)
    book.declare("handover_opened", _check_opened, _apply_opened, makes=made)
    book.declare("handover_joined", _check_joined, _apply_joined)
    book.declare("handover_closed", _check_closed, _apply_closed)
    book.demand("post_closed", _holds_nothing)
    book.demand("unit_closed", _unit_holds_nothing)
    book.demand("unit_merged", _unit_holds_nothing)


# -- opening, signing, closing ----------------------------------------------------------------


def start(post: int, by: Viewer, tenure: int | None = None, leaving: int | None = None) -> HandOver:
    """List everything on ``post`` for signing; Refusal where nothing is on it."""
    items = _on(post)
    if not items:
        raise Refusal.of("nothing_to_hand_over")
    facts: dict[str, Any] = {
        "id": secrets.randbits(39),
        "post": post,
        "tenure": tenure,
        "leaving": leaving,
        "items": items,
        "sign_by": _sign_by(),
    }
    book.record("handover_opened", facts, by=by, door="timer" if by is SYSTEM else "desk")
    return HandOver.objects.select_related("post__unit").get(id=facts["id"])


def _on(post: int) -> list[int]:
    rows = Matter.objects.filter(holder=post, active=True).order_by("id")
    return list(rows.values_list("id", flat=True))


def _sign_by() -> str:
    today = local_day(timezone.now())
    rule = law.rule("matters.handover_days", today, overrides())
    return law.due_date(today, rule, law.calendar(), []).isoformat()


def join(handover: HandOver, tenure: int) -> None:
    """Let who comes into a hand-over that was prepared; the time to sign begins now."""
    facts = {
        "id": handover.id, "tenure": tenure, "items": _on(handover.post_id), "sign_by": _sign_by(),
    }  # fmt: skip
    book.record("handover_joined", facts, by=SYSTEM, door="timer")


def prepare(post: int, by: Viewer) -> HandOver:
    """List what is on a post before its holder leaves, so that he can sign for handing it over.

    For who sits on the post and for the post above; an open hand-over of the post is given back.
    Refuses where nobody sits there and nobody did.
    """
    card = directory.post(post)
    if card is None or not (by.post == post or card.supervisor in by.posts):
        raise NotFound.of("not_found")
    known = HandOver.objects.select_related("post__unit").filter(post=post, closed_at=None).first()
    if known is not None:
        return known
    last = signing.sitting(post) or Tenure.objects.filter(post=post).order_by("-since").first()
    if last is None:
        raise Refusal.of("handover_nobody_sits")
    return start(post, SYSTEM, leaving=last.id)


def of_viewer(viewer: Viewer) -> list[HandOver]:
    """Return open hand-overs of the viewer's posts, and of posts that he supervises."""
    return list(_open(viewer).select_related("post__unit").order_by("sign_by", "id"))


def count_of_viewer(viewer: Viewer) -> int:
    return _open(viewer).count()


def _open(viewer: Viewer) -> QuerySet[HandOver]:
    if viewer.post is None:
        return HandOver.objects.none()
    mine = Q(post__in=viewer.posts) | Q(post__supervisor__in=viewer.posts)
    return HandOver.objects.filter(mine, closed_at=None)


def get(handover: int, viewer: Viewer) -> HandOver:
    found = HandOver.objects.select_related("post__unit").filter(id=handover).first()
    if found is None or not (
        found.post_id in viewer.posts or found.post.supervisor_id in viewer.posts
    ):
        raise NotFound.of("not_found")
    return found


def close(handover: HandOver, *, moving: bool = True) -> int:
    """End a hand-over: what nobody took over and is still on the post goes to the supervisor.

    Returns how many matters moved. A post without a supervisor keeps them, and so it does where
    nobody left after all (``moving`` False). What lacks another side's signature is counted.
    """
    listed = items(handover)
    # a confidential one reaches nobody by somebody's silence: it stays on its post
    left = [
        i.matter
        for i in listed
        if moving
        and i.signed_at is None
        and i.matter.active
        and i.matter.holder_id == handover.post_id
        and not i.matter.confidential
    ]
    supervisor = handover.post.supervisor_id
    moved = move(left, supervisor, SYSTEM, "交接期满未签收") if supervisor else 0
    facts = {
        "id": handover.id, "moved": moved, "lacking": sum(not i.complete for i in listed),
    }  # fmt: skip
    book.record("handover_closed", facts, by=SYSTEM, door="timer")
    return moved


def move(matters: Sequence[Matter], to: int, by: Viewer, why: str) -> int:
    """Put matters into another post's hands; returns how many moved."""
    moved = 0
    for first in range(0, len(matters), CHUNK):
        part = matters[first : first + CHUNK]
        report = record(
            [
                Intent(
                    action="transfer", number=m.number, data={"post": to, "why": why}, by=by,
                    door="timer" if by is SYSTEM else "desk",
                )
                for m in part
            ],
            good_only=True,
        )  # fmt: skip
        moved += len(report.done)
    return moved


def move_all(post: int, to: int, by: Viewer, why: str) -> int:
    """Empty a post before it is closed or its unit merged; for supervisors and stewards."""
    if by.kind != "system" and not by.roles & {"steward", "supervisor"}:
        raise Forbidden.of("not_your_role", action="move_all")
    return move(
        list(Matter.objects.filter(holder=post, active=True).order_by("id")), to, SYSTEM, why
    )


# -- the steward's part -----------------------------------------------------------------------


def run() -> int:
    """List what passes with a post that is or will be left, let in who comes, close what is over."""
    today = local_day(timezone.now())
    return _ahead(today) + _come(today) + _close_what_is_over(today)


def _ahead(today: date) -> int:
    """List ahead where somebody will leave whose signature is needed."""
    ahead = law.parameter("matters.handover_ahead_days", today, overrides())
    wanted = [h.name for h in registry.handles() if signing.GIVES in h.latest.signs]
    held = Matter.objects.filter(holder=OuterRef("post"), active=True, process__in=wanted)
    opened = HandOver.objects.filter(leaving=OuterRef("pk"))
    last = today + timedelta(days=int(ahead.value))
    leaving = Tenure.objects.filter(until__gt=today, until__lte=last, since__lte=today)
    rows = list(leaving.filter(Exists(held), ~Exists(opened)).order_by("id")[:50])
    for tenure in rows:
        start(tenure.post_id, SYSTEM, leaving=tenure.id)
    return len(rows)


def _come(today: date) -> int:
    """Open the hand-over that a change of holder asks for, or join the one that was prepared."""
    before = Tenure.objects.filter(
        post=OuterRef("post"), until__isnull=False, until__lte=OuterRef("since")
    )
    listed = HandOver.objects.filter(tenure=OuterRef("pk"))
    held = Matter.objects.filter(holder=OuterRef("post"), active=True)
    new = Tenure.objects.filter(since__lte=today, until=None).filter(
        Exists(before), Exists(held), ~Exists(listed)
    )
    done = 0
    for tenure in new.order_by("id")[:50]:
        prepared = HandOver.objects.filter(
            post=tenure.post_id, tenure=None, closed_at=None, leaving__isnull=False
        ).exclude(leaving=tenure.id)
        if one := prepared.first():
            join(one, tenure.id)
            done += 1
            continue
        # Only what was there before him: a tenure long begun needs no list.
        older = Matter.objects.filter(
            holder=tenure.post_id, active=True, opened_at__date__lt=tenure.since
        )
        if older.exists():
            left = Tenure.objects.filter(post=tenure.post_id, until__lte=tenure.since)
            last = left.order_by("-until", "-id").first()
            start(tenure.post_id, SYSTEM, tenure.id, last.id if last else None)
            done += 1
    return done


def _close_what_is_over(today: date) -> int:
    done = 0
    for handover in HandOver.objects.filter(closed_at=None).select_related("post"):
        now = signing.sitting(handover.post_id)
        waits = handover.leaving is not None and now is not None and now.id == handover.leaving
        if waits and now is not None and now.until is not None:
            continue  # who leaves still sits there: nobody can take it over yet
        complete = not waits and all(i.complete for i in items(handover))
        if complete or handover.sign_by < today:
            close(handover, moving=not waits)
            done += 1
    return done
