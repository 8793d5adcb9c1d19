"""What stands beside the figures of carried cases so that carrying on paper is seen."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.guards import wellknown
from dingzi.figures.guards.declare import Rate

from . import counts
from .populations import settled, silent, timed

without_word = Rate(
    "carried.guard_without_word",
    zh="办到位了当事人没有说话的",
    en="Settled without the word of the person concerned",
    means=Text(
        "领导报告办到位的包案里，当事人没有说话的占多少。",
        "Of the carried cases reported as settled, the share on which the person concerned said nothing.",
    ),
    harmless=Text(
        "当事人外出、换了电话，也会这样。",
        "People who moved or changed their number have the same effect.",
    ),
    beside=(counts.settled_count, counts.resolved_share),
    some=silent,
    over=(settled,),
)
THINGS = Text("包案", "carried cases")
ALL = (
    without_word,
    *wellknown.on_deadlines("carried", THINGS, timed, (counts.on_time_share, counts.days_median)),
    *wellknown.on_durations("carried", THINGS, timed, (counts.days_median,)),
)
