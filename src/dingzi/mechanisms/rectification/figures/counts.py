"""What is on the lists, what leaves them, and whether it holds."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.declare import Count, Median, Share, Stock

from .populations import (
    BY,
    SINCE,
    delisted,
    found,
    held,
    in_time,
    left,
    rectified,
    removed,
    returned,
    seen,
    timed,
)

found_count = Count(
    "rectification.found",
    zh="登记的整改问题",
    en="Problems listed",
    also=["查摆问题数", "问题登记数"],
    means=Text("三张清单上登记了多少个问题。", "How many problems were put on the three lists."),
    of=found,
    by=BY,
    since=SINCE,
)
open_now = Stock(
    "rectification.open",
    zh="清单上还没有销号的问题",
    en="Problems not delisted yet",
    also=["未销号数"],
    means=Text(
        "到那一天为止，登记了、还没有销号也没有撤下的有多少个。",
        "How many were on the lists at the end of that day, neither delisted nor taken off.",
    ),
    begun=found,
    ended=left,
    by=BY,
    since=SINCE,
)
delisted_count = Count(
    "rectification.delisted",
    zh="销号的整改问题",
    en="Problems delisted",
    also=["销号数", "整改完成数"],
    means=Text(
        "由没有动手整改的人验收通过、销号了的有多少个。反弹以后重新整改的，等再销号才算。",
        "How many were delisted after others than those who rectified them accepted. One that came "
        "back counts again only when it is delisted anew.",
    ),
    of=delisted,
    by=BY,
    since=SINCE,
)
removed_count = Count(
    "rectification.removed",
    zh="撤下的整改问题",
    en="Problems taken off",
    means=Text(
        "异议成立或者登记错了、撤下的有多少个。",
        "How many were taken off because an argument stood or they were listed by mistake.",
    ),
    of=removed,
    by=BY,
    since=SINCE,
)
on_time_share = Share(
    "rectification.on_time_share",
    zh="按期整改率",
    en="Share rectified in time",
    also=["按期整改完成率"],
    means=Text(
        "报验收的问题里，在整改期限以内的占多少。退回去的，等再报才算。",
        "Of the problems handed in for acceptance, the share within the time to rectify. What was "
        "returned counts when it is handed in again.",
    ),
    of=in_time,
    over=timed,
    by=BY,
    since=SINCE,
    good="up",
)
returned_share = Share(
    "rectification.returned_share",
    zh="验收退回过的占比",
    en="Share returned at acceptance",
    also=["退回率"],
    means=Text(
        "报验收的问题里，被退回去再改过的占多少。",
        "Of the problems handed in for acceptance, the share that was returned before.",
    ),
    of=returned,
    over=rectified,
    by=BY,
    since=SINCE,
)
held_share = Share(
    "rectification.held_share",
    zh="回头看没有反弹的占比",
    en="Share that holds when looked back on",
    also=["巩固率", "不反弹率"],
    means=Text(
        "销号以后回头看过的问题里，没有反弹的占多少。",
        "Of the problems looked back on after they were delisted, the share that holds.",
    ),
    of=held,
    over=seen,
    by=BY,
    since=SINCE,
    good="up",
)
days_median = Median(
    "rectification.days_median",
    zh="整改用了多少天（一半的问题）",
    en="Days to rectify (median)",
    also=["整改天数中位数"],
    means=Text(
        "从认账到报验收，一半的问题用不了这么多天。按自然日。",
        "Half of the problems were handed in within so many calendar days of being recognised.",
    ),
    of=timed,
    column="days",
    by=BY,
    since=SINCE,
    good="down",
)
