"""How many are carried by leaders of each level, and what comes of it."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.declare import Count, Median, Share, Stock

from .populations import (
    BY,
    SINCE,
    assigned,
    gone,
    in_time,
    met,
    resolved,
    resolved_of_settled,
    settled,
    timed,
)

carried_count = Count(
    "carried.assigned",
    zh="领导包案",
    en="Cases given to a leader",
    also=["包案数", "领导包案数"],
    means=Text(
        "有多少件事交给领导包了。按领导所在单位的级别分，不按人分。",
        "How many matters were given to a leader to carry; by the level of the leader's unit, "
        "never by person.",
    ),
    of=assigned,
    by=BY,
    since=SINCE,
)
carried_now = Stock(
    "carried.open",
    zh="领导正在包的事",
    en="Cases that leaders carry",
    also=["在包数"],
    means=Text(
        "到那一天为止，交了包案、还没有实质化解也没有不再包的有多少件。",
        "How many were carried at the end of that day, neither resolved in substance nor given up.",
    ),
    begun=assigned,
    ended=gone,
    by=BY,
    since=SINCE,
)
met_share = Share(
    "carried.met_share",
    zh="包案领导见到人的占比",
    en="Share in which the leader met the people",
    also=["接访下访率", "包案见面率"],
    means=Text(
        "交了包案的事里，领导接访或者下访过的占多少。",
        "Of the cases given to a leader, the share in which people were received or visited.",
    ),
    of=met,
    over=assigned,
    by=BY,
    since=SINCE,
    good="up",
)
settled_count = Count(
    "carried.settled",
    zh="领导报告办到位的包案",
    en="Carried cases reported as settled",
    also=["包案办结数"],
    means=Text(
        "领导报告办到位了的有多少件。报告的不等于化解的。",
        "How many the leader reported as settled. Reported is not resolved.",
    ),
    of=settled,
    by=BY,
    since=SINCE,
)
resolved_count = Count(
    "carried.resolved",
    zh="实质化解的包案",
    en="Carried cases resolved in substance",
    also=["包案化解数"],
    means=Text(
        "当事人说解决了，或者没有经手的人回头看认定化解的包案有多少件。包案的领导自己说了不算。",
        "How many the person concerned called resolved, or somebody who had no hand in it found resolved. "
        "Who carries a case has no say.",
    ),
    of=resolved,
    by=BY,
    since=SINCE,
)
resolved_share = Share(
    "carried.resolved_share",
    zh="包案实质化解率",
    en="Share of carried cases resolved in substance",
    also=["包案化解率", "领导包案化解率"],
    means=Text(
        "领导报告办到位的包案里，到现在由当事人或者独立回头看认定化解的占多少。",
        "Of the carried cases reported as settled, the share that the person concerned or an independent "
        "look-back has since called resolved.",
    ),
    of=resolved_of_settled,
    over=settled,
    by=BY,
    since=SINCE,
    good="up",
)
on_time_share = Share(
    "carried.on_time_share",
    zh="包案按期办到位率",
    en="Share of carried cases settled in time",
    means=Text(
        "报告办到位的包案里，在包案期限以内的占多少。",
        "Of the carried cases reported as settled, the share within the time for it.",
    ),
    of=in_time,
    over=timed,
    by=BY,
    since=SINCE,
    good="up",
)
days_median = Median(
    "carried.days_median",
    zh="包案到办到位用了多少天（一半的事）",
    en="Days that a leader carried a case (median)",
    means=Text(
        "从交包案到报告办到位，一半的事用不了这么多天。按自然日。",
        "Half of the cases were reported as settled within so many calendar days.",
    ),
    of=timed,
    column="days",
    by=BY,
    since=SINCE,
    good="down",
)
