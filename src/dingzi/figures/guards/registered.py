"""All declared guards, and which stand beside a figure."""

from __future__ import annotations

from dingzi.core.errors import LoadError

from .. import checking, registry
from ..declare import Figure
from .declare import Guard, fault

_guards: dict[str, Guard] = {}


def watch(mechanism: str, *guards: Guard) -> None:
    """Add the guards of a mechanism; LoadError names the guard, its file and line, and its fault."""
    for guard in guards:
        found = checking.watched_fault(guard.name, guard.parts, mechanism) or fault(guard)
        other = _guards.get(guard.name)
        if found is None and other is not None and other.place != guard.place:
            found = f"declared already at {other.place}"
        found = found or registry.take(guard.parts)
        if found is not None:
            raise LoadError(f"{guard.place}: guard {guard.name}: {found}")
        _guards[guard.name] = guard


def every() -> list[Guard]:
    """Return all guards in the order of their declaration."""
    registry.load()
    return list(_guards.values())


def beside(figure: Figure) -> list[Guard]:
    """Return the guards that stand beside a figure."""
    return [guard for guard in every() if figure in guard.beside]
