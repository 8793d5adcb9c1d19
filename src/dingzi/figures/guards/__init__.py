"""Guards: what stands beside a figure so that nobody is led to polish it.

A mechanism declares guards in its ``figures`` module and hands them to ``watch``; the steward reads
them once a month has passed and whenever numbers changed; pages and the API show the readings. A
guard never accuses: it says what is unusual against the city's own past and worth looking at.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLACES = {
    "declare": ("Guard", "Rate", "Spread", "Drift", "Bunched"),
    "registered": ("watch", "beside", "every"),
    "monthly": ("Reading", "all_readings", "read", "readings", "refresh"),
}
_HOMES = {name: module for module, names in _PLACES.items() for name in names}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    # Models must not be imported before the apps are ready.
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(name)
