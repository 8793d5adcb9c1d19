"""Streams, events, processes, matters: the one way to write."""

from __future__ import annotations

from typing import Any

__all__ = ["act", "open_matter", "record"]


def __getattr__(name: str) -> Any:
    # Models must not be imported before the apps are ready.
    if name in __all__:
        from . import recording

        return getattr(recording, name)
    raise AttributeError(name)
