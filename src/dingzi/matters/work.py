"""One transaction's worth of acts: states in memory while they are checked."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dingzi.city import directory
from dingzi.city.viewer import receipt
from dingzi.core.canonical import NotCanonical
from dingzi.core.errors import (
    Forbidden,
    Invalid,
    NotFound,
    Stale,
    WrongState,
)

from . import apply, clocks, envelope, numbers, opening, publishing, references, registry
from .acts import Act, Anchor, Asked, Done, Intent, Outcome, State, facts_of
from .dropping import drops, follows
from .fields import EARLIEST, LATEST, clean, no_control
from .locking import locked
from .models import Event, Matter
from .order import anchors, dated
from .process import Action, Process
from .visibility import demand_clear, demand_role, demand_standing, sees
from .writer import blank

#: A claimed time so close to now is now: clocks of two machines differ.
SLACK = timedelta(minutes=5)
#: The role that may record what happened earlier, with a reason.
BACKDATE = "backdate"


class Work:
    """One transaction's worth of acts: states in memory; ``writing`` has the rows.

    ``apart``: there are openings only, of which no other act of the batch can know.
    """

    def __init__(self, intents: Sequence[Intent], now: datetime) -> None:
        self.now = now
        self.states, self.looked = dict[str, State](), set[str]()
        self.acts: list[tuple[State, Act]] = []
        self.done: list[Done] = []
        self.ids: dict[str, deque[tuple[int, str]]] = defaultdict(deque)
        self.opening: tuple[str, int, str] | None = None
        self.pool: list[int] = []
        self.size = len(intents)
        known = [n for i in intents for n in (i.number or i.parent, *references.named(i))]
        self._lock([n for n in known if n and not _is_ref(n)])
        self.apart = not (self.states or any(i.number or i.parent or i.ref for i in intents))
        fresh = [i for i in intents if i.number is None and i.parent is None]
        series = [self._series(i) for i in fresh]
        self.series = dict(zip(map(id, fresh), series, strict=True))
        for one, given in zip(series, numbers.allocate(series), strict=True):
            self.ids[one].append(given)

    # -- finding and locking -------------------------------------------------------------------

    def _lock(self, wanted: Sequence[str]) -> None:
        """Lock matters and the parents of children among them, parents (lower ids) first."""
        names = {n for n in wanted if n not in self.states and "\0" not in n}
        names |= {p for n in names if (p := numbers.parent_of(n)) and p not in self.states}
        names -= self.looked  # what is not there takes no longer than what is hidden
        if not names:
            return
        self.looked |= names
        models = set()
        for name in names:
            prefix = numbers.prefix_of(name)
            found = registry.by_prefix(prefix) if prefix else None
            if found and found.model:
                models.add(found.model)
        if any(numbers.parent_of(name) for name in names):
            models |= registry.part_models()
        for matter, own in locked(names, models):
            process = registry.process(matter.process, matter.version)
            self.states[matter.number] = State(matter, process, own)
        for state in self.states.values():
            if parent := numbers.parent_of(state.matter.number):
                state.parent = self.states.get(parent)
                if state.parent:
                    state.matter._state.fields_cache["parent"] = state.parent.matter
                    if state not in state.parent.below:
                        state.parent.below.append(state)

    def state(self, number: str) -> State:
        if number not in self.states:
            self._lock([number])
        found = self.states.get(number)
        if found is None:
            raise NotFound.of("no_such_matter", number=number)
        return found

    def _series(self, intent: Intent) -> str:
        assert intent.process is not None
        try:
            handle = registry.handle(intent.process)
        except KeyError:
            raise NotFound.of("no_such_process", process=intent.process) from None
        day = clocks.local_day(intent.recorded_at or self.now)
        where = directory.short(numbers.place(intent.data, intent.by.scope, handle.latest.apart))
        return numbers.series(where, handle.latest.prefix, day)

    # -- doing ---------------------------------------------------------------------------------

    def do(self, intent: Intent) -> None:
        self.opening = None
        state = self._opened(intent) if intent.number is None else self._found(intent)
        action = self._action(state, intent)
        if not intent.forced:
            demand_role(intent.by, action, action.opens)
        if intent.seen is not None and intent.seen != state.matter.seq:
            raise Stale(
                ("stale", {"number": state.matter.number}),
                changes=_since(state.matter.id, intent.seen),
            )
        self._allowed(state, action)
        if not (intent.forced or action.opens):
            demand_standing(intent.by, action, state.matter)
        at = self._when(state, intent, action)
        data = clean(action.model, intent.data)
        if action.references:
            data = references.settle(action, data, intent.by, self.states)
        asked = Asked(
            data=data,
            by=intent.by,
            at=at,
            now=intent.recorded_at or self.now,
            door=intent.door,
            known=self.states,
        )
        for guard in registry.guards(action.guards):
            guard(state, asked)
        handler = registry.handlers(state.process, action.name)
        outcome = Outcome()
        if handler is not None and hasattr(handler, "check"):
            given = handler.check(state, asked)
            outcome = given if isinstance(given, Outcome) else Outcome(facts=given or {})
        made = self._act(state, action, intent, asked, outcome)
        was = publishing.before(state)
        stood = state.matter.closed_at is not None, state.matter.active
        if anchors(action, made.from_state, made.to_state, made.facts):
            state.anchor = Anchor(made.occurred_at, action.label)
        apply.fold(state, made)
        made.header = publishing.header(state, made, was)
        if not made.header:
            made.facts |= publishing.withheld(state, made, was)
        self.acts.append((state, made))
        self.done.append(
            Done(state.matter.number, state.matter.id, made.seq, made.to_state, made.action)
        )
        with_it = [*drops(state, action, intent, stood), *follows(state, action, intent)]
        for follow in [*outcome.then, *with_it]:
            self._follow(state, follow)

    def _opened(self, intent: Intent) -> State:
        if intent.process is None:
            raise NotFound.of("no_such_process", process="")
        try:
            handle = registry.handle(intent.process)
        except KeyError:
            raise NotFound.of("no_such_process", process=intent.process) from None
        if handle.latest.child and not intent.parent:
            # A part of another matter comes with an act of that one, never by itself.
            raise NotFound.of("no_such_action", action=intent.action)
        parent = self.state(intent.parent) if intent.parent else None
        if parent and not sees(intent.by, parent.matter):
            raise NotFound.of("no_such_matter", number=intent.parent)
        if parent:
            number_id, number = self._child(parent)
        else:
            series = self.series[id(intent)]
            number_id, number = self.ids[series].popleft()
            self.opening = (series, number_id, number)
        matter = blank(Matter, id=number_id, number=number, seq=0)
        if parent:  # it may be opened by this very batch: no row has it yet
            matter.parent = parent.matter
        state = State(matter, handle.latest, fresh=True, ref=intent.ref or "")
        if handle.model is not None:
            state.own = blank(handle.model, matter_id=number_id)
            state.own._state.fields_cache["matter"] = matter
        self.states[number] = state
        if parent:
            state.parent = parent
            parent.below.append(state)
            if parent.ref:
                state.ref = parent.ref + number.removeprefix(parent.matter.number)
        if state.ref:
            self.states[state.ref] = state
        return state

    def undo(self, intent: Intent, acts: int) -> bool:
        """Take back a refused act; False where it has left more than an empty new matter.

        The number that it would have had goes to the next: numbers have no gaps.
        """
        if len(self.acts) != acts or intent.parent:
            return False
        if intent.number is None and self.opening is not None:
            series, number_id, number = self.opening
            state = self.states.pop(number)
            self.states.pop(state.ref, None)
            self.ids[series].appendleft((number_id, number))
        self.opening = None
        return True

    def give_back(self) -> None:
        """Return the numbers that refused acts did not need."""
        numbers.give_back({series: len(left) for series, left in self.ids.items() if left})

    def _child(self, parent: State) -> tuple[int, str]:
        """Take id and number of a parent's next child.

        A parent that this batch opens has no counter yet: it is written with the rest.
        """
        if not parent.fresh:
            return numbers.allocate([parent.matter.number])[0]
        if not self.pool:
            self.pool = numbers.ids(1 if self.size < 50 else 50)[::-1]
        parent.born += 1
        return self.pool.pop(), f"{parent.matter.number}-{parent.born}"

    def _found(self, intent: Intent) -> State:
        assert intent.number is not None
        state = self.state(intent.number)
        if _is_ref(intent.number) and intent.by.kind == "receipt" and intent.by.matter is None:
            # The holder of the receipt of a matter that this very batch opened.
            intent.by = receipt(state.matter.id)
        if not (intent.forced or sees(intent.by, state.matter)):
            raise NotFound.of("no_such_matter", number=intent.number)
        return state

    def _action(self, state: State, intent: Intent) -> Action:
        found = registry.action(state.process, intent.action)
        if found is None or found.opens != (state.fresh and state.matter.seq == 0):
            raise NotFound.of("no_such_action", action=intent.action)
        return found

    def _allowed(self, state: State, action: Action) -> None:
        if action.opens or state.process.allows(action, state.matter.state):
            return
        now = state.process.states[state.matter.state].label
        raise WrongState.of("wrong_state", action=action.label, state=now)

    def _when(self, state: State, intent: Intent, action: Action) -> datetime:
        now = intent.recorded_at or self.now
        at = intent.occurred_at or now
        if at.tzinfo is None:
            raise Invalid.of("moment_without_zone", field="occurred_at")
        if at > now + SLACK:
            raise Invalid.of("in_the_future", field="occurred_at")
        if at < now - SLACK and intent.by.kind not in ("system", "import"):
            if BACKDATE not in intent.by.roles:
                raise Forbidden.of("backdated_not_permitted", field="occurred_at")
            if not intent.reason.strip():
                raise Invalid.of("backdated_needs_reason", field="reason")
        if not action.opens and at < state.matter.opened_at:
            raise Invalid.of("before_opening", field="occurred_at", opened=state.matter.opened_at)
        _readable(intent.reason, "reason")
        if at.year < 1949:
            raise Invalid.of("date_out_of_range", field="occurred_at", first=EARLIEST, last=LATEST)
        at = min(at, now)
        return dated(state, action, at, now - SLACK, forced=intent.forced)

    def _act(
        self, state: State, action: Action, intent: Intent, asked: Asked, outcome: Outcome
    ) -> Act:
        facts, private = facts_of(asked.data, action.personal)
        facts |= outcome.facts
        private |= outcome.private
        if action.opens:
            self._opening(state, intent, asked, facts, private)
        process, matter = state.process, state.matter
        demand_clear(facts.get("barred") or matter.barred, facts)
        if state.parent is not None:
            demand_clear(state.parent.matter.barred, facts)
        if action.clocks:
            day = clocks.local_day(asked.at)
            facts["due"] = clocks.plan(
                process, matter.clocks, action.clocks, day, facts.get("added", 0)
            )
        # the leaf of a confidential act shows no more than that something happened
        hidden = process.confidential or matter.confidential or facts.get("confidential")
        assert not hidden or matter.confidential or _may_hide(process, action), process.name
        late = (intent.recorded_at or self.now) - asked.at
        if intent.reason and late > SLACK:
            private["reason_for_date"] = intent.reason
            facts["backdated_days"] = late.days
        return Act(
            stream=matter.id,
            seq=matter.seq + 1,
            process=process.name,
            version=process.version,
            action=action.name,
            from_state="" if action.opens else matter.state,
            to_state=outcome_state(process, action, matter.state, facts),
            unit=intent.by.unit,
            post=intent.by.post,
            door=intent.door,
            occurred_at=asked.at,
            recorded_at=intent.recorded_at or self.now,
            facts=facts,
            private=private,
            public=frozenset() if hidden else process.public,
            key=intent.key,
            body=body(intent) if intent.key else None,
        )

    def _opening(
        self,
        state: State,
        intent: Intent,
        asked: Asked,
        facts: dict[str, Any],
        private: dict[str, Any],
    ) -> None:
        facts["number"] = state.matter.number
        if place := facts.get("place"):
            facts.setdefault("county", place[:6] if len(place) >= 6 else "")
            facts.setdefault("town", place[:9] if len(place) >= 9 else "")
        if state.parent is not None:
            facts["parent"] = state.parent.matter.id
            for name in ("county", "town"):
                facts.setdefault(name, getattr(state.parent.matter, name))
        if intent.source:
            facts["source"] = intent.source
            facts["foreign_number"] = intent.foreign_number
        if "holder" not in facts:
            facts |= opening.desk(state.process, asked)
        if "title" not in private and private.get("text"):
            private["title"] = opening.title_of(private["text"])

    def _follow(self, state: State, follow: Intent) -> None:
        """Do an act that another brings with it, in the same transaction, by the same actor."""
        follow.recorded_at = follow.recorded_at or state_time(state)
        if follow.number is None and follow.parent is None:
            follow.parent = state.matter.number
        self.do(follow)


def body(intent: Intent) -> bytes:
    by = intent.by
    try:
        return envelope.body_digest(
            intent.number, intent.process, intent.action, intent.data, by.kind, by.post, by.matter,
            str(intent.occurred_at or ""), intent.reason,
        )  # fmt: skip
    except NotCanonical:
        # 1.0 for 1 and the like: cleaning takes it, but the request has no one form.
        raise Invalid.of("wrong_value", field="data") from None


def outcome_state(process: Process, action: Action, now: str, facts: dict[str, Any]) -> str:
    """Return the state after the act: the action's, or the one that its check chose."""
    chosen = facts.pop("to_state", None)
    if chosen is not None:
        assert chosen in process.states, chosen
        return str(chosen)
    return process.target(action, now)


def _may_hide(process: Process, action: Action) -> bool:
    """Whether a matter is confidential is settled when it is opened, and its process says that it may
    be; a part of which nothing is counted may be whatever its parent is."""
    return action.opens and (process.confides or registry.handle(process.name).model is None)


def state_time(state: State) -> datetime:
    return state.matter.changed_at


def _since(stream: int, seen: int) -> list[Event]:
    return list(Event.objects.of(stream, after=seen).order_by("seq"))


def _readable(text: str, field: str) -> None:
    try:
        no_control(text)
    except ValueError as error:
        raise Invalid.of("control_characters", field=field) from error


def _is_ref(name: str) -> bool:
    return name.startswith("#")
