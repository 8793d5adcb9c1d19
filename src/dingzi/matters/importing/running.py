"""An import from its first look to its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from dingzi.city.viewer import Viewer
from dingzi.core.errors import Reason

from ..acts import Intent
from ..models import SEQ_BITS, Matter, Private
from ..recording import record
from .reading import Cell, Plan, intent

#: Rows of one transaction where good rows are taken and bad ones reported.
CHUNK = 1_000
#: Bad rows that a report lists one by one.
LISTED = 1_000

Rows = Iterable[tuple[int, Mapping[str, Cell]]]


@dataclass(slots=True)
class Outcome:
    """What became of an import: rows opened, corrected, unchanged; ``bad`` names the others."""

    rows: int = 0
    opened: int = 0
    corrected: int = 0
    same: int = 0
    bad: list[tuple[int, tuple[Reason, ...]]] = field(default_factory=list)
    bad_count: int = 0

    def refuse(self, row: int, reasons: Iterable[Reason]) -> None:
        self.bad_count += 1
        if len(self.bad) < LISTED:
            self.bad.append((row, tuple(reasons)))


class _Undo(Exception):
    pass


def run(
    rows: Rows,
    plan: Plan,
    by: Viewer,
    *,
    good_only: bool,
    dry: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Bring rows in.

    With ``good_only`` bad rows are reported and the rest is written, chunk by chunk; without, one
    transaction holds all and nothing is written if any row is bad. ``dry`` checks and writes
    nothing. Rows known by source and foreign number are corrected where they differ.
    """
    outcome = Outcome()
    viewer = by.as_import()
    try:
        if good_only and not dry:
            for chunk in _chunks(rows):
                _take(chunk, plan, viewer, outcome, good_only=True)
                _tell(progress, outcome)
        else:
            with transaction.atomic():
                for chunk in _chunks(rows):
                    _take(chunk, plan, viewer, outcome, good_only=True)
                    _tell(progress, outcome)
                if dry or outcome.bad_count:
                    raise _Undo
    except _Undo:
        if not dry:
            outcome.opened = outcome.corrected = outcome.same = 0
    return outcome


def _tell(progress: Callable[[int], None] | None, outcome: Outcome) -> None:
    if progress:
        progress(outcome.rows)


def _chunks(rows: Rows) -> Iterator[list[tuple[int, Mapping[str, Cell]]]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def _take(
    chunk: list[tuple[int, Mapping[str, Cell]]],
    plan: Plan,
    by: Viewer,
    outcome: Outcome,
    *,
    good_only: bool,
) -> None:
    now = timezone.now()
    wanted: list[tuple[int, Intent]] = []
    numbers: dict[str, int] = {}
    for row_number, row in chunk:
        outcome.rows += 1
        made, wrong = intent(row, plan, by, now)
        if made is None:
            outcome.refuse(row_number, wrong)
        elif made.foreign_number and made.foreign_number in numbers:
            first = numbers[made.foreign_number]
            reason = (
                "number_twice",
                {"field": "@number", "value": made.foreign_number, "row": first},
            )
            outcome.refuse(row_number, [reason])
        else:
            if made.foreign_number:
                numbers[made.foreign_number] = row_number
            wanted.append((row_number, made))
    known = _known(plan, list(numbers))
    todo: list[tuple[int, Intent, str]] = []
    for row_number, made in wanted:
        matter = known.get(made.foreign_number) if made.foreign_number else None
        if matter is None:
            todo.append((row_number, made, "opened"))
        elif correction := _correction(matter, made, by):
            todo.append((row_number, correction, "corrected"))
        else:
            outcome.same += 1
    report = record([t[1] for t in todo], good_only=good_only)
    refused = dict(report.refused)
    for index, (row_number, _, kind) in enumerate(todo):
        if index in refused:
            outcome.refuse(row_number, refused[index].reasons)
        else:
            setattr(outcome, kind, getattr(outcome, kind) + 1)


def _known(plan: Plan, numbers: list[str]) -> dict[str, tuple[Matter, dict[str, Any]]]:
    """Return matters of this source by foreign number, with what was told of them last."""
    rows = {m.id: m for m in Matter.objects.filter(source=plan.source, foreign_number__in=numbers)}
    told: dict[int, dict[str, Any]] = {i: {} for i in rows}
    acts = Private.objects.filter(
        event__stream__in=list(rows), event__action__in=[plan.action.name, "correct"]
    ).order_by("event_id")
    for event, data in acts.values_list("event_id", "data"):
        told[event >> SEQ_BITS] |= data
    return {m.foreign_number: (m, told[i]) for i, m in rows.items()}


def _correction(known: tuple[Matter, dict[str, Any]], made: Intent, by: Viewer) -> Intent | None:
    """Return the act that brings a known matter up to the row; None where nothing differs."""
    matter, told = known
    now: dict[str, Any] = {
        "title": told.get("title", matter.title),
        "text": told.get("text", ""),
        "spot": matter.spot,
        "place": matter.place_id or "",
        "category": matter.category,
    }
    changed = {
        name: made.data[name]
        for name, value in now.items()
        if name in made.data and made.data[name] != value
    }
    if not changed:
        return None
    return Intent(
        action="correct", number=matter.number, by=by, door="import", forced=True,
        data=changed | {"why": "导入的内容有变化"},
    )  # fmt: skip


def rehearse(rows: Rows, plan: Plan, by: Viewer, limit: int = 200) -> Outcome:
    """Check the first rows and write nothing: what the mapping page shows before one decides."""
    return run(islice(rows, limit), plan, by, good_only=True, dry=True)
