"""What of an act everybody may see: the part that the public log shows in the clear.

County, top category (``tops``) and month of every act, and the version of its process after the first;
the unit where it is of city or county rank (what a township or village did shows its county); and, as
the process declares under ``shown_columns``, what the act changed in the projection: days as months,
durations as whole days. No post, no place below the county, no day. An act of a confidential process
or matter shows nothing; what figures need of it (``withheld``) is one of its facts, committed to like any
other, so that an auditor may be given it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import models

from dingzi.city import directory
from dingzi.core.errors import LoadError

from . import envelope
from .acts import Act, State

#: Kinds of columns that may be shown: none of them can hold a text that somebody wrote.
_KINDS = (
    models.DateField,
    models.BooleanField,
    models.IntegerField,
    models.CharField,
)
#: A code or a division is shorter than this; a longer column may hold a person's words.
_SHORT = 24
#: Name of the fact of a confidential act that auditors count it by.
SHOWN = "shown"
Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a projection that its process shows, and how they are read in one go."""

    names: tuple[str, ...]
    read: Callable[[Any], Values]


def columns(model: type[models.Model], names: tuple[str, ...]) -> Columns:
    """Check what a process wants to show; raise LoadError for what might hold personal words."""
    fields = {field.name: field for field in model._meta.concrete_fields}
    for name in names:
        field = fields.get(name)
        if field is None:
            raise LoadError(f"shown_columns: {name!r} is no column of {model.__name__}")
        if not isinstance(field, _KINDS) or (getattr(field, "max_length", 0) or 0) > _SHORT:
            raise LoadError(f"shown_columns: {name!r} may hold what somebody wrote")
        if isinstance(field, models.DateTimeField):
            raise LoadError(f"shown_columns: {name!r} tells the hour; show a day's month")
    return _columns(names)


@cache
def _columns(names: tuple[str, ...]) -> Columns:
    if not names:
        return Columns((), lambda own: ())
    if len(names) == 1:
        return Columns(names, lambda own, get=attrgetter(names[0]): (get(own),))  # type: ignore[misc]
    return Columns(names, attrgetter(*names))


def before(state: State) -> Values:
    """Return what the projection shows before an act is folded into it."""
    return _columns(state.process.shown_columns).read(state.own)


def header(state: State, act: Act, was: Values) -> dict[str, Any]:
    """Return the public part of an act that has just been folded; nothing of a confidential one."""
    matter = state.matter
    if state.process.confidential or matter.confidential:
        return {}
    made: dict[str, Any] = {
        "county": matter.county,
        "category": state.process.top(matter.category),
        "month": envelope.month(act.occurred_at),
    }
    if act.version != 1:
        made["version"] = act.version
    if unit := directory.unit(act.unit):
        made["unit"] = unit.code if unit.level in ("city", "county") else unit.division[:6]
    if changed := _changed(state, was):
        made["changed"] = changed
    return made


def withheld(state: State, act: Act, was: Values) -> dict[str, Any]:
    """Return the fact of a confidential act that has just been folded by which auditors count it.

    Its process, and of what another act's leaf would show what its figures are counted by; neither
    place nor category nor unit, for it counts in the city's totals alone. Nothing where its process
    keeps no figures.
    """
    if not state.process.shown_columns:
        return {}
    facts = {name: act.facts[name] for name in sorted(state.process.public) if name in act.facts}
    return {SHOWN: {"process": act.process, "facts": facts, "changed": _changed(state, was)}}


def _changed(state: State, was: Values) -> dict[str, Any]:
    shown = _columns(state.process.shown_columns)
    now = shown.read(state.own)
    if now == was:
        return {}
    pairs = zip(shown.names, was, now, strict=True)
    return {name: _coarse(new) for name, old, new in pairs if old != new}


def _coarse(value: Any) -> Any:
    return value.isoformat()[:7] if isinstance(value, date) else value
