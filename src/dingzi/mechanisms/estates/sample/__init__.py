"""The stuck estates of the sample city, simulated: none of them stands anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import accumulate
from random import Random

from dingzi.matters.samples import LOCAL, SampleCity, SampleTown, Story

from .estate import Estate

#: Estates a year in a whole city; the town of the demo accounts has three, however small the city is.
A_YEAR = 36
_HOME = (400, 150, 45)


def stories(city: SampleCity) -> Iterator[Story]:
    """Yield the city's estates with their households, day by day."""
    counties = list(city.counties().items())
    left = dict.fromkeys(city.counties(), 0.0)
    shown = {}
    if city.has_home:
        days = list(city.days())
        shown = {days[-ago]: ago for ago in _HOME if ago <= len(days)}
    for day in city.days():
        if day in shown:
            yield from _told(city, city.at_home, city.random("estates", "home", day), day)
        for county, towns in counties:
            random = city.random("estates", county, day)
            weights = list(accumulate(t.weight for t in towns))
            left[county] += A_YEAR / 365 * city.share * weights[-1]
            count = int(left[county])
            left[county] -= count
            for town in random.choices(towns, cum_weights=weights, k=count):
                yield from _told(city, town, random, day)


def _told(city: SampleCity, town: SampleTown, random: Random, day: date) -> Iterator[Story]:
    estate = Estate(city, town, random)
    at = datetime.combine(day, time(9, random.randint(0, 59)), LOCAL)
    if estate.file(at):
        estate.live()
        yield estate.story.end()
