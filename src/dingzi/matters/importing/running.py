"""An import from its first row to its report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from dingzi.city.viewer import Viewer
from dingzi.core.errors import Invalid, Reason, Refusal
from dingzi.core.spreadsheet import Row

from .. import registry
from ..acts import Intent, facts_of
from ..fields import clean
from ..models import Event, Matter
from ..recording import record, rehearse
from ..visibility import may, sees
from .columns import NUMBER
from .reading import Plan, Reader

#: Rows of one transaction where good rows are taken and bad ones reported.
CHUNK = 1_000
#: Matters whose events are read in one statement.
STREAMS = 100
#: Bad rows that a report names one by one.
LISTED = 20_000

Rows = Iterable[Row]
Bad = tuple[int, tuple[Reason, ...]]


@dataclass(slots=True)
class Outcome:
    """What became of an import: rows opened, corrected, unchanged; ``bad`` names the others.

    ``at`` is the number of the last row looked at.
    """

    rows: int = 0
    opened: int = 0
    corrected: int = 0
    same: int = 0
    bad_count: int = 0
    bad: list[Bad] = field(default_factory=list)
    at: int = 0

    def refuse(self, row: int, reasons: Iterable[Reason]) -> None:
        self.bad_count += 1
        if len(self.bad) < LISTED:
            self.bad.append((row, tuple(reasons)))


#: Called after each chunk of rows, inside the transaction that writes it.
Told = Callable[[Outcome], None]


def run(
    rows: Rows,
    plan: Plan,
    by: Viewer,
    *,
    good_only: bool,
    dry: bool = False,
    told: Told | None = None,
    outcome: Outcome | None = None,
) -> Outcome:
    """Bring rows in.

    With ``good_only`` bad rows are reported and the rest is written, chunk by chunk; without, one
    transaction holds all, and at the first bad row what was written is undone and the rest only
    looked at. ``dry`` checks and writes nothing. Rows known by source and foreign number are
    corrected where they differ. ``outcome`` goes on from an import that was broken off: rows up to
    ``outcome.at`` are left out.
    """
    work = _Run(plan, by, outcome or Outcome(), told)
    chunks = _chunks(row for row in rows if row.number > work.outcome.at)
    if not (good_only or dry):
        try:
            with transaction.atomic():
                for chunk in chunks:
                    work.take(chunk)
                    if work.outcome.bad_count:
                        raise _Undo
        except _Undo:
            work.nothing_written()
            dry = True
    for chunk in chunks:
        if dry:
            work.take(chunk, dry=True)
        else:
            with transaction.atomic():
                work.take(chunk)
    if not good_only and work.outcome.bad_count:
        work.nothing_written()
    return work.outcome


class _Undo(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Known:
    """A matter of the source: what the source told of it last, and whether it is ours to correct.

    It is ours where the importing post's unit has brought it in, or has it in hand.
    """

    matter: Matter
    told: dict[str, Any]
    ours: bool


class _Run:
    """One import at work: how rows are read, which numbers were met, what has come of it."""

    def __init__(self, plan: Plan, by: Viewer, outcome: Outcome, told: Told | None) -> None:
        self.plan, self.by = plan, by.as_import()
        self.reader = Reader(plan, self.by)
        self.outcome = outcome
        self.told = told
        self.met: dict[str, int] = {}
        process = registry.handle(plan.process).latest
        again = registry.action(process, plan.action.again)
        assert again is not None, plan.action.again  # proven when the process was loaded
        self.again = again
        self.mends = {one.name for one in again.fields} - {"why"}
        self.why = {"why": "导入的内容有变化"} if "why" in again.model.model_fields else {}

    def take(self, chunk: list[Row], *, dry: bool = False) -> None:
        outcome = self.outcome
        wanted = self._wanted(chunk)
        known = self._known([made.foreign_number for _, made in wanted if made.foreign_number])
        todo: list[tuple[int, Intent, str]] = []
        for row, made in wanted:
            found = known.get(made.foreign_number) if made.foreign_number else None
            if found is None:
                todo.append((row, made, "opened"))
                continue
            try:
                correction = self._correction(found, made)
            except Refusal as refusal:
                outcome.refuse(row, map(self.reader.placed, refusal.reasons))
                continue
            if correction is None:
                outcome.same += 1
            else:
                todo.append((row, correction, "corrected"))
        intents = [intent for _, intent, _ in todo]
        refused = dict(rehearse(intents) if dry else record(intents, good_only=True).refused)
        for index, (row, _, kind) in enumerate(todo):
            if index in refused:
                outcome.refuse(row, map(self.reader.placed, refused[index].reasons))
            else:
                setattr(outcome, kind, getattr(outcome, kind) + 1)
        outcome.at = chunk[-1].number
        if self.told:
            self.told(outcome)

    def _wanted(self, chunk: list[Row]) -> list[tuple[int, Intent]]:
        """Read the rows; those that cannot be read, or that stand there twice, are refused."""
        now = timezone.now()
        wanted = []
        for row in chunk:
            self.outcome.rows += 1
            made, wrong = self.reader.intent(row, now)
            if made is None:
                self.outcome.refuse(row.number, wrong)
                continue
            if number := made.foreign_number:
                first = self.met.setdefault(number, row.number)
                if first != row.number:
                    twice = ("number_twice", {"field": NUMBER, "value": number, "row": first})
                    self.outcome.refuse(row.number, [self.reader.placed(twice)])
                    continue
            wanted.append((row.number, made))
        return wanted

    def _known(self, numbers: list[str]) -> dict[str, Known]:
        """Return matters of this source by foreign number, with what the source told of them last.

        What was corrected here since then is left alone: only what changed there is a change.
        """
        found = Matter.objects.filter(source=self.plan.source, foreign_number__in=numbers)
        rows = {m.id: m for m in found}
        if not rows:
            return {}
        told: dict[int, dict[str, Any]] = {i: {} for i in rows}
        ours: set[int] = set()
        actions = [self.plan.action.name, self.again.name]
        streams = sorted(rows)
        for at in range(0, len(streams), STREAMS):
            acts = Event.objects.of(*streams[at : at + STREAMS]).filter(
                door="import", action__in=actions
            )
            for stream, unit, facts, private in acts.order_by("id").values_list(
                "stream", "unit", "facts", "private__data"
            ):
                told[stream] |= facts | (private or {})
                if unit == self.by.unit:
                    ours.add(stream)
        return {
            m.foreign_number: Known(m, told[i], i in ours or self._may_correct(m))
            for i, m in rows.items()
        }

    def _may_correct(self, matter: Matter) -> bool:
        """Tell whether the importing post could correct it by hand: to see it is not enough."""
        process = registry.process(matter.process, matter.version)
        action = registry.action(process, self.again.name)
        return bool(action and may(self.by, action, matter) and sees(self.by, matter))

    def _correction(self, known: Known, made: Intent) -> Intent | None:
        """Return the act that brings a known matter up to the row; None where nothing differs.

        Refuses Invalid ``number_of_others`` where somebody else brought it in from this source, and
        ``not_corrected_by_import`` where something differs that no correction can change: it is
        for a person to look at.
        """
        matter, told, action = known.matter, known.told, self.plan.action
        if not known.ours:
            raise Invalid.of("number_of_others", field=NUMBER, value=matter.foreign_number)
        facts, private = facts_of(clean(action.model, made.data), action.personal)
        fields = self.reader.fields
        changed = {
            name: value
            for name, value in (facts | private).items()
            if fields[name].kind not in ("parties", "flag") and told.get(name) != value
        }
        if not changed:
            return None
        if beyond := sorted(set(changed) - self.mends):
            raise Invalid(*(("not_corrected_by_import", {"field": name}) for name in beyond))
        return Intent(
            action=self.again.name, number=matter.number, by=self.by, door="import", forced=True,
            data=changed | self.why,
        )  # fmt: skip

    def nothing_written(self) -> None:
        self.outcome.opened = self.outcome.corrected = self.outcome.same = 0


def _chunks(rows: Rows) -> Iterator[list[Row]]:
    source = iter(rows)
    while chunk := list(islice(source, CHUNK)):
        yield chunk


def look(rows: Rows, plan: Plan, by: Viewer, limit: int = 200) -> Outcome:
    """Check the first rows and write nothing: what the mapping page shows before one decides."""
    return run(islice(rows, limit), plan, by, good_only=True, dry=True)
