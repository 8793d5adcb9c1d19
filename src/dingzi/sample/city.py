"""Builds the ``SampleCity`` that mechanisms fill: which townships, with which weight."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from dingzi.city import directory
from dingzi.city.directory import DivisionCard, UnitCard
from dingzi.matters.samples import LOCAL, SampleCity, SampleTown

#: Townships that are lively also in a small city, by code: the demo accounts sit in the first.
LIVELY = ("360902001", "360981002", "360983001", "360982001", "360902011")
YEARS = 2
_KINDS = {"街道": "street", "乡": "township"}
#: How much more a street has than a 乡.
_WEIGHT = {"street": 2.1, "town": 1.3, "township": 0.7}


def build(*, seed: int, share: float, whole: bool, now: datetime, home: str = "") -> SampleCity:
    """Return the city to fill; units and posts must stand in the directory.

    ``whole`` takes all townships by population; else most happens in ``LIVELY`` ones and a little
    in one township of every other county.
    """
    counties = directory.divisions("county")
    towns = [
        (county, town)
        for county in counties
        for town in directory.children(county.code)
        if town.level == "town"
    ]
    codes = {town.code for _, town in towns}
    lively = [code for code in LIVELY if code in codes] or [t.code for _, t in towns[:5]]
    if whole:
        weights = _by_people(towns, seed)
    else:
        weights = dict(zip(lively, (0.36, 0.14, 0.12, 0.1, 0.08), strict=False))
        quiet = _seats(towns, lively)
        weights |= dict.fromkeys(quiet, 0.2 / max(1, len(quiet)))
    total = sum(weights.values())
    today = now.astimezone(LOCAL).date()
    return SampleCity(
        seed=seed,
        share=share,
        since=_since(today, whole),
        now=now,
        home=home or lively[0],
        towns=tuple(
            _town(county, town, weights[town.code] / total)
            for county, town in towns
            if town.code in weights
        ),
    )


def _since(today: date, whole: bool) -> date:
    """Return the first day: a whole city begins with a month, for of its last days alone few matters
    would be alike in the public log."""
    first = today - timedelta(days=365 * YEARS)
    return first.replace(day=1) if whole else first


def _by_people(towns: Sequence[tuple[DivisionCard, DivisionCard]], seed: int) -> dict[str, float]:
    """Share a county's weight (its people, where known) among its townships, a few far ahead."""
    random = Random(f"{seed}:towns")  # noqa: S311
    found = {}
    for _, town in towns:
        villages = max(3, len(directory.children(town.code)))
        found[town.code] = (
            _WEIGHT[_kind(town)] * math.sqrt(villages) * random.lognormvariate(0, 0.35)
        )
    return found


def _seats(towns: Sequence[tuple[DivisionCard, DivisionCard]], lively: list[str]) -> list[str]:
    taken = {code[:6] for code in lively}
    first: dict[str, str] = {}
    for county, town in towns:
        if county.code not in taken:
            first.setdefault(county.code, town.code)
    return list(first.values())


def _kind(town: DivisionCard) -> str:
    return next((kind for ending, kind in _KINDS.items() if town.name.endswith(ending)), "town")


def _town(county: DivisionCard, town: DivisionCard, weight: float) -> SampleTown:
    def nearest(kind: str) -> int | None:
        found = directory.units_of(kind, town.code)
        return found[0].id if found else None

    kinds = ("centre", "mediation", "justice", "police", "court")
    units = {kind: unit for kind in kinds if (unit := nearest(kind))}
    villages = [v.code for v in directory.children(town.code)]
    committees = [u for v in villages[:1] for u in directory.units_of("village", v)]
    if committees:
        units["village"] = committees[0].id
    bureaux: list[UnitCard] = directory.units_of("bureau", county.code)
    return SampleTown(
        code=town.code,
        name=town.name,
        county=county.code,
        county_name=county.name,
        kind=_kind(town),
        weight=weight,
        villages=tuple(villages),
        units=units,
        bureaux=tuple((u.name, u.id) for u in bureaux),
    )
