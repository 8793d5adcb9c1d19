"""The disputes of the sample city, simulated, of no real person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from dingzi.matters.samples import LOCAL, SampleCity, SampleTown, Story

from .dispute import Dispute
from .scenes import scenes

#: Disputes a year in a whole city.
A_YEAR = 102_000
#: Share of disputes that somebody else reports once more.
TWINS = 0.028
_BY_HOUR = (1, 0.5, 0.3, 0.2, 0.2, 0.5, 2, 5, 10, 14, 13, 9, 5, 5, 9, 11, 10, 7, 4, 5, 6, 6, 4, 2)


def stories(city: SampleCity) -> Iterator[Story]:
    """Yield the city's disputes, day by day; the demo accounts' own work among them."""
    staged: dict[date, list[Story]] = {}
    for story in scenes(city) if city.has_home else ():
        staged.setdefault(story.begins.astimezone(LOCAL).date(), []).append(story)
    days = list(city.days())
    counties = list(city.counties().items())
    left = dict.fromkeys(city.counties(), 0.0)
    for place, day in enumerate(days):
        today = staged.pop(day, [])
        for county, towns in counties:
            # Each county has chances of its own: one may be made without the others.
            random = city.random("disputes", county, day)
            weights = list(accumulate(t.weight for t in towns))
            mean = A_YEAR / 365 * city.share * weights[-1] * city.bustle(day)
            left[county] += mean * random.gauss(1, 0.08)
            count = int(left[county])
            left[county] -= count
            for town in random.choices(towns, cum_weights=weights, k=count):
                today += _one(city, town, random, day, place / len(days))
        today.sort(key=lambda s: s.begins)
        yield from today


def _one(
    city: SampleCity, town: SampleTown, random: Random, day: date, past: float
) -> Iterator[Story]:
    opened = _moment(random, day)
    dispute = Dispute(city, town, random, day, past)
    if not dispute.file(opened):
        return
    dispute.live()
    if random.random() < TWINS:
        again = Dispute(city, town, random, day, past, like=dispute)
        if again.file(opened + timedelta(hours=2 + random.random() * 90)) and again.merge():
            dispute.story.join(again.story)
    yield dispute.story.end()


def _moment(random: Random, day: date) -> datetime:
    """People write in the morning and the evening; the counter works in between."""
    hour = random.choices(range(24), _BY_HOUR)[0]
    second = int(random.random() * 3600)
    return datetime.combine(day, time(hour, second // 60, second % 60), LOCAL)
