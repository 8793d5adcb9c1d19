"""Deadlines of a matter: pure values in ``Matter.clocks``, by clock name.

A clock is ``{"rule", "start", "due", "pauses": [[first, last|None, state]], "state", "fired",
"added"}``; dates are ISO texts, a pause names the state of the matter that it stood in, ``added``
is what an act has prolonged it by. What the calendar gave is kept in the event (``facts["due"]``), so a rebuild never
depends on the calendar of the day; ``explain`` computes the reasons again for a page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from dingzi import law
from dingzi.city.parameters import overrides
from dingzi.core.errors import Invalid, Refusal
from dingzi.core.text import Text

from .process import ClockOp, Process

LOCAL = ZoneInfo("Asia/Shanghai")
Clocks = dict[str, dict[str, Any]]


def local_day(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()


def left(clock: Mapping[str, Any] | None, day: date) -> int | None:
    """Return the days from ``day`` to the end of a stopped clock, negative where it was over; None
    where it did not run to one."""
    if clock is None or "late" not in clock or not clock["due"]:
        return None
    if clock["pauses"] and clock["pauses"][-1][1] is None:
        return None  # stopped while it stood still: its end was not known
    return (date.fromisoformat(clock["due"]) - day).days


def kept(clock: Mapping[str, Any] | None) -> bool | None:
    """Tell whether a stopped clock was in time; None where it did not run to its stop."""
    return None if clock is None or "late" not in clock else not clock["late"]


@lru_cache(8_192)
def end_of(day: date) -> datetime:
    """Return the last second of a day in the city."""
    return datetime.combine(day, time(23, 59, 59), LOCAL)


def plan(
    process: Process, clocks: Clocks, ops: tuple[ClockOp, ...], day: date, added: int = 0
) -> dict[str, Any]:
    """Compute what ``ops`` do to the clocks: name -> new due date (ISO), None where it waits.

    ``added`` is by how much a clock is prolonged, in the unit of its rule.

    Raises
    ------
    Refusal
        ``clock_not_running`` where a clock is paused that does not run, and the like.
    """
    due: dict[str, Any] = {}
    after: Clocks = dict(clocks)
    for op in ops:
        clock = after.get(op.clock)
        running = bool(clock and clock["state"] == "running")
        if op.op in ("pause", "extend") and not running:
            raise Refusal.of("clock_not_running", clock=process.clocks[op.clock].label)
        if op.op == "resume" and not (clock and clock["state"] == "paused"):
            raise Refusal.of("clock_not_paused", clock=process.clocks[op.clock].label)
        if op.op == "stop" and clock is None:
            continue
        fold(after, op, process, day, None, added=added)
        clock = after[op.clock]
        if op.op in ("start", "resume", "extend"):
            clock["due"] = due_of(clock).isoformat()
        due[op.clock] = clock["due"] if clock["state"] == "running" else None
    return due


def due_of(clock: Mapping[str, Any]) -> date:
    added = clock.get("added", 0)
    key = (clock["rule"], clock["start"], str(clock["pauses"]) if clock["pauses"] else "", added)
    known = _known(overrides())
    if key not in known:
        start = date.fromisoformat(clock["start"])
        rule = prolonged(rule_on(clock["rule"], start), added)
        known[key] = law.due_date(start, rule, law.calendar(), _pauses(clock))
    return known[key]


def prolonged(rule: law.Rule, added: int) -> law.Rule:
    """Return the rule with ``added`` more of its unit."""
    return replace(rule, amount=rule.amount + added, added=added) if added else rule


def rule_on(name: str, day: date) -> law.Rule:
    """Return the rule that held on ``day``; Invalid ``rule_not_in_force`` for a day before any."""
    try:
        return law.rule(name, day, overrides())
    except law.NotInForce:
        held = law.definition(name)
        label = Text(held.zh, held.en)
        raise Invalid.of("rule_not_in_force", field="occurred_at", rule=label, day=day) from None


_last: list[Any] = [None, {}]


def _known(own: Any) -> dict[tuple[str, str, str, int], date]:
    """Return the deadlines computed under the city's settings as they are now."""
    if _last[0] is not own or len(_last[1]) > 50_000:
        _last[:] = own, {}
    found: dict[tuple[str, str, str, int], date] = _last[1]
    return found


