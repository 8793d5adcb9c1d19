"""When a post passes to somebody else: all that is on it is listed, signed for item by item, and
what stays unsigned goes to the supervisor. Clocks never stop; nothing is without a holder."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from dingzi import law
from dingzi.city import directory
from dingzi.city.models import Post, Tenure
from dingzi.city.parameters import overrides
from dingzi.city.viewer import SYSTEM, Viewer
from dingzi.core.errors import Forbidden, Invalid, NotFound, Refusal

from . import book
from .acts import Act, Asked, Intent, State
from .clocks import local_day
from .models import HandOver, HandOverItem, HandOverSign, Matter, event_id
from .recording import Report, record
from .registry import on_common

#: Acts written in one transaction when many matters move.
CHUNK = 200


@dataclass(frozen=True, slots=True)
class Item:
    matter: Matter
    signed_at: datetime | None


# -- the book's part --------------------------------------------------------------------------


def _check_opened(facts: dict[str, Any]) -> None:
    if directory.post(facts.get("post")) is None:
        raise Invalid.of("unknown_post", field="post")


def _apply_opened(facts: dict[str, Any], at: datetime) -> None:
    handover, fresh = HandOver.objects.get_or_create(
        id=facts["id"],
        defaults={
            "post_id": facts["post"],
            "tenure": facts.get("tenure"),
            "opened_at": at,
            "sign_by": date.fromisoformat(facts["sign_by"]),
        },
    )
    if fresh:
        HandOverItem.objects.bulk_create(
            HandOverItem(handover=handover, matter_id=m) for m in facts["items"]
        )
    elif handover.closed_at is not None:
        HandOver.objects.filter(id=handover.id).update(closed_at=None)


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
    book.declare("handover_opened", _check_opened, _apply_opened)
    book.declare("handover_closed", _check_closed, _apply_closed)
    book.demand("post_closed", _holds_nothing)
    book.demand("unit_closed", _unit_holds_nothing)
    book.demand("unit_merged", _unit_holds_nothing)


# -- opening, signing, closing ----------------------------------------------------------------


def start(post: int, by: Viewer, tenure: int | None = None) -> HandOver:
    """List everything on ``post`` for its new holder to sign; Refusal where nothing is on it."""
    items = list(
        Matter.objects.filter(holder=post, active=True).order_by("id").values_list("id", flat=True)
    )
    if not items:
        raise Refusal.of("nothing_to_hand_over")
    today = local_day(timezone.now())
    rule = law.rule("matters.handover_days", today, overrides())
    facts: dict[str, Any] = {
        "id": secrets.randbits(39),
        "post": post,
        "tenure": tenure,
        "items": items,
        "sign_by": law.due_date(today, rule, law.calendar(), []).isoformat(),
    }
    book.record("handover_opened", facts, by=by, door="timer" if by is SYSTEM else "desk")
    return HandOver.objects.get(id=facts["id"])


@on_common("sign_over")
class SignOver:
    """The new holder signs for one matter, and so has read it."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        handover = asked.data.handover  # type: ignore[attr-defined]
        known = HandOverItem.objects.filter(
            handover=handover, matter=state.matter.id, handover__closed_at=None
        )
        if not known.exists():
            raise Refusal.of("no_such_handover")
        if HandOverSign.objects.filter(handover=handover, matter=state.matter.id).exists():
            raise Refusal.of("already_signed")
        return {}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        state.added.append(
            HandOverSign(
                id=event_id(act.stream, act.seq),
                handover_id=act.facts["handover"],
                matter_id=state.matter.id,
                at=act.occurred_at,
            )
        )


def sign(handover: int, numbers: Sequence[str], by: Viewer) -> Report:
    """Sign for several matters at once; those that refuse are named, the rest is signed."""
    return record(
        [Intent(action="sign_over", number=n, data={"handover": handover}, by=by) for n in numbers],
        good_only=True,
    )


def items(handover: HandOver) -> list[Item]:
    """Return the hand-over's matters with when each was signed for, unsigned first."""
    signs = dict(HandOverSign.objects.filter(handover=handover).values_list("matter_id", "at"))
    matters = Matter.objects.filter(
        id__in=HandOverItem.objects.filter(handover=handover).values("matter")
    ).select_related("parent__parent")
    rows = [Item(m, signs.get(m.id)) for m in matters.order_by("due_at", "id")]
    return sorted(rows, key=lambda r: r.signed_at is not None)


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


def close(handover: HandOver) -> int:
    """End a hand-over: what is unsigned and still on the post goes to the supervisor.

    Returns how many matters moved. A post without a supervisor keeps them.
    """
    open_items = [i.matter for i in items(handover) if i.signed_at is None]
    left = [m for m in open_items if m.active and m.holder_id == handover.post_id]
    supervisor = handover.post.supervisor_id
    moved = move(left, supervisor, SYSTEM, "交接期满未签收") if supervisor else 0
    book.record("handover_closed", {"id": handover.id, "moved": moved}, by=SYSTEM, door="timer")
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
    """Open the hand-overs that a change of holder asks for, close those whose time is over."""
    today = local_day(timezone.now())
    done = 0
    before = Tenure.objects.filter(
        post=OuterRef("post"), until__isnull=False, until__lte=OuterRef("since")
    )
    listed = HandOver.objects.filter(tenure=OuterRef("pk"))
    held = Matter.objects.filter(holder=OuterRef("post"), active=True)
    new = Tenure.objects.filter(since__lte=today, until=None).filter(
        Exists(before), Exists(held), ~Exists(listed)
    )
    for tenure in new.order_by("id")[:50]:
        # Only what was there before him: a tenure long begun needs no list.
        older = Matter.objects.filter(
            holder=tenure.post_id, active=True, opened_at__date__lt=tenure.since
        )
        if older.exists():
            start(tenure.post_id, SYSTEM, tenure.id)
            done += 1
    for handover in HandOver.objects.filter(closed_at=None).select_related("post"):
        unsigned = any(i.signed_at is None for i in items(handover))
        if not unsigned or handover.sign_by < today:
            close(handover)
            done += 1
    return done
