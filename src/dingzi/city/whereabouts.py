"""Where counties lie on the earth, as far as the city's outlines tell: from a point to a county, and
from a county to a point that stands for all of it."""

from __future__ import annotations

import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from . import directory, outlines

#: A ring of (longitude, latitude) in degrees, closed.
Ring = list[list[float]]


def county_at(latitude: float, longitude: float) -> str:
    """Return the code of the county that a point lies in, "" for none of the city's."""
    known = {card.code for card in directory.divisions("county")}
    for code, rings in _rings().items():
        if code in known and any(_inside(longitude, latitude, ring) for ring in rings):
            return code
    return ""


def point_of(county: str) -> tuple[float, float] | None:
    """Return (latitude, longitude) of a county's middle, to a hundredth of a degree."""
    rings = _rings().get(county)
    if not rings:
        return None
    longitude, latitude = _middle(max(rings, key=len))
    return round(latitude, 2), round(longitude, 2)


def _rings() -> dict[str, list[Ring]]:
    path = outlines.path()
    return _read(str(path), path.stat().st_mtime_ns)


@cache
def _read(path: str, changed: int) -> dict[str, list[Ring]]:
    raw = json.loads(Path(path).read_text("utf-8"))
    found: dict[str, list[Ring]] = {}
    for feature in raw.get("geojson", {}).get("features", []):
        found[str(feature["properties"]["code"])] = _outer(feature["geometry"])
    return found


def _outer(geometry: dict[str, Any]) -> list[Ring]:
    if geometry["type"] == "Polygon":
        return [geometry["coordinates"][0]]
    return [polygon[0] for polygon in geometry["coordinates"]]


def _inside(x: float, y: float, ring: Ring) -> bool:
    """Count how often a ray to the east crosses the ring: an odd number means inside."""
    crossings = 0
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def _middle(ring: Ring) -> tuple[float, float]:
    """Return the centre of the area that a ring encloses."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return x / (3 * area), y / (3 * area)
