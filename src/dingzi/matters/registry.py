"""Processes and their handlers, registered by mechanisms at load."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import Model

from dingzi.core.errors import LoadError

from .acts import State
from .process import Action, Process, load


class Handle:
    """A process of all its released versions, with what a mechanism adds to its actions."""

    def __init__(self, name: str, model: type[Model] | None) -> None:
        self.name = name
        self.model = model
        self.versions: dict[int, Process] = {}
        self.handlers: dict[str, Any] = {}

    def on(self, *actions: str) -> Callable[[Any], Any]:
        """Register a class with static ``check`` and/or ``apply`` for the actions named."""

        def register(handler: Any) -> Any:
            for action in actions:
                if action in self.handlers:
                    raise LoadError(f"{self.name}.{action} has two handlers")
                self.handlers[action] = handler
            return handler

        return register

    @property
    def latest(self) -> Process:
        return self.versions[max(self.versions)]

    @property
    def accessor(self) -> str | None:
        """Name of the projection as seen from Matter."""
        if self.model is None:
            return None
        return self.model._meta.get_field("matter").remote_field.get_accessor_name()  # type: ignore[union-attr]


_handles: dict[str, Handle] = {}
_common: dict[str, Action] = {}
_common_handlers: dict[str, Any] = {}
_prefixes: dict[str, str] = {}
Guard = Callable[[State, Any], None]
_guards: dict[str, Guard] = {}


def register(name: str, folder: Path, *, model: type[Model] | None = None) -> Handle:
    """Load all versions of process ``name`` in ``folder``; raise LoadError for one that cannot run."""
    handle = Handle(name, model)
    for path in sorted(folder.glob(f"{name}.*.yaml")):
        process = load(path)
        if path.name != f"{process.name}.{process.version}.yaml" or process.name != name:
            raise LoadError(f"{path.name}: holds {process.name} version {process.version}")
        _shown(process, model, path.name)
        handle.versions[process.version] = process
    if not handle.versions:
        raise LoadError(f"{folder}: no {name}.N.yaml")
    prefix = handle.latest.prefix
    if prefix and _prefixes.setdefault(prefix, name) != name:
        raise LoadError(f"{name}: prefix {prefix} is taken by {_prefixes[prefix]}")
    _handles[name] = handle
    _followers.cache_clear()
    return handle


def _shown(process: Process, model: type[Model] | None, where: str) -> None:
    from .publishing import columns

    if not process.shown_columns:
        return
    if model is None:
        raise LoadError(f"{where}: shown_columns: the process has no projection")
    try:
        columns(model, process.shown_columns)
    except LoadError as error:
        raise LoadError(f"{where}: {error}") from None


def common(process: Process) -> None:
    """Take the actions that all processes share: those that leave the state as it is."""
    for action in process.actions.values():
        if action.to == "same":
            _common[action.name] = action


def on_common(*actions: str) -> Callable[[Any], Any]:
    def keep(handler: Any) -> Any:
        for action in actions:
            _common_handlers[action] = handler
        return handler

    return keep


def guard(name: str) -> Callable[[Guard], Guard]:
    """Add a named condition to the vocabulary: ``(state, asked) -> None``, raising a Refusal."""

    def keep(function: Guard) -> Guard:
        _guards[name] = function
        return function

    return keep


def guards(names: Iterable[str]) -> Iterable[Guard]:
    return (_guards[n] for n in names)


def handle(name: str) -> Handle:
    return _handles[name]


def known(name: str | None) -> Handle | None:
    """Return the process of that name, None where there is none."""
    return _handles.get(name) if name else None


def handles() -> list[Handle]:
    return list(_handles.values())


def part_models() -> set[type[Model]]:
    """Return the projections of the processes whose matters are parts of others."""
    return {h.model for h in _handles.values() if h.model is not None and h.latest.child}


#: The common act that gives the holder of a receipt a new one.
RECEIPT = "replace_receipt"


def process(name: str, version: int) -> Process:
    return _handles[name].versions[version]


def beside() -> list[str]:
    """Name the processes whose matters go along with their parent: no part of it to wait for."""
    return [h.name for h in _handles.values() if h.latest.beside]


def followers(action: str) -> dict[str, str]:
    """Return process -> what its matters do when their parent does ``action``."""
    return _followers().get(action, {})


@cache
def _followers() -> dict[str, dict[str, str]]:
    """Return the same by action."""
    found: dict[str, dict[str, str]] = {}
    for one in _handles.values():
        for action, does in one.latest.follows.items():
            found.setdefault(action, {})[one.name] = does
    return found


def by_prefix(prefix: str) -> Handle | None:
    name = _prefixes.get(prefix)
    return _handles[name] if name else None


def action(of: Process, name: str) -> Action | None:
    """Return the process's own action, else the common one of that name."""
    return of.actions.get(name) or (_common.get(name) if _fits(of, name) else None)


def actions(of: Process) -> list[Action]:
    own = list(of.actions.values())
    return own + [a for n, a in _common.items() if n not in of.actions and _fits(of, n)]


def _fits(of: Process, common: str) -> bool:
    """Tell whether a common act means something here: no receipt where nobody outside has one."""
    return common not in of.without and (common != RECEIPT or of.has_citizen or of.child)


def handlers(of: Process, name: str) -> Any:
    return (
        _handles[of.name].handlers.get(name)
        if name in of.actions or name in _handles[of.name].handlers
        else _common_handlers.get(name)
    )


def unknown_guards() -> list[str]:
    """Name every guard that a process asks for and nobody registered."""
    return [
        f"{p.name}.{p.version}: {a.name}: guard {g!r} is not known"
        for h in _handles.values()
        for p in h.versions.values()
        for a in actions(p)
        for g in a.guards
        if g not in _guards
    ]


def unknown_without() -> list[str]:
    """Name every act that a process leaves out and that is no common one."""
    return [
        f"{p.name}.{p.version}: without: {name!r} is no common act"
        for h in _handles.values()
        for p in h.versions.values()
        for name in sorted(p.without - _common.keys())
    ]
