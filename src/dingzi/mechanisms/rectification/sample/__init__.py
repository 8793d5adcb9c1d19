"""The rectification lists of the sample city, simulated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from random import Random

from dingzi.matters.samples import LOCAL, SampleCity, SampleTown, Story
from dingzi.matters.sampling import spread

from .problem import Listed

#: Problems a year in a whole city.
A_YEAR = 3_000


def stories(city: SampleCity) -> Iterator[Story]:
    """Yield the city's problems, day by day."""

    def tell(town: SampleTown, random: Random, day: date) -> Story | None:
        told = Listed(city, town, random)
        if not told.find(_moment(random, day)):
            return None
        told.live()
        return told.story.end()

    return spread(city, "rectification", A_YEAR, tell)


def _moment(random: Random, day: date) -> datetime:
    return datetime.combine(day, time(random.choice((9, 10, 11, 15, 16))), LOCAL)
