"""Which problems are counted, and by what they are divided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from dingzi.core.registry import mechanism
from dingzi.core.text import Text
from dingzi.figures.divisions import county, town
from dingzi.figures.populations import Dimension, Population

from ..models import Problem
from ..selectors import LISTS

SINCE = date(2025, 1, 1)
SOURCES = {
    "inspection": Text("督查", "Inspection"),
    "people": Text("群众反映", "People told of it"),
    "own": Text("单位自查", "The unit itself"),
    "figure": Text("数字旁边的提醒", "A guard beside a figure"),
}


def _categories() -> Mapping[str, Text]:
    found = mechanism("rectification")
    return found.categories if found else {}


on_list = Dimension(
    "list", column="on_list", zh="清单", en="List", labels=lambda: LISTS, public=True
)
source = Dimension("how", zh="怎么发现的", en="How it was found", labels=lambda: SOURCES)
category = Dimension("category", zh="领域", en="Field", labels=_categories)
BY = (on_list, county, town, category, source)

found = Population("rectification.found", Problem, "found_on", "登记的问题", "Listed")
left = Population("rectification.left", Problem, "closed_on", "离开清单", "Left the list")
delisted = Population("rectification.delisted", Problem, "delisted_on", "销号", "Delisted")
removed = left.only("rectification.removed", Q(outcome="removed"), zh="撤下", en="Taken off")
rectified = Population(
    "rectification.rectified", Problem, "rectified_on", "报验收", "Acceptance asked"
)
timed = rectified.only(
    "rectification.timed", Q(on_time__isnull=False), zh="有期限的", en="With a time limit"
)
in_time = timed.only(
    "rectification.in_time", Q(on_time=True), zh="按期改好", en="Rectified in time"
)
returned = rectified.only(
    "rectification.returned", Q(returned__gt=0), zh="退回过的", en="Returned before"
)
seen = Population("rectification.seen", Problem, "looked_back_on", "回头看过", "Looked back on")
held = seen.only("rectification.held", Q(held=True), zh="没有反弹", en="Holding")
relapsed = seen.only("rectification.relapsed", Q(relapses__gt=0), zh="反弹过", en="Came back")
