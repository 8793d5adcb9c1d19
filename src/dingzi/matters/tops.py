"""Top categories: the few kinds under which everybody may see a matter.

A category that is rare in a small county would point at people: in the public log and in public
figures a matter stands under its top category, which joins several. A process declares them:

    top_categories:
      housing: {zh: 房屋土地, en: Housing and land, of: [housing, land]}
      other: {zh: 其他, en: Other, of: [medical, other, ""]}

Each is named after one of its own, so the top of a top is itself; ``""`` is a matter without a
category. ``top_categories: none`` shows no category at all; without the key the categories
themselves are the tops.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dingzi.core.errors import LoadError
from dingzi.core.text import Text

from .fields import text_of


@dataclass(frozen=True, slots=True)
class Tops:
    """Labels of the top categories in their order, and the top of each category."""

    labels: Mapping[str, Text]
    of: Mapping[str, str]

    def top(self, category: str) -> str:
        """Return the top of a category; "" where nothing of it is shown."""
        return self.of.get(category, "")


def parse(raw: Any, where: str) -> Tops | None:
    """Read ``top_categories``; None where the key is missing. Raises LoadError."""
    if raw is None:
        return None
    if raw == "none":
        return Tops({}, {})
    labels: dict[str, Text] = {}
    of: dict[str, str] = {}
    for name, one in raw.items():
        labels[name] = text_of(one, f"{where}.{name}")
        joined = one.get("of") or []
        if extra := set(one) - {"zh", "en", "of"}:
            raise LoadError(f"{where}.{name}: unknown key {sorted(extra)[0]!r}")
        if name not in joined:
            raise LoadError(f"{where}.{name}: of must hold {name!r} itself")
        for category in joined:
            if category in of:
                raise LoadError(f"{where}.{name}: {category!r} stands under {of[category]!r} too")
            of[category] = name
    return Tops(labels, of)


def prove(tops: Tops | None, categories: Iterable[str], where: str) -> None:
    """Check that every category has its top, and no other has; raises LoadError naming it."""
    if tops is None or not tops.labels:
        return
    known = {*categories}
    if missing := known - tops.of.keys():
        raise LoadError(f"{where}: top_categories: {sorted(missing)[0]!r} stands under none")
    if unknown := tops.of.keys() - known - {""}:
        raise LoadError(f"{where}: top_categories: {sorted(unknown)[0]!r} is no category")
