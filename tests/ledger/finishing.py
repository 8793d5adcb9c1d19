"""That a steward finishes what was begun inline, whatever a kill left undone."""

from __future__ import annotations

from django.conf import settings
from django.db import connection

from dingzi.ledger.sealing import Sealer
from dingzi.matters.models import Event, Outbox
from dingzi.project import roles
from dingzi.tlog.checkpoints import parse_note
from dingzi.tlog.log import TileLog
from tests.databases import acting_as

from .wholeness import faults


def published() -> int:
    """Return the size of the published head."""
    head = TileLog(settings.LOG).head()
    return head.size if head else 0


def seals_inline() -> bool:
    return connection.vendor == "sqlite"


def finish(steward: Sealer, heads: dict[int, bytes]) -> None:
    """Have the steward seal; nothing is lost, and no size gets another head than in ``heads``."""
    with acting_as(roles.STEWARD):
        steward.seal()
    signed = TileLog(settings.LOG).published()
    assert signed
    assert heads.setdefault(parse_note(signed).size, signed) == signed
    assert not Outbox.objects.exists()
    assert published() == Event.objects.count()
    assert not faults()
