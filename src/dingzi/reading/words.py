"""Codes of this package put into words, for the command line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .errors import Reason

#: the file itself, for who collects the words of all packages
FILE = Path(__file__).with_name("words.yaml")


@cache
def load() -> Mapping[str, Mapping[str, str]]:
    """Code -> text in ``zh`` and ``en``."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, dict[str, str]] = yaml.load(FILE.read_text("utf-8"), loader)  # noqa: S506
    return found


def text(reason: Reason, language: str) -> str:
    """The sentence. Raises KeyError for an unknown code."""
    code, params = reason
    template = load()[code]["en" if language.startswith("en") else "zh"]
    return template.format(**{name: _plain(value, language) for name, value in params.items()})


def name(code: str, language: str) -> str:
    """A single word of the tables: a kind, a verdict, why a number was set aside."""
    return text((f"reading.{code}", {}), language)


def _plain(value: Any, language: str) -> str:
    if value is None:
        return name("word.open", language)
    if isinstance(value, list | tuple):
        return ("、" if not language.startswith("en") else ", ").join(map(str, value))
    return str(value)
