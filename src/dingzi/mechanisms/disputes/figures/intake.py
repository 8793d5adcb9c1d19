"""What comes in, and what is still open."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.declare import Change, Count, Stock

from .populations import BY, SINCE, accepted, gone, refused, registered

registered_count = Count(
    "disputes.registered",
    zh="登记的矛盾纠纷",
    en="Disputes registered",
    also=["纠纷登记数", "矛盾纠纷登记量", "disputes filed"],
    means=Text(
        "登记了多少件矛盾纠纷，不论从哪扇门进来。后来并入别件的、没有收的也算。",
        "How many disputes were registered at any door, also those later merged or not accepted.",
    ),
    of=registered,
    by=BY,
    since=SINCE,
    home=2,
)
accepted_count = Count(
    "disputes.accepted",
    zh="受理的矛盾纠纷",
    en="Disputes accepted",
    also=["纠纷受理数", "受理量", "disputes taken"],
    means=Text(
        "受理了多少件。重新办理的仍记在第一次受理的那天。",
        "How many were accepted. One taken up again stays on the day of its first acceptance.",
    ),
    of=accepted,
    by=BY,
    since=SINCE,
)
refused_count = Count(
    "disputes.refused",
    zh="没有收的矛盾纠纷",
    en="Disputes not accepted",
    also=["不予受理数"],
    means=Text(
        "登记以后没有收的有多少件，都写明了为什么、该找谁。",
        "How many were not accepted after registration; each was told why and where to go.",
    ),
    of=refused,
    by=BY,
    since=SINCE,
)
open_count = Stock(
    "disputes.open",
    zh="还在办的矛盾纠纷",
    en="Disputes still open",
    also=["在办数", "未办结数", "存量"],
    means=Text(
        "到那一天为止，登记了还没有了结的有多少件。",
        "How many were registered and not closed by the end of that day.",
    ),
    begun=registered,
    ended=gone,
    by=BY,
    since=SINCE,
    home=6,
)
registered_change = Change(
    "disputes.registered_change",
    zh="登记的矛盾纠纷比去年同期",
    en="Disputes registered, change on the year before",
    also=["登记量同比", "纠纷同比"],
    means=Text(
        "登记的矛盾纠纷比去年同一段时间多或者少百分之几。",
        "By how many percent the disputes registered differ from the same part of the year before.",
    ),
    of=registered_count,
    by=BY,
    since=SINCE,
)
