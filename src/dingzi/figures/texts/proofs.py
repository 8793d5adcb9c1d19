"""What proves a published number: the public log, from which anybody counts it again."""

from __future__ import annotations

from dataclasses import dataclass

from dingzi.ledger import receipts

from .. import recounting
from ..bounding import may_hide


@dataclass(frozen=True, slots=True)
class Proof:
    """The log's length under its newest signed head, and the figures that its entries recount.

    Not among them is what may count confidential matters in the city's total: the log hides them.
    """

    size: int
    figures: frozenset[str]


def proof() -> Proof | None:
    """Return the proof as of now; None where nothing is sealed yet."""
    head = receipts.head()
    if head is None:
        return None
    found = recounting.figures()
    whole = (one.name for one, lacking in found if not lacking and not may_hide(one, {}))
    return Proof(head.size, frozenset(whole))
