"""Which tallies are kept of a projection: derived from the declarations of its figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import combinations
from typing import Any

from django.db import models

from . import registry
from .declare import Figure, Part
from .populations import Dimension, Population, Test, compiled, plain, terms
from .tally import Tally

#: Between the values of a key.
SEP = "\x1f"
DAY, MONTH = "day", "month"
Cuboid = tuple[Dimension, ...]
#: Where a row is tallied: part, dimensions, grain, day or first of the month, key.
Slot = tuple[Part, Cuboid, str, date, str]


@dataclass(frozen=True, slots=True)
class Counted:
    """A population of the layout: where its day stands in a row, its condition, its parts."""

    population: Population
    on: int
    test: Test
    parts: tuple[tuple[Part, int], ...]


@dataclass(frozen=True)
class Layout:
    """What is kept of one projection.

    Attributes
    ----------
    columns : of the projection, in the order of the rows that `slots` takes.
    cuboids : part -> the sets of dimensions by which its months are kept; of () days too.
    """

    model: type[models.Model]
    columns: tuple[str, ...]
    counted: tuple[Counted, ...]
    cuboids: dict[Part, tuple[Cuboid, ...]]
    name: str = field(default="")

    @property
    def rows(self) -> str:
        return self.model._meta.label

    def series(self) -> Iterator[tuple[Part, Cuboid, str]]:
        for part, cuboids in self.cuboids.items():
            for cuboid in cuboids:
                yield part, cuboid, MONTH
            yield part, (), DAY

    def slots(self, row: Sequence[Any]) -> Iterator[tuple[Slot, int | None]]:
        """Yield where a row counts, and the value of the part's column."""
        keys: dict[Cuboid, str] = {}
        for one in self.counted:
            day = row[one.on]
            if day is None or one.test(row) is not True:
                continue
            month = day.replace(day=1)
            for part, column in one.parts:
                value = row[column] if part.column else None
                if part.column and value is None:
                    continue
                for cuboid in self.cuboids[part]:
                    key = keys.get(cuboid)
                    if key is None:
                        key = keys[cuboid] = self.key(cuboid, row)
                    yield (part, cuboid, MONTH, month, key), value
                yield (part, (), DAY, day, ""), value

    def key(self, cuboid: Cuboid, row: Sequence[Any]) -> str:
        return SEP.join(str(row[self.columns.index(one.column)]) for one in cuboid)

    def read(self, data: dict[str, Any]) -> tuple[Any, ...]:
        """Return a pending change's columns as a row."""
        return tuple(
            None if data[name] is None else self.model._meta.get_field(name).to_python(data[name])  # type: ignore[union-attr]
            for name in self.columns
        )

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
    columns = _columns(parts)
    populations: dict[Population, list[Part]] = {}
    for part in parts:
        populations.setdefault(part.population, []).append(part)
    counted = tuple(
        Counted(
            of,
            columns.index(of.on),
            compiled(of.where, columns),
            tuple((p, columns.index(p.column) if p.column else 0) for p in held),
        )
        for of, held in populations.items()
    )
    cuboids = {part: _cuboids(dimensions) for part, dimensions in parts.items()}
    return Layout(model, columns, counted, cuboids, _name(columns, cuboids))


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


def add(tallies: dict[Slot, Tally], slot: Slot, value: int | None, sign: int) -> None:
    """Add or take away one row."""
    tally = tallies.get(slot)
    if tally is None:
        tally = tallies[slot] = Tally()
    tally.n += sign
    part = slot[0]
    if part.keep == "sum":
        assert value is not None
        tally.total += sign * value
    elif part.keep == "spread":
        assert value is not None
        tally.total += sign * value
        tally.spread[value] = tally.spread.get(value, 0) + sign