def explain(clock: Mapping[str, Any], process: Process) -> Any:
    """Return the deadline of a clock with its reasons and the days of its calendar."""
    start = date.fromisoformat(clock["start"])
    rule = prolonged(law.rule(clock["rule"], start, overrides()), clock.get("added", 0))
    grounds = [_ground(process, into[0] if into else "") for _, _, *into in clock["pauses"]]
    pauses = [(*p, g) if g else p for p, g in zip(_pauses(clock), grounds, strict=True)]
    return law.deadline(start, rule, law.calendar(), pauses)


def _ground(process: Process, state: str) -> dict[str, str] | None:
    """Return why a clock stood still: what the state is called into which the pause led."""
    found = process.states.get(state)
    if found is None:
        return None
    return {"zh": found.label.zh, "en": found.label.en[:1].lower() + found.label.en[1:]}


def _pauses(clock: Mapping[str, Any]) -> list[tuple[date, date | None]]:
    return [
        (date.fromisoformat(first), date.fromisoformat(last) if last else None)
        for first, last, *_state in clock["pauses"]
    ]


def fold(
    clocks: Clocks,
    op: ClockOp,
    process: Process,
    day: date,
    due: str | None,
    state: str = "",
    added: int = 0,
) -> None:
    """Fold one operation into ``clocks``; ``due`` and ``added`` are what the event recorded,
    ``state`` is where the act has led.

    A clock is replaced, never changed: who copied ``clocks`` keeps the earlier ones.
    """
    clock = clocks.get(op.clock)
    today = day.isoformat()
    if op.op == "start":
        clocks[op.clock] = {
            "rule": process.clocks[op.clock].rule,
            "start": today,
            "due": due,
            "pauses": [],
            "state": "running",
            **({"added": added} if added else {}),
        }
    elif clock is None:
        return
    elif op.op == "extend":
        more = clock.get("added", 0) + added
        # A new end: what the timer did at the old one does not stand for it.
        clocks[op.clock] = clock | {"added": more, "due": due or clock["due"], "fired": False}
    elif op.op == "pause":
        pauses = [*clock["pauses"], [today, None, state]]
        clocks[op.clock] = clock | {"pauses": pauses, "state": "paused"}
    elif op.op == "resume":
        first, _, *into = clock["pauses"][-1]
        last = (day - timedelta(days=1)).isoformat()
        kept = clock["pauses"][:-1]
        # Asked and answered on one day pauses nothing.
        pauses = [*kept, [first, last, *into]] if last >= first else kept
        clocks[op.clock] = clock | {
            "pauses": pauses,
            "state": "running",
            "due": due or clock["due"],
        }
    elif clock["state"] in ("running", "paused"):
        late = clock["state"] == "running" and bool(clock["due"]) and today > clock["due"]
        clocks[op.clock] = clock | {"done": today, "late": late, "state": "done"}


def next_due(clocks: Clocks) -> datetime | None:
    """Return the end of the earliest day on which a running clock is due."""
    days = [c["due"] for c in clocks.values() if c["state"] == "running" and c["due"]]
    return end_of(date.fromisoformat(min(days))) if days else None


def next_check(clocks: Clocks) -> datetime | None:
    """Return when the timer must look: the first end of a running clock that has not fired."""
    days = [
        c["due"]
        for c in clocks.values()
        if c["state"] == "running" and c["due"] and not c.get("fired")
    ]
    return end_of(date.fromisoformat(min(days))) if days else None


def ripe(clocks: Clocks, now: datetime) -> list[str]:
    """Name the clocks that ran out before ``now`` and whose timer has not fired, earliest first."""
    found = [
        (c["due"], n)
        for n, c in clocks.items()
        if c["state"] == "running"
        and c["due"]
        and not c.get("fired")
        and end_of(date.fromisoformat(c["due"])) < now
    ]
    return [n for _, n in sorted(found)]
