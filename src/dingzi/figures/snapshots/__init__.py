"""Snapshots of the projections by leaf: figures as of any past leaf, and over millions of rows.

``as_of`` answers, ``Writer`` makes, ``lag`` says how far behind it is (docs/snapshots.md).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLACES = {"reading": ("as_of", "Tree"), "writing": ("Writer", "Written", "lag")}
_HOMES = {name: module for module, names in _PLACES.items() for name in names}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    # DuckDB takes a while to load, and most pages do without
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(name)
