"""A matter and its projection in memory for who only wants to know what events make of the latter.

Plain objects with a row's defaults: no rows of a database, and quicker to make and to change. What
`apply_core` leaves out of a bare state is not there at all, so an ``apply`` that reads it fails.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import Model

from .acts import State
from .models import Matter
from .process import Process
from .writer import template

#: Columns of the matter that a bare state does not follow.
_LEFT_OUT = frozenset({
    "title", "spot", "people", "merged_into_id", "barred", "units", "posts", "paper_count", "due_at",
    "next_check_at", "overdue",
})  # fmt: skip


class _Plain:
    """A row's columns, by attribute."""


@cache
def _columns(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Any]]]:
    values, made = template(model)
    left_out = _LEFT_OUT if model is Matter else frozenset()
    kept = {name: value for name, value in values.items() if name not in left_out}
    return kept, [(name, make) for name, make in made if name in kept]


def _row(model: type[Model]) -> Any:
    row = _Plain()
    values, made = _columns(model)
    row.__dict__ = values.copy()
    for name, make in made:
        row.__dict__[name] = make()
    return row


def bare(stream: int, process: Process, model: type[Model]) -> State:
    """Return the state of a matter before its first event."""
    matter, own = _row(Matter), _row(model)
    matter.id = own.matter_id = stream
    matter.seq = 0
    own.matter = matter
    return State(matter, process, own=own, fresh=True, bare=True)
