"""Which tallies are kept of a projection: derived from the declarations of its figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from django.db import models

from . import registry
from .declare import Figure, Part
from .populations import Dimension, Population, plain, terms

#: Between the values of a key.
SEP = "\x1f"
DAY, MONTH = "day", "month"
Cuboid = tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """What is kept of one projection.

    Attributes
    ----------
    columns : of the projection, all that conditions, days, dimensions and parts need.
    cuboids : part -> the sets of dimensions by which its months are kept; of () days too.
    name : digest of all that cells and triggers depend on.
    """

    model: type[models.Model]
    columns: tuple[str, ...]
    cuboids: dict[Part, tuple[Cuboid, ...]]
    name: str

    @property
    def rows(self) -> str:
        return self.model._meta.label

    @property
    def populations(self) -> dict[Population, list[Part]]:
        found: dict[Population, list[Part]] = {}
        for part in self.cuboids:
            found.setdefault(part.population, []).append(part)
        return found

    def series(self) -> Iterator[tuple[Part, Cuboid, str]]:
        for part, cuboids in self.cuboids.items():
            for cuboid in cuboids:
                yield part, cuboid, MONTH
            yield part, (), DAY

    def cuboid(self, part: Part, dimensions: Iterable[Dimension]) -> Cuboid | None:
        """Return the smallest kept set that holds the dimensions; None where none does."""
        wanted = set(dimensions)
        fits = [c for c in self.cuboids.get(part, ()) if wanted <= set(c)]
        return min(fits, key=len, default=None)


def all_layouts() -> list[Layout]:
    """Return the layout of every projection that has figures."""
    registry.load()
    found = {figure.model for figure in registry.load().values()}
    return [layout(model) for model in sorted(found, key=lambda m: m._meta.label)]


@cache
def layout(model: type[models.Model]) -> Layout:
    figures = [f for f in registry.load().values() if f.model is model]
    parts: dict[Part, list[Dimension]] = {}
    for figure in figures:
        for part in kept(figure):
            known = parts.setdefault(part, [])
            known += [one for one in figure.by if one not in known]
    # what only guards look at is kept of the whole city
    for part in registry.parts():
        if part.population.model is model:
            parts.setdefault(part, [])
    columns = _columns(parts)
    cuboids = {part: _cuboids(dimensions) for part, dimensions in parts.items()}
    return Layout(model, columns, cuboids, _name(columns, cuboids))


def kept(figure: Figure) -> Iterator[Part]:
    """Yield a figure's parts as they are kept: cumulated or not, the cells are the same."""
    for part in figure.parts:
        yield plain_part(part)


def plain_part(part: Part) -> Part:
    return Part(part.population, part.keep, part.column) if part.until else part


def _columns(parts: dict[Part, list[Dimension]]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for part, dimensions in parts.items():
        of = part.population
        names[of.on] = None
        names |= dict.fromkeys(column for column, _, _ in terms(of.where))
        names |= dict.fromkeys(one.column for one in dimensions)
        if part.column:
            names[part.column] = None
    return tuple(sorted(names))


def _cuboids(dimensions: Sequence[Dimension]) -> tuple[Cuboid, ...]:
    """Choose the sets of dimensions: nothing, each alone (a town with its county), and each public
    one with each other. Sets of many values are counted from the rows when somebody asks."""
    by_name = {one.name: one for one in dimensions}
    found: list[Cuboid] = [()]
    for one in dimensions:
        around = by_name.get(one.within)
        found.append((around, one) if around else (one,))
    for pair in combinations([one for one in dimensions if not one.within], 2):
        if pair[0].public or pair[1].public:
            found.append(pair)
    return tuple(found)


def _name(columns: Sequence[str], cuboids: dict[Part, tuple[Cuboid, ...]]) -> str:
    """Return a digest of all that cells and triggers depend on."""
    told = [
        [
            part.name,
            part.keep,
            part.population.on,
            plain(part.population.where),
            [[one.column for one in cuboid] for cuboid in found],
        ]
        for part, found in sorted(cuboids.items(), key=lambda item: (item[0].name, item[0].keep))
    ]
    text = json.dumps([list(columns), told], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
