"""Which carried cases are counted, and by what they are divided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from dingzi.core.registry import mechanisms
from dingzi.core.text import Text
from dingzi.figures.divisions import county, town
from dingzi.figures.populations import Dimension, Population

from ..models import Carry

SINCE = date(2025, 1, 1)
LEVELS = {
    "city": Text("市级领导", "City leaders"),
    "county": Text("县级领导", "County leaders"),
    "town": Text("乡镇领导", "Township leaders"),
}


def _kinds() -> Mapping[str, Text]:
    return {one.process: one.title for one in mechanisms()}


level = Dimension(
    "level", zh="领导的级别", en="Level of the leader", labels=lambda: LEVELS, public=True
)
of = Dimension("of", zh="包的是哪类事", en="What is carried", labels=_kinds)
BY = (level, county, town, of)

assigned = Population("carried.assigned", Carry, "assigned_on", "交了包案", "Assigned")
met = assigned.only("carried.met", Q(met_on__isnull=False), zh="见了人", en="Met the people")
settled = Population("carried.settled", Carry, "settled_on", "报告办到位", "Reported as settled")
timed = settled.only(
    "carried.timed", Q(on_time__isnull=False), zh="有期限的", en="With a time limit"
)
in_time = timed.only("carried.in_time", Q(on_time=True), zh="按期办到位", en="Settled in time")
resolved = Population("carried.resolved", Carry, "resolved_on", "实质化解", "Resolved in substance")
gone = Population("carried.gone", Carry, "closed_on", "包案结束", "No longer carried")
resolved_of_settled = settled.only(
    "carried.settled_resolved",
    Q(resolved_on__isnull=False),
    zh="其中化解的",
    en="Of these resolved",
)
silent = settled.only(
    "carried.silent", Q(word="silent"), zh="当事人没有说话", en="Person concerned silent"
)
