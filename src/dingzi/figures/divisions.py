"""The dimensions that every mechanism has: county and town, named by the city's directory."""

from __future__ import annotations

from collections.abc import Mapping

from dingzi.city import directory
from dingzi.core.text import Text

from .populations import Dimension


def _counties() -> Mapping[str, Text]:
    return _named("county")


def _towns() -> Mapping[str, Text]:
    return _named("town")


def _named(level: str) -> dict[str, Text]:
    return {d.code: Text(d.name, d.name_en or d.name) for d in directory.divisions(level)}


county = Dimension("county", zh="县市区", en="County", labels=_counties, public=True, place=True)
town = Dimension("town", zh="乡镇街道", en="Town", labels=_towns, within="county", place=True)
