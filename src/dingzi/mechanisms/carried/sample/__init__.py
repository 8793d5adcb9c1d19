"""Leaders carry some of the sample city's matters: woven into the stories that others tell."""

from __future__ import annotations

from dingzi.matters.samples import SampleCity, Story

from .carried import Carried, chance

__all__ = ["weave"]


def weave(city: SampleCity, story: Story) -> None:
    """Let a leader carry the story's matter, now and then."""
    random = city.random("carried", story.begins.isoformat(), story.acts[0].data.get("text", ""))
    if random.random() < chance(story):
        carried = Carried(city, story, random)
        if carried.assign():
            carried.live()
            story.end()
