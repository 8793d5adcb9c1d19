"""What the samples of several mechanisms do alike: their texts, and a year spread over days and towns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import yaml

from .samples import SampleCity, SampleTown, Story

#: Tells one story that begins on a day in a town; None where none comes of it.
Tell = Callable[[SampleTown, Random, date], Story | None]


@cache
def texts_beside(module: str) -> dict[str, Any]:
    """Return the ``texts.yaml`` beside a module (its ``__file__``), read once."""
    text = Path(module).with_name("texts.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    return found


def spread(city: SampleCity, name: str, a_year: int, tell: Tell) -> Iterator[Story]:
    """Yield stories day by day, ``a_year`` of them in a whole city, each day's in their order.

    Each county has chances of its own: one may be made without the others.
    """
    counties = list(city.counties().items())
    left = dict.fromkeys(city.counties(), 0.0)
    for day in city.days():
        today = []
        for county, towns in counties:
            random = city.random(name, county, day)
            weights = list(accumulate(t.weight for t in towns))
            left[county] += a_year / 365 * city.share * weights[-1] * city.bustle(day)
            count = int(left[county])
            left[county] -= count
            for town in random.choices(towns, cum_weights=weights, k=count):
                if (story := tell(town, random, day)) is not None:
                    today.append(story)
        today.sort(key=lambda s: s.begins)
        yield from today
