"""Reasons of this package in words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Reason = tuple[str, Mapping[str, Any]]


FILE = Path(__file__).with_name("words.yaml")


@cache
def load() -> dict[str, dict[str, str]]:
    """Return every text: code -> {zh, en}."""
    found: dict[str, dict[str, str]] = yaml.safe_load(FILE.read_text("utf-8"))
    return found


def say(reason: Reason, language: str) -> str:
    """Put a reason into words; ``language`` is ``zh`` or ``en``. A reason may be a parameter of another."""
    code, params = reason
    told = {
        name: say((value[0], value[1]), language) if isinstance(value, tuple) else value
        for name, value in params.items()
    }
    return load()[code][language].format_map(told)


def both(reason: Reason) -> str:
    """Put a reason into both languages, side by side."""
    return f"{say(reason, 'zh')} | {say(reason, 'en')}"
