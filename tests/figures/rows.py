"""Disputes straight into their tables: what figures count, without the acts that made them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from dingzi.matters import registry
from dingzi.matters.models import FIRST_MATTER, Matter
from dingzi.mechanisms.disputes.models import Dispute

_ids = count(FIRST_MATTER + 500_000)


def dispute(registered_on: date, **columns: Any) -> Dispute:
    """Store one dispute of 360902 with the columns named."""
    number = next(_ids)
    columns = {"county": "360902", "category": "neighbours", "door": "web"} | columns
    columns = {"top": registry.process("dispute", 1).top(columns["category"])} | columns
    at = datetime(registered_on.year, registered_on.month, registered_on.day, 4, tzinfo=UTC)
    matter = Matter.objects.create(
        id=number,
        number=f"测{number}",
        process="dispute",
        version=1,
        state="registered",
        seq=1,
        county=columns["county"],
        town=columns.get("town", ""),
        door=columns["door"],
        opened_at=at,
        changed_at=at,
    )
    return Dispute.objects.create(matter=matter, registered_on=registered_on, **columns)


def closed(on: date, outcome: str = "agreed", days: int = 10, **columns: Any) -> Dispute:
    """Store one dispute that was closed on a day."""
    begun = columns.pop("accepted_on", on)
    return dispute(
        columns.pop("registered_on", begun),
        accepted_on=begun,
        closed_on=on,
        outcome=outcome,
        days=days,
        **columns,
    )
