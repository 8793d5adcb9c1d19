"""Figures by estate: how many there are, how long they take, what is promised and kept."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.declare import Count, Median, Share, Stock

from .populations import (
    BY,
    BY_KIND,
    SINCE,
    broken,
    cleared,
    cleared_obstacles,
    filed,
    gone,
    listed_obstacles,
    promised,
)

_ESTATES = Text("个", "estates")
_ITEMS = Text("项", "items")

open_count = Stock(
    "estates.open",
    zh="没有销号的问题楼盘",
    en="Stuck estates not cleared",
    also=["问题楼盘存量"],
    means=Text(
        "到那一天为止，列入了清单还没有销号的楼盘有多少个。",
        "How many estates were on the list and not cleared by the end of that day.",
    ),
    unit=_ESTATES,
    begun=filed,
    ended=gone,
    by=BY,
    since=SINCE,
    good="down",
)
filed_count = Count(
    "estates.filed",
    zh="列入的问题楼盘",
    en="Stuck estates filed",
    also=["新列入楼盘"],
    means=Text("列入清单的楼盘有多少个。", "How many estates were put on the list."),
    unit=_ESTATES,
    of=filed,
    by=BY,
    since=SINCE,
)
cleared_count = Count(
    "estates.cleared",
    zh="销号的问题楼盘",
    en="Stuck estates cleared",
    also=["楼盘销号数", "化解问题楼盘"],
    means=Text(
        "每一户都办了证或者写明了为什么办不了、承诺的材料也补齐了的楼盘有多少个。",
        "How many estates had every household served or set aside with a reason, and all that was "
        "promised in place.",
    ),
    note=Text(
        "楼盘有大有小，要和发证的户数一起看。",
        "Estates differ in size: look at the households beside it.",
    ),
    unit=_ESTATES,
    of=cleared,
    by=BY,
    since=SINCE,
    good="up",
)
days_median = Median(
    "estates.days_median",
    zh="一个问题楼盘办了多少天（一半的楼盘）",
    en="Days to clear an estate (median)",
    means=Text(
        "从列入到销号，一半的楼盘用不了这么多天。按自然日。",
        "Half of the estates were cleared within so many calendar days of being filed.",
    ),
    of=cleared,
    column="days",
    by=BY,
    since=SINCE,
    good="down",
)
obstacle_count = Count(
    "estates.obstacles",
    zh="列明的楼盘障碍",
    en="Obstacles listed",
    means=Text(
        "列明了类别、落到了责任单位的障碍有多少项。",
        "How many obstacles were listed with their kind and unit.",
    ),
    unit=_ITEMS,
    of=listed_obstacles,
    by=BY_KIND,
    since=SINCE,
)
obstacle_cleared_count = Count(
    "estates.obstacles_cleared",
    zh="清掉的楼盘障碍",
    en="Obstacles cleared",
    means=Text(
        "清掉的障碍有多少项，容缺以后补齐了的也算。",
        "How many obstacles were cleared, those tolerated and then supplied among them.",
    ),
    unit=_ITEMS,
    of=cleared_obstacles,
    by=BY_KIND,
    since=SINCE,
)
promised_count = Count(
    "estates.promised",
    zh="容缺办理的承诺",
    en="Papers tolerated on a promise",
    also=["容缺承诺数"],
    means=Text(
        "有承诺、有日期的容缺材料有多少项。",
        "How many papers were let come later on a dated promise.",
    ),
    unit=_ITEMS,
    of=promised,
    by=BY_KIND,
    since=SINCE,
)
broken_share = Share(
    "estates.broken_share",
    zh="容缺承诺到期没有补齐的占比",
    en="Share of promises broken",
    also=["承诺失信率"],
    means=Text(
        "这段时间作出的容缺承诺里，到了日期没有补齐的占多少。后来补上了也算没有按期。",
        "Of the promises made in the period, the share not kept by the day, even if kept later.",
    ),
    note=Text(
        "没有到期的承诺也在分母里。",
        "Promises whose day has not come are in the denominator.",
    ),
    of=broken,
    over=promised,
    by=BY_KIND,
    since=SINCE,
    good="down",
)
