"""Reasons of this package put into words.

A reason is a plain ``(code, params)``; ``words.yaml`` holds its text in both languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from . import phrases

Reason = tuple[str, dict[str, Any]]

#: the file itself, for who collects the words of all packages
FILE = Path(__file__).with_name("words.yaml")


@cache
def load() -> Mapping[str, Mapping[str, str]]:
    """Code -> text in ``zh`` and ``en``."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, dict[str, str]] = yaml.load(FILE.read_text("utf-8"), loader)  # noqa: S506
    return found


def text(reason: Reason, language: str, *, year: int | None = None) -> str:
    """The sentence, without the source on which it rests. Raises KeyError for an unknown code."""
    code, params = reason
    words = load()
    template = words[code]["en" if language.startswith("en") else "zh"]
    return phrases.fill(template, params, language, words=words, year=year)


def cite(reason: Reason, language: str) -> str:
    """The law on which it rests, "local setting", or an empty string."""
    return phrases.cited(reason[1].get("cite", ()), language, load())


def say(reason: Reason, language: str, *, year: int | None = None) -> str:
    """The sentence and its source, in one line."""
    return joined(text(reason, language, year=year), cite(reason, language), language)


def joined(sentence: str, source: str, language: str) -> str:
    """A sentence with its source behind it, if it has one."""
    if not source:
        return sentence
    return f"{sentence} ({source})" if language.startswith("en") else f"{sentence}{source}"


def lines(
    reasons: Iterable[Reason], language: str, *, year: int | None = None
) -> list[tuple[str, str]]:
    """An explanation as (sentence, source) pairs; ``year`` is the one that need not be said.

    After the first line the year of the start goes without saying.
    """
    found: list[tuple[str, str]] = []
    for reason in reasons:
        found.append((text(reason, language, year=year), cite(reason, language)))
        if "start" in reason[1]:
            year = int(str(reason[1]["start"])[:4])
    return found
