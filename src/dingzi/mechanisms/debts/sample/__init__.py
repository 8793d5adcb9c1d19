"""The old debts of the sample city, simulated; some lie untouched since a post changed hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from itertools import accumulate

from dingzi.matters.samples import LOCAL, SampleCity, Story

from .debt import Owed

#: Obligations entered a year in a whole city.
A_YEAR = 4_800


def stories(city: SampleCity) -> Iterator[Story]:
    """Yield the city's old debts, day by day."""
    counties = list(city.counties().items())
    left = dict.fromkeys(city.counties(), 0.0)
    for day in city.days():
        today = []
        for county, towns in counties:
            random = city.random("debts", county, day)
            weights = list(accumulate(t.weight for t in towns))
            left[county] += A_YEAR / 365 * city.share * weights[-1] * city.bustle(day)
            count = int(left[county])
            left[county] -= count
            for town in random.choices(towns, cum_weights=weights, k=count):
                owed = Owed(city, town, random)
                begins = datetime.combine(day, time(random.choice((9, 10, 11, 15, 16))), LOCAL)
                if owed.enter(begins):
                    owed.live()
                    today.append(owed.story.end())
        today.sort(key=lambda s: s.begins)
        yield from today
