"""Which estates, obstacles and households are counted, and by what they are divided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from dingzi.core.registry import mechanism
from dingzi.core.text import Text
from dingzi.figures.divisions import county, town
from dingzi.figures.populations import Dimension, Population

from ..models import Estate, Household, Obstacle
from ..process import estate

SINCE = date(2025, 1, 1)


def _categories() -> Mapping[str, Text]:
    found = mechanism("estates")
    return found.categories if found else {}


def _kinds() -> Mapping[str, Text]:
    fields = estate.latest.actions["list_obstacle"].fields
    return next(f for f in fields if f.name == "obstacle").choices


category = Dimension(
    "category", zh="楼盘类型", en="Kind of estate", labels=_categories, public=True
)
kind = Dimension("kind", zh="障碍类别", en="Kind of obstacle", labels=_kinds)
BY = (county, town, category)
BY_KIND = (county, town, kind)

filed = Population("estates.filed", Estate, "filed_on", "列入", "Filed", ~Q(outcome="not_stuck"))
gone = Population("estates.gone", Estate, "closed_on", "了结", "Ended", ~Q(outcome="not_stuck"))
cleared = Population("estates.cleared", Estate, "cleared_on", "销号", "Cleared")
listed_obstacles = Population("estates.obstacles", Obstacle, "listed_on", "列明", "Listed")
cleared_obstacles = Population(
    "estates.obstacles_cleared", Obstacle, "cleared_on", "清除", "Cleared"
)
promised = Population("estates.promised", Obstacle, "promised_on", "承诺", "Promised")
broken = promised.only(
    "estates.broken", Q(broken_on__isnull=False), zh="到期没有补齐", en="Not there by the day"
)

listed = Population("households.listed", Household, "listed_on", "列入名单", "Listed")
certified = listed.only(
    "households.certified", Q(issued_on__isnull=False), zh="拿到证", en="With a certificate"
)
issued = Population("households.issued", Household, "issued_on", "发证", "Issued")
timed = issued.only(
    "households.timed", Q(on_time__isnull=False), zh="有期限的", en="With a time limit"
)
in_time = timed.only("households.in_time", Q(on_time=True), zh="按期发证", en="Issued in time")
aside = Population("households.aside", Household, "aside_on", "暂不办", "Set aside")
