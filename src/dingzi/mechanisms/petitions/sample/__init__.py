"""The petitions of the sample city, simulated, of no real person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from random import Random

from dingzi.matters.samples import LOCAL, SampleCity, SampleTown, Story
from dingzi.matters.sampling import spread

from .petition import Petition

#: Petitions a year in a whole city.
A_YEAR = 9_600
_HOURS = (8, 9, 9, 10, 10, 11, 14, 15, 16, 20)


def stories(city: SampleCity) -> Iterator[Story]:
    """Yield the city's petitions, day by day."""

    def tell(town: SampleTown, random: Random, day: date) -> Story | None:
        told = Petition(city, town, random)
        if not told.receive(_moment(random, day)):
            return None
        told.live()
        return told.story.end()

    return spread(city, "petitions", A_YEAR, tell)


def _moment(random: Random, day: date) -> datetime:
    hour, second = random.choice(_HOURS), int(random.random() * 3600)
    return datetime.combine(day, time(hour, second // 60, second % 60), LOCAL)
