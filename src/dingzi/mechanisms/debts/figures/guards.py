"""What stands beside the figures of old debts so that writing off is not taken for making good."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.guards import wellknown
from dingzi.figures.guards.declare import Rate

from . import counts
from .populations import left, performed, silent, timed, void

written_off = Rate(
    "debts.guard_written_off",
    zh="不是兑现、而是销掉的",
    en="Written off, not made good",
    means=Text(
        "这个月离账的旧账里，核定不欠或者销账的占多少。把难兑现的销掉，这个数会变大。",
        "Of the debts that left the lists this month, the share ruled not owed or written off. It grows "
        "where the hard ones are written off.",
    ),
    harmless=Text(
        "清出一批重复上的账，也会这样。", "Clearing out entries made twice has the same effect."
    ),
    beside=(counts.settled_count, counts.open_now),
    some=void,
    over=(left,),
)
without_word = Rate(
    "debts.guard_without_word",
    zh="报了兑现、对方没有说话的",
    en="Reported without the other side's word",
    means=Text(
        "报兑现完的旧账里，对方没有说话的占多少。",
        "Of the debts reported as made good, the share on which the other side said nothing.",
    ),
    harmless=Text(
        "企业注销、搬走了，也会这样。", "Firms that closed or moved have the same effect."
    ),
    beside=(counts.settled_count, counts.confirmed_share),
    some=silent,
    over=(performed,),
)
THINGS = Text("旧账", "old debts")
ALL = (
    written_off,
    without_word,
    *wellknown.on_deadlines("debts", THINGS, timed, (counts.on_time_share, counts.days_median)),
    *wellknown.on_durations("debts", THINGS, timed, (counts.days_median,)),
)
