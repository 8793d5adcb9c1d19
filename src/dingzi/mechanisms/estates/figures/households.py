"""Figures by household: listed, with a certificate, in time, set aside."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.declare import Count, Median, Share, Stock

from .populations import BY, SINCE, aside, certified, in_time, issued, listed, timed

_HOUSEHOLDS = Text("户", "households")

certified_share = Share(
    "households.certified_share",
    zh="问题楼盘户办证率",
    en="Share of households with a certificate",
    also=["办证率", "户办证率"],
    means=Text(
        "这段时间列入名单的住户里，现在拿到了证的占多少。暂时办不了的也在分母里。",
        "Of the households listed in the period, the share that now has its certificate. Those set "
        "aside count as without one.",
    ),
    of=certified,
    over=listed,
    by=BY,
    since=SINCE,
    good="up",
)
listed_count = Count(
    "households.listed",
    zh="列入名单的住户",
    en="Households listed",
    means=Text(
        "问题楼盘里列入办证名单的有多少户。",
        "How many households of stuck estates are on the list.",
    ),
    unit=_HOUSEHOLDS,
    of=listed,
    by=BY,
    since=SINCE,
)
issued_count = Count(
    "households.issued",
    zh="拿到证的住户",
    en="Households with a certificate issued",
    also=["发证户数", "办证户数"],
    means=Text(
        "问题楼盘里发了不动产权证的有多少户，按发证的日子算。",
        "To how many households of stuck estates a certificate was issued, by the day of issue.",
    ),
    unit=_HOUSEHOLDS,
    of=issued,
    by=BY,
    since=SINCE,
    good="up",
)
waiting_count = Stock(
    "households.waiting",
    zh="还没有拿到证的住户",
    en="Households without a certificate",
    means=Text(
        "到那一天为止，在名单上还没有发证的有多少户。",
        "How many households on the list had no certificate by the end of that day.",
    ),
    unit=_HOUSEHOLDS,
    begun=listed,
    ended=issued,
    by=BY,
    since=SINCE,
    good="down",
)
on_time_share = Share(
    "households.on_time_share",
    zh="户办证按期率",
    en="Share of certificates issued in time",
    means=Text(
        "在这里受理、发了证的住户里，在登记期限以内发证的占多少。导入的不算。",
        "Of the certificates accepted and issued here, the share issued within the time for "
        "registration; imported ones do not count.",
    ),
    of=in_time,
    over=timed,
    by=BY,
    since=SINCE,
    good="up",
)
days_median = Median(
    "households.days_median",
    zh="受理到发证多少天（一半的户）",
    en="Days from application to certificate (median)",
    means=Text(
        "从受理申请到发证，一半的户用不了这么多天。按自然日。",
        "Half of the households had their certificate within so many calendar days.",
    ),
    of=timed,
    column="days",
    by=BY,
    since=SINCE,
    good="down",
)
aside_count = Count(
    "households.aside",
    zh="暂时办不了证的住户",
    en="Households set aside",
    means=Text(
        "写明了为什么、暂时办不了的有多少户。销号靠的是发证还是靠暂不办，看这个数。",
        "How many were set aside with a reason: what to look at where an estate is cleared.",
    ),
    unit=_HOUSEHOLDS,
    of=aside,
    by=BY,
    since=SINCE,
    good="down",
)
