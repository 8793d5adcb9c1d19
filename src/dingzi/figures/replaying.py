"""What no leaf shows of a matter, made anew of its acts where all that their leaves hide is opened.

Some figures count by columns that a process does not show: amounts, an obstacle's days. No fact holds
such a column as it stands (what was paid is a sum over steps), so opened acts are folded by the very
``apply`` that made the site's row. An act counts only where every field that its leaf commits to is
opened: a field that is left out could not be told from one that never was. The log does not commit to
when an act was recorded, to its door or to the state that a check chose: an ``apply`` that asks for
the first fails here, and no counted column may come of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model

from dingzi.city import directory
from dingzi.matters import registry as processes
from dingzi.matters.acts import Act, State
from dingzi.matters.apply import fold
from dingzi.matters.bare import bare


@dataclass(slots=True)
class _Matter:
    process: str
    model: type[Model]
    opened: list[tuple[dict[str, Any], Mapping[str, Any]]] = field(default_factory=list)
    leaves: int = 0

    def acts(self) -> list[tuple[dict[str, Any], Mapping[str, Any]]]:
        """Return its leaves with what they hide in the order of its acts; none where one is not there
        or is not opened."""
        found = sorted(self.opened, key=lambda pair: pair[0]["seq"])
        every = [leaf["seq"] for leaf, _ in found] == list(range(1, self.leaves + 1))
        return found if every else []


@dataclass(slots=True)
class Replay:
    """The matters of projections that are to be made anew, by their names in the log."""

    models: frozenset[type[Model]]
    matters: dict[str, _Matter] = field(default_factory=dict)

    def add(self, leaf: dict[str, Any], opened: Mapping[str, Any] | None) -> None:
        """Take a leaf, with all that it hides; None where not all of it is opened."""
        model = processes.handle(leaf["process"]).model
        if model not in self.models:
            return
        assert model is not None
        one = self.matters.setdefault(leaf["matter"], _Matter(leaf["process"], model))
        one.leaves += 1
        if opened is not None:
            one.opened.append((leaf, opened))

    def made(self) -> tuple[dict[str, Any], Counter[type[Model]]]:
        """Return what their acts make of the projections, and how many of each cannot be made anew.

        Raises ValueError for what is no act of its process, KeyError for a fact that is not there.
        """
        made: dict[str, Any] = {}
        closed: Counter[type[Model]] = Counter()
        # another city's units have numbers that mean other units here, or none
        with directory.unknown():
            for name, one in self.matters.items():
                if acts := one.acts():
                    made[name] = _folded(one, acts)
                else:
                    closed[one.model] += 1
        return made, closed


def _folded(matter: _Matter, acts: Sequence[tuple[dict[str, Any], Mapping[str, Any]]]) -> Any:
    first, opened = acts[0]
    process = processes.process(matter.process, first["public"].get("version", 1))
    state = bare(opened["@stream"], process, matter.model)
    for leaf, opened in acts:
        fold(state, _act(state, leaf, opened))
    return state.own


def _act(state: State, leaf: dict[str, Any], opened: Mapping[str, Any]) -> Act:
    shown, process, matter = leaf["public"], state.process, state.matter
    action = processes.action(process, leaf["action"])
    if action is None:
        raise ValueError(f"{process.name}: {leaf['action']!r:.40} is no act of it")
    facts = {name: shown[name] for name in process.public if name in shown}
    facts |= {name: value for name, value in opened.items() if not name.startswith("@")}
    return Act(
        stream=matter.id, seq=leaf["seq"], process=process.name, version=process.version,
        action=action.name, from_state=matter.state,
        to_state=process.target(action, matter.state), unit=opened["@unit"], post=opened["@post"],
        door="", occurred_at=datetime.fromisoformat(opened["@occurred_at"]),
        recorded_at=None, facts=facts, private={},  # type: ignore[arg-type]
    )  # fmt: skip
