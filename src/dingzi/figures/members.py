"""Which matters a population held when a period was frozen, and which came and went since."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from . import rowstore
from .declare import Figure, Part
from .models import FrozenRows
from .period import Period


@dataclass(frozen=True, slots=True)
class Moved:
    """What came into a population and what left it since a period was frozen: ids of matters."""

    part: Part
    came: frozenset[int]
    left: frozenset[int]


def keep(figures: Iterable[Figure], period: Period) -> None:
    """Keep what each population of the figures holds in a period, as it is now."""
    for part in {part.population.name: part for one in figures for part in kept(one)}.values():
        FrozenRows.objects.update_or_create(
            population=part.population.name,
            first=period.first,
            last=period.last,
            defaults={"ids": pack(_ids(part, period))},
        )


def kept(figure: Figure) -> list[Part]:
    """Return the parts of a figure that happen within a period; a state has none."""
    return [Part(part.population) for part in figure.parts if not part.until]


def moved(figure: Figure, period: Period, dims: Mapping[str, str]) -> list[Moved]:
    """Return what came and went in each population of a figure since the period was frozen.

    Of a part of the city, what lies there now: what was moved into another is not known.
    """
    of = {figure.dimensions[name].column: value for name, value in dims.items()}
    names = {part.population.name: part for part in kept(figure)}
    kept_rows = FrozenRows.objects.filter(
        population__in=names, first=period.first, last=period.last
    )
    found = []
    for row in kept_rows:
        part = names[row.population]
        then, now = frozenset(unpack(bytes(row.ids))), frozenset(_ids(part, period))
        came, left = now - then, then - now
        if of:
            rows = figure.model._default_manager.filter(pk__in=came | left, **of)
            here = frozenset(rows.values_list("pk", flat=True))
            came, left = came & here, left & here
        found.append(Moved(part, came, left))
    return sorted(found, key=lambda one: list(names).index(one.part.population.name))


def _ids(part: Part, period: Period) -> list[int]:
    rows = rowstore.rows_of(part, period.first, period.last)
    return sorted(rows.order_by().values_list("pk", flat=True))


def pack(ids: Sequence[int]) -> bytes:
    """Pack ascending ids: what is between each and the one before, compressed."""
    gaps = array("q", [*ids[:1], *(b - a for a, b in pairwise(ids))])
    return zlib.compress(gaps.tobytes(), 6)


def unpack(packed: bytes) -> list[int]:
    """Return the ids that `pack` was given."""
    gaps = array("q")
    gaps.frombytes(zlib.decompress(packed))
    return list(accumulate(gaps))
