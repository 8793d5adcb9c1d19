"""What stands beside the figures of the lists so that delisting on paper is seen."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.guards import wellknown
from dingzi.figures.guards.declare import Rate

from . import counts
from .populations import left, relapsed, removed, seen, timed

came_back = Rate(
    "rectification.guard_relapsed",
    zh="销号以后反弹的",
    en="Came back after delisting",
    means=Text(
        "这个月回头看的问题里，反弹过的占多少。没有改到位就销号，这个数会变大。",
        "Of the problems looked back on this month, the share that came back. It grows where they "
        "are delisted before they are rectified.",
    ),
    harmless=Text(
        "天气、行情、大拆大建，也会让老问题回来。",
        "Weather, markets or large building works can bring old problems back.",
    ),
    beside=(counts.delisted_count, counts.held_share),
    some=relapsed,
    over=(seen,),
)
taken_off = Rate(
    "rectification.guard_taken_off",
    zh="撤下的",
    en="Taken off the list",
    means=Text(
        "这个月离开清单的问题里，不是改好、而是撤下的占多少。",
        "Of the problems that left the lists this month, the share that was taken off, not rectified.",
    ),
    harmless=Text(
        "一次登记错了一批，也会这样。", "A batch that was listed by mistake has the same effect."
    ),
    beside=(counts.delisted_count, counts.open_now),
    some=removed,
    over=(left,),
)
THINGS = Text("整改问题", "problems")
ALL = (
    came_back,
    taken_off,
    *wellknown.on_deadlines(
        "rectification", THINGS, timed, (counts.on_time_share, counts.days_median)
    ),
    *wellknown.on_durations("rectification", THINGS, timed, (counts.days_median,)),
)
