"""Reasons of engines put into words.

``words.yaml`` beside this file holds the texts of the shared frame, ``NAME/words.yaml`` those of
an engine: ``code: {zh: ..., en: ...}`` with the same plain ``{parameters}`` in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def files() -> list[Path]:
    """Return every words file of the package, the frame's first."""
    return [FOLDER / "words.yaml", *sorted(FOLDER.glob("*/words.yaml"))]


@cache
def load() -> Mapping[str, Mapping[str, str]]:
    """Code -> text in ``zh`` and ``en``, of the frame and of every engine."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, dict[str, str]] = {}
    for path in files():
        found |= yaml.load(path.read_text("utf-8"), loader) or {}  # noqa: S506
    return found


def say(reason: tuple[str, dict[str, Any]], language: str) -> str:
    """Return the sentence in ``zh`` or ``en``; the code itself where nobody wrote one."""
    code, params = reason
    texts = load().get(code)
    if texts is None:
        return f"{code} {params}"
    return texts["en" if language.startswith("en") else "zh"].format(**params)
