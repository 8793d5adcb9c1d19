"""A random walk through every process, by the services, beside a plain model of the YAML."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import yaml
from django.db import transaction
from django.utils import timezone
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from dingzi import matters
from dingzi.city.viewer import PUBLIC, SYSTEM, Viewer, receipt
from dingzi.core.errors import Forbidden, Invalid, NotFound, Refusal, WrongState
from dingzi.matters import registry
from dingzi.matters.fields import FieldDef
from dingzi.matters.models import Event, Matter, Part
from dingzi.matters.process import Action
from dingzi.matters.rebuild import rebuild
from tests.world import TOWN, World, build

#: Refusals that depend on the matter's history, not on the drawing of the process.
BY_HISTORY = {
    "no_session", "children_open", "status_matter_not_confirmed", "court_already_asked",
    "no_agreement_to_confirm", "court_not_asked", "court_taken_already", "word_not_heard",
    "already_latest",
    "clock_not_ripe", "clock_not_running", "clock_not_paused", "nothing_to_correct",
    "already_there", "no_such_handover", "is_a_child", "own_unit",
    "carry_not_a_leader", "carry_ended", "carry_nobody_carries",
}  # fmt: skip


def answer(one: FieldDef, world: World, draw: Any) -> Any:
    """Make a right answer to a field."""
    day = timezone.localdate() + timedelta(days=5)
    made: dict[str, Any] = {
        "line": "甲", "text": "说了些话", "flag": True, "date": day.isoformat(), "number": 3,
        "unit": world.mediation, "units": [world.housing], "post": world.supervisor.post,
        "place": TOWN, "phone": "13800000000", "names": ["甲"], "papers": [], "parties": [],
        "matter": "袁纠〔2020〕1号",
    }  # fmt: skip
    if one.kind == "choice":
        return draw.draw(st.sampled_from(sorted(one.choices)))
    return made[one.kind]


class Walk(RuleBasedStateMachine):
    """Walk one dispute; ``state``, ``seq`` and ``reopened`` are the plain model."""

    @initialize()
    def file(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.world = build()
        done = matters.open_matter("dispute", "file", {"text": "x", "place": TOWN}, by=PUBLIC)
        self.number, self.id = done.number, done.stream
        process = registry.handle("dispute").latest
        assert process.path is not None
        self.raw = yaml.safe_load(process.path.read_text("utf-8"))
        self.process = process
        self.state, self.seq, self.reopened = "registered", 1, 0
        self.actions = [
            a for a in registry.actions(process) if not a.opens and a.name not in ("merge",)
        ]

    def who(self, action: Action) -> Viewer:
        matter = Matter.objects.get(id=self.id)
        if action.by == {"system"}:
            return SYSTEM
        if action.by == {"citizen"}:
            return receipt(self.id)
        viewers = [self.world.window, self.world.mediator, self.world.supervisor]
        able = [v for v in viewers if "staff" in action.by or v.roles & action.by]
        holding = [v for v in able if v.unit == matter.holder_unit_id]
        return (holding or able or [self.world.supervisor])[0]

    @rule(draw=st.data())
    def act(self, draw: Any) -> None:
        action = draw.draw(st.sampled_from(self.actions))
        data = {f.name: answer(f, self.world, draw) for f in action.fields if f.required}
        if "signed" in {f.name for f in action.fields}:
            data["signed"] = True
        before = Event.objects.filter(stream=self.id).count()
        by = self.who(action)
        allowed = self.drawn(action)
        try:
            matters.act(self.number, action.name, data, by=by)
        except WrongState:
            assert not allowed, action.name
        except (Forbidden, NotFound):
            assert by.kind != "system"
        except Invalid as refusal:
            assert set(refusal.codes) <= BY_HISTORY | {"no_such_matter"}, refusal.codes
        except Refusal as refusal:
            assert set(refusal.codes) <= BY_HISTORY, refusal.codes
        else:
            assert allowed, action.name
            self.follow(action)
            return
        assert Event.objects.filter(stream=self.id).count() == before

    def drawn(self, action: Action) -> bool:
        """Tell from the YAML alone whether the action may happen in the model's state."""
        sources = (self.raw["actions"].get(action.name) or {}).get("from")
        if sources is None:
            closed = self.raw["states"][self.state].get("closed", False)
            return "any" in action.sources or ("open" in action.sources and not closed)
        wanted = [sources] if isinstance(sources, str) else sources
        return self.state in wanted or "any" in wanted

    def follow(self, action: Action) -> None:
        raw = self.raw["actions"].get(action.name, {})
        target = raw.get("to", self.state)
        led = Matter.objects.get(id=self.id).lead_unit_id
        if action.name == "reopen" and not led:
            target = "accepted"
        states = self.raw["states"]
        if states[self.state].get("closed") and not states[target].get("closed"):
            self.reopened += 1
        self.state, self.seq = target, self.seq + 1

    @invariant()
    def model_and_matter_agree(self) -> None:
        if not hasattr(self, "id"):
            return
        matter = Matter.objects.get(id=self.id)
        state = self.raw["states"][self.state]
        assert (matter.state, matter.seq) == (self.state, self.seq)
        assert matter.reopened == self.reopened
        assert (matter.closed_at is not None) == bool(state.get("closed", False))
        assert matter.active == (not state.get("end", False))
        assert matter.holder_id is not None
        assert matter.active or not matter.due_at
        assert Part.objects.filter(matter=self.id).count() == len(matter.units)

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            try:
                assert rebuild(write=False).differences == []
            finally:
                transaction.set_rollback(True)
                self.undo.__exit__(None, None, None)


def test_a_walk_through_the_process_follows_its_drawing(db: None) -> None:
    """Whatever is tried in whatever order, the services do what the YAML says, or nothing."""
    run_state_machine_as_test(Walk, settings=settings(stateful_step_count=20))
