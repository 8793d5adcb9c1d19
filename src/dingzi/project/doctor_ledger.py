"""What ``dingzi doctor`` looks at in the ledger."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Min
from django.utils import timezone

from dingzi.core.text import Text
from dingzi.ledger.models import Refused
from dingzi.ledger.receipts import WITHIN
from dingzi.matters.models import Outbox

from .findings import Finding


def sealing() -> Iterator[Finding]:
    """封存"""
    refused = Refused.objects.values_list("event_id", flat=True)
    yield Finding(
        Text("封存没有拒收事件", "the sealer refused no event"),
        "bad" if refused else "ok",
        ", ".join(map(str, refused[:3])) + (" …" if len(refused) > 3 else "") or "✓",
        Text(
            "dingzi seal 说明原因：先查清是谁写的，改好后 dingzi seal --retry",
            "dingzi seal says why: find out who wrote them; once mended, dingzi seal --retry",
        ),
    )
    waiting = Outbox.objects.exclude(event_id__in=refused)
    oldest = waiting.aggregate(at=Min("event__recorded_at"))["at"]
    behind = (timezone.now() - oldest).total_seconds() if oldest else 0.0
    yield Finding(
        Text("封存跟得上", "sealing keeps up"),
        "warn" if behind > WITHIN.total_seconds() else "ok",
        f"{waiting.count():,} · {behind:.0f} s",
        Text(
            "看管家在不在工作；dingzi seal 说明为什么停",
            "see whether the steward works; dingzi seal says why it stopped",
        ),
    )
