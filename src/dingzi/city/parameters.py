"""The city's own values of parameters, as the city's book holds them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import directory


def overrides() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return all values that the city has set, in the form that ``law`` takes."""
    return directory.parameters()
