"""Who signs for what at a hand-over: who leaves, who comes, the post above both.

Most matters need only the signature of who comes; a process says by ``signs`` where all three sign.
The three are different people, each on the side that is his.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dingzi.city.models import Tenure
from dingzi.city.viewer import SYSTEM, Viewer
from dingzi.core.errors import Forbidden, Invalid, Refusal

from . import registry
from .acts import Act, Asked, Intent, State
from .clocks import local_day
from .models import HandOver, HandOverItem, HandOverSign, Matter, event_id
from .recording import Report, record
from .registry import on_common
from .visibility import sees

GIVES, TAKES, WITNESS = "gives", "takes", "witness"


@dataclass(frozen=True, slots=True)
class Item:
    """One matter of a hand-over. ``needs`` : whose signatures; ``signs`` : side -> when."""

    matter: Matter
    needs: tuple[str, ...]
    signs: dict[str, datetime] = field(default_factory=dict)

    @property
    def signed_at(self) -> datetime | None:
        return self.signs.get(TAKES)

    @property
    def complete(self) -> bool:
        return all(side in self.signs for side in self.needs)

    def waits_for(self, side: str) -> bool:
        """Tell whether this side can sign now: the witness comes last."""
        ready = side != WITNESS or TAKES in self.signs
        return side in self.needs and side not in self.signs and ready


def items(handover: HandOver, viewer: Viewer = SYSTEM) -> list[Item]:
    """Return the hand-over's matters that the viewer sees, those that lack a signature first.

    Who stands above a post sees no confidential matter for that.
    """
    signs: dict[int, dict[str, datetime]] = {}
    rows = HandOverSign.objects.filter(handover=handover).values_list("matter_id", "side", "at")
    for matter_id, side, at in rows:
        signs.setdefault(matter_id, {})[side] = at
    matters = Matter.objects.filter(
        id__in=HandOverItem.objects.filter(handover=handover).values("matter")
    ).select_related("parent__parent")
    without = _without(handover)
    found = [
        Item(m, tuple(s for s in _signs(m) if s not in without), signs.get(m.id, {}))
        for m in matters.order_by("due_at", "id")
        if sees(viewer, m)
    ]
    return sorted(found, key=lambda item: item.complete)


def _signs(matter: Matter) -> tuple[str, ...]:
    return registry.process(matter.process, matter.version).signs


def _without(handover: HandOver) -> set[str]:
    """Return the sides that nobody can sign: nobody above, or who left has gone."""
    found = set() if handover.post.supervisor_id else {WITNESS}
    now = sitting(handover.post_id)
    return found if now is not None and now.id == handover.leaving else found | {GIVES}


def sitting(post: int) -> Tenure | None:
    """Return who sits on a post today."""
    today = local_day(timezone.now())
    held = Tenure.objects.filter(post=post, since__lte=today)
    return held.filter(Q(until=None) | Q(until__gt=today)).order_by("-since", "-id").first()


def side_of(handover: HandOver, viewer: Viewer) -> str:
    """Return on which side the viewer signs, "" where on none."""
    if handover.closed_at is not None:
        return ""
    if handover.post_id in viewer.posts:
        now = sitting(handover.post_id)
        leaves = now is not None and handover.leaving == now.id
        return GIVES if leaves else TAKES
    return WITNESS if handover.post.supervisor_id in viewer.posts else ""


def sign(
    handover: int, numbers: Sequence[str], by: Viewer, side: str = TAKES, remark: str = ""
) -> Report:
    """Sign for several matters at once; those that refuse are named, the rest is signed."""
    data: dict[str, Any] = {"handover": handover} | ({"remark": remark} if remark else {})
    action = "witness_over" if side == WITNESS else "sign_over"
    if side != WITNESS:
        data["side"] = side
    return record(
        [Intent(action=action, number=n, data=data, by=by) for n in numbers], good_only=True
    )


def _open(state: State, asked: Asked, side: str) -> HandOver:
    data: Any = asked.data
    item = HandOverItem.objects.select_related("handover__post").filter(
        handover=data.handover, matter=state.matter.id, handover__closed_at=None
    )
    found = item.first()
    if found is None:
        raise Refusal.of("no_such_handover")
    if side not in state.process.signs:
        raise Invalid.of("handover_side_not_needed", field="side")
    if HandOverSign.objects.filter(
        handover=data.handover, matter=state.matter.id, side=side
    ).exists():
        raise Refusal.of("already_signed")
    return found.handover


@on_common("sign_over")
class SignOver:
    """Who leaves hands the matter over, who comes takes it, and so has read it."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        side = asked.data.side or TAKES  # type: ignore[attr-defined]
        handover, by = _open(state, asked, side), asked.by
        now = sitting(handover.post_id)
        leaves = now is not None and now.id == handover.leaving
        if side == GIVES and not (leaves and by.post == handover.post_id):
            raise Refusal.of("handover_not_leaving")
        if side == TAKES and leaves:
            raise Refusal.of("handover_still_held")
        if side == TAKES and by.account in _accounts(handover.leaving):
            raise Refusal.of("handover_same_person")
        return {"side": side, "tenure": now.id if now else None}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        _keep(state, act, act.facts.get("side", TAKES))


@on_common("witness_over")
class WitnessOver:
    """The post above was there; where who left did not sign, it says what happened."""

    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        handover, by = _open(state, asked, WITNESS), asked.by
        if handover.post_id in by.posts or handover.post.supervisor_id not in by.posts:
            raise Forbidden.of("handover_not_above")
        signed = dict(
            HandOverSign.objects.filter(handover=handover, matter=state.matter.id).values_list(
                "side", "tenure"
            )
        )
        if TAKES not in signed:
            raise Refusal.of("handover_not_taken")
        if by.account in _accounts(handover.leaving, *signed.values()):
            raise Refusal.of("handover_same_person")
        if GIVES not in signed and not asked.data.remark:  # type: ignore[attr-defined]
            raise Invalid.of("handover_say_why", field="remark")
        now = sitting(handover.post.supervisor_id)
        return {"tenure": now.id if now else None}

    @staticmethod
    def apply(state: State, act: Act) -> None:
        _keep(state, act, WITNESS)


def _accounts(*tenures: int | None) -> set[int]:
    wanted = [one for one in tenures if one is not None]
    found = Tenure.objects.filter(id__in=wanted).values_list("account_id", flat=True)
    return set(found) if wanted else set()


def _keep(state: State, act: Act, side: str) -> None:
    state.added.append(
        HandOverSign(
            id=event_id(act.stream, act.seq),
            handover_id=act.facts["handover"],
            matter_id=state.matter.id,
            at=act.occurred_at,
            side=side,
            tenure=act.facts.get("tenure"),
        )
    )
