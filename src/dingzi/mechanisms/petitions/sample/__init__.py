"""The petitions of the sample city, simulated, of no real person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import accumulate
from random import Random

from dingzi.matters.samples import LOCAL, SampleCity, Story

from .petition import Petition

#: Petitions a year in a whole city.
A_YEAR = 9_600
_HOURS = (8, 9, 9, 10, 10, 11, 14, 15, 16, 20)


def stories(city: SampleCity) -> Iterator[Story]:
    """Yield the city's petitions, day by day."""
    counties = list(city.counties().items())
    left = dict.fromkeys(city.counties(), 0.0)
    for day in city.days():
        today = []
        for county, towns in counties:
            random = city.random("petitions", county, day)
            weights = list(accumulate(t.weight for t in towns))
            left[county] += A_YEAR / 365 * city.share * weights[-1] * city.bustle(day)
            count = int(left[county])
            left[county] -= count
            for town in random.choices(towns, cum_weights=weights, k=count):
                petition = Petition(city, town, random)
                if petition.receive(_moment(random, day)):
                    petition.live()
                    today.append(petition.story.end())
        today.sort(key=lambda s: s.begins)
        yield from today


def _moment(random: Random, day: date) -> datetime:
    hour, second = random.choice(_HOURS), int(random.random() * 3600)
    return datetime.combine(day, time(hour, second // 60, second % 60), LOCAL)
