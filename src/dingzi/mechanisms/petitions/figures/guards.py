"""What stands beside the figures of petitions so that polishing them is seen."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.guards import wellknown
from dingzi.figures.guards.declare import Rate

from . import counts, results
from .populations import again, closed, heard, registered, silent, timed

come_back = Rate(
    "petitions.guard_again",
    zh="又来反映的",
    en="Brought again",
    means=Text(
        "这个月登记的信访事项里，重复信访的占多少。没有解决就算办结，这个数会变大。",
        "Of the petitions registered this month, the share brought before. "
        "It grows where they are closed before they are resolved.",
    ),
    harmless=Text(
        "一项政策牵涉很多人、反复来问，也会这样。",
        "A policy that concerns many who keep asking has the same effect.",
    ),
    beside=(results.resolved_share, results.closed_count, counts.again_share),
    some=again,
    over=(registered,),
)
without_word = Rate(
    "petitions.guard_without_word",
    zh="没有信访人的话就结了的",
    en="Ended without the petitioner's word",
    means=Text(
        "问过信访人解决了没有的，没有回话的占多少。",
        "Of the petitions whose petitioner was asked, the share left without an answer.",
    ),
    harmless=Text(
        "信访人外出、换了电话，也会这样。",
        "People who moved or changed their number have the same effect.",
    ),
    beside=(results.resolved_share,),
    some=silent,
    over=(heard,),
)
THINGS = Text("信访事项", "petitions")
ALL = (
    come_back,
    without_word,
    *wellknown.on_deadlines(
        "petitions", THINGS, timed, (results.on_time_share, results.days_median)
    ),
    *wellknown.on_durations("petitions", THINGS, closed, (results.days_median,)),
    *wellknown.on_closing(
        "petitions", THINGS, closed, (results.resolved_share, results.closed_count)
    ),
)
