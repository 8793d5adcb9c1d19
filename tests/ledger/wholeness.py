"""Whether log and database say the same, in words: an empty list where nothing is wrong."""

from __future__ import annotations

from django.conf import settings

from dingzi.ledger import keys
from dingzi.ledger.leaves import leaf
from dingzi.ledger.models import Head, Leaf, Refused
from dingzi.matters.models import Event, Outbox
from dingzi.tlog.checkpoints import open_checkpoint
from dingzi.tlog.log import TileLog
from dingzi.tlog.notes import Verifier


def faults() -> list[str]:
    """Compare all events with all leaves, entries and heads, when nothing is being sealed."""
    log = TileLog(settings.LOG)
    wrong = []
    rows = list(Leaf.objects.order_by("index").select_related("event"))
    sealed = [row.event_id for row in rows]
    waiting = set(Outbox.objects.values_list("event_id", flat=True))
    every = set(Event.objects.values_list("id", flat=True))
    if len(set(sealed)) != len(sealed):
        wrong.append("an event is sealed twice")
    if set(sealed) & waiting:
        wrong.append("an event is sealed and waits")
    if set(sealed) | waiting != every:
        wrong.append(f"{len(every)} events, {len(sealed)} sealed, {len(waiting)} wait")
    if [row.index for row in rows] != list(range(log.size())):
        wrong.append(f"{len(rows)} places, {log.size()} entries")
    if list(log.read()) != [leaf(row.event) for row in rows if row.event]:
        wrong.append("an entry is not its event's")
    if Refused.objects.exists():
        wrong.append("an event was refused")
    for head in Head.objects.filter(size__lte=log.size()):
        if log.root(head.size) != bytes(head.root):
            wrong.append(f"the head of {head.size} has another root")
    named, signed = keys.named(), log.published()
    if named is None or signed is None:
        return [*wrong, "nothing is published"]
    head_now, _ = open_checkpoint(signed, Verifier.parse(named.log), named.origin)
    if head_now.root != log.root(head_now.size):
        wrong.append("the published head has another root")
    return wrong
