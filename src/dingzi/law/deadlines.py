"""Explained deadlines (thin)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .calendars import WorkCalendar
from .counting import Pause, last_days
from .values import Rule

Reason = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Day:
    date: date


@dataclass(frozen=True)
class Deadline:
    due: date
    provisional: bool
    reasons: tuple[Reason, ...]


def deadline(
    start: date,
    rule: Rule,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    *,
    as_of: date | None = None,
) -> Deadline:
    _, due = last_days(start, rule, calendar, pauses, as_of)
    return Deadline(due, not calendar.known(due), ())
