"""The first thing that a process of ours runs: imports nothing that needs Django before it is set up."""

from __future__ import annotations

import importlib
from typing import Any


def begin(name: str, queue: Any, *args: Any) -> None:
    """Run ``apart``'s function of that name; tell what ends it early."""
    import django

    django.setup()
    try:
        getattr(importlib.import_module("dingzi.sample.apart"), name)(queue, *args)
    except Exception as error:
        queue.put(f"{type(error).__name__}: {error}")
        raise
