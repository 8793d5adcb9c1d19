"""Outlines of the city's counties, as a map draws them.

``counties.json`` in the installation's folder (``DINGZI_HOME``) stands for another city; the one
shipped is the default city's. Its form: ``{"viewBox": "0 0 W H", "counties": [{"code", "d",
"label": [x, y]}]}``; ``d`` holds absolute coordinates only.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from . import directory

#: Width of the drawing, in the units for which the stylesheet sizes the map's words.
WIDTH = 600
_SHIPPED = Path(__file__).parent / "data" / "counties.json"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_KINDS = (" District", " County", " City")


@dataclass(frozen=True, slots=True)
class Outlines:
    """Paths and label points by county code, in the units of ``box``."""

    box: str
    shapes: dict[str, dict[str, str]]


@cache
def _read(path: str, changed: int) -> Outlines:
    raw = json.loads(Path(path).read_text("utf-8"))
    _x, _y, width, height = (float(n) for n in raw["viewBox"].split())
    scale = WIDTH / width
    return Outlines(
        f"0 0 {WIDTH} {height * scale:.0f}",
        {one["code"]: _shape(one, scale) for one in raw["counties"]},
    )


def _shape(one: dict[str, Any], scale: float) -> dict[str, str]:
    def scaled(number: re.Match[str] | float) -> str:
        value = float(number[0]) if isinstance(number, re.Match) else number
        return f"{value * scale:.1f}".removesuffix(".0")

    x, y = one["label"]
    return {"d": _NUMBER.sub(scaled, one["d"]), "x": scaled(float(x)), "y": scaled(float(y))}


def path() -> Path:
    """Return the file of this installation, else the one that is shipped."""
    own: Path = settings.CONFIG.home / "counties.json"
    return own if own.exists() else _SHIPPED


def counties(language: str) -> Outlines:
    """Return the outlines of the counties that the city has today, with their names.

    Empty where none are known: pages then show the table alone.
    """
    file = path()
    found = _read(str(file), file.stat().st_mtime_ns)
    cards = {card.code: card for card in directory.divisions("county")}
    shapes = {
        code: {**shape, "name": short_name(directory.name_of(cards[code], language))}
        for code, shape in found.shapes.items()
        if code in cards
    }
    return Outlines(found.box, shapes)


def short_name(name: str) -> str:
    """Return an English name without its kind, for the little room on a map."""
    for kind in _KINDS:
        name = name.removesuffix(kind)
    return name
