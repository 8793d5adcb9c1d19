"""What is owed, and what of it is made good."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.declare import Count, Median, Share, Stock

from .populations import (
    BY,
    SINCE,
    confirmed,
    entered,
    in_time,
    left,
    old,
    settled,
    timed,
    void,
)

entered_count = Count(
    "debts.entered",
    zh="上账的旧账",
    en="Old debts entered",
    also=["旧账登记数"],
    means=Text(
        "有多少笔承诺、合同、裁判和没办完的事记到了单位账上。",
        "How many promises, contracts, rulings and unfinished matters were entered on units' lists.",
    ),
    of=entered,
    by=BY,
    since=SINCE,
)
open_now = Stock(
    "debts.open",
    zh="还没有了结的旧账",
    en="Old debts not settled",
    also=["旧账存量", "未兑现数"],
    means=Text(
        "到那一天为止，上了账、没有了结也没有销账的有多少笔。",
        "How many stood on the lists at the end of that day, neither settled nor written off.",
    ),
    begun=entered,
    ended=left,
    by=BY,
    since=SINCE,
)
settled_count = Count(
    "debts.settled",
    zh="了结的旧账",
    en="Old debts settled",
    also=["旧账化解数", "兑现数"],
    means=Text(
        "对方说兑现了，或者别的单位核实兑现了的有多少笔。欠账的单位自己说了不算。",
        "How many the other side called made good, or another unit found so. The unit that owes has "
        "no say.",
    ),
    of=settled,
    by=BY,
    since=SINCE,
)
confirmed_share = Share(
    "debts.confirmed_share",
    zh="由对方认可了结的占比",
    en="Share settled by the word of the other side",
    means=Text(
        "了结的旧账里，对方自己说兑现了的占多少；其余的是别的单位核实的。",
        "Of the debts settled, the share that the other side itself called made good; the rest was "
        "checked by another unit.",
    ),
    of=confirmed,
    over=settled,
    by=BY,
    since=SINCE,
    good="up",
)
old_share = Share(
    "debts.old_share",
    zh="了结的里欠了三年以上的占比",
    en="Share of those settled that were three years or older",
    means=Text(
        "了结的旧账里，上账时已经欠了三年以上的占多少。只挑新的、容易的办，这个数会变小。",
        "Of the debts settled, the share that were three years or older when entered. It shrinks where "
        "only new and easy ones are settled.",
    ),
    of=old,
    over=settled,
    by=BY,
    since=SINCE,
)
void_count = Count(
    "debts.void",
    zh="核定不欠、销账的",
    en="Ruled not owed or written off",
    means=Text(
        "核定不欠，或者对方放弃、裁判撤销、重复上账而销账的有多少笔。",
        "How many were ruled not owed, or written off as waived, reversed or entered twice.",
    ),
    of=void,
    by=BY,
    since=SINCE,
)
on_time_share = Share(
    "debts.on_time_share",
    zh="按期兑现率",
    en="Share made good in time",
    also=["旧账兑现率"],
    means=Text(
        "报兑现完的旧账里，在兑现期限以内的占多少。",
        "Of the debts reported as made good, the share within the time for it.",
    ),
    of=in_time,
    over=timed,
    by=BY,
    since=SINCE,
    good="up",
)
days_median = Median(
    "debts.days_median",
    zh="上账到兑现用了多少天（一半的账）",
    en="Days from entering to making good (median)",
    means=Text(
        "从上账到报兑现完，一半的账用不了这么多天。按自然日。",
        "Half of the debts were reported as made good within so many calendar days of being entered.",
    ),
    of=timed,
    column="days",
    by=BY,
    since=SINCE,
    good="down",
)
