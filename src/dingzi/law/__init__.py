"""Law as data: dated parameters with their sources, the working-day calendar, deadlines.

No Django, no database. ``docs/law.md`` has the form of the files and worked examples.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from .calendars import Holiday, WorkCalendar, calendar
from .counting import CITY_TIME, Pause, day_of, due_date, ends_at
from .deadlines import Day, Deadline, deadline
from .errors import (
    BadFile,
    BadOverride,
    LawError,
    NotARule,
    NotInForce,
    OutOfRange,
    UnknownParameter,
)
from .loading import Definition
from .registry import PARAMETERS, Overrides, Registry
from .values import Rule, Value
from .words import Reason


def register(folder: Path | str) -> None:
    """Add a mechanism's ``parameters/`` folder; raises BadFile for what cannot be used."""
    PARAMETERS.register(Path(folder))


def parameter(name: str, on: date, overrides: Overrides | None = None) -> Value:
    """What a parameter is on a day.

    Raises UnknownParameter (with near names) or NotInForce.
    """
    return PARAMETERS.value(name, on, overrides)


def rule(name: str, on: date, overrides: Overrides | None = None) -> Rule:
    """The deadline that a parameter sets on a day; raises also NotARule."""
    return PARAMETERS.rule(name, on, overrides)


def definition(name: str) -> Definition:
    """A parameter's titles, unit and all its values by date."""
    return PARAMETERS.definition(name)


def override_refusals(name: str, since: date, value: Any) -> tuple[Reason, ...]:
    """Why a city may not set this value; to be asked before it goes into the city's book."""
    return PARAMETERS.refusals(name, since, value)


__all__ = [
    "CITY_TIME",
    "PARAMETERS",
    "BadFile",
    "BadOverride",
    "Day",
    "Deadline",
    "Definition",
    "Holiday",
    "LawError",
    "NotARule",
    "NotInForce",
    "OutOfRange",
    "Overrides",
    "Pause",
    "Reason",
    "Registry",
    "Rule",
    "UnknownParameter",
    "Value",
    "WorkCalendar",
    "calendar",
    "day_of",
    "deadline",
    "definition",
    "due_date",
    "ends_at",
    "override_refusals",
    "parameter",
    "register",
    "rule",
]
