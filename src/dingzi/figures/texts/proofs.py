"""What proves a published number: the public log, from which anybody counts it again."""

from __future__ import annotations

from dataclasses import dataclass

from dingzi.ledger import receipts

from .. import recounting


@dataclass(frozen=True, slots=True)
class Proof:
    """The log's length under its newest signed head, and the figures that its entries recount."""

    size: int
    figures: frozenset[str]


def proof() -> Proof | None:
    """Return the proof as of now; None where nothing is sealed yet."""
    head = receipts.head()
    if head is None:
        return None
    whole = frozenset(figure.name for figure, lacking in recounting.figures() if not lacking)
    return Proof(head.size, whole)
