"""How disputes end, and how long that takes."""

from __future__ import annotations

from fractions import Fraction

from dingzi.core.text import Text
from dingzi.figures.declare import Count, Median, Quantile, Share

from .populations import (
    BY,
    SINCE,
    closed,
    court_asked,
    failed,
    in_time,
    mediated,
    performed,
    resolved,
    timed,
    withdrawn,
)

closed_count = Count(
    "disputes.closed",
    zh="办结的矛盾纠纷",
    en="Disputes closed",
    also=["办结数", "办结量"],
    means=Text(
        "受理以后办结了多少件：达成协议、当场说和、没有调解成、协议没有履行，还有当事人撤回的。不收的和并入别件的不算。",
        "How many were closed after acceptance: agreed, settled on the spot, not resolved, "
        "not performed, or withdrawn. Not counted are those not accepted or merged.",
    ),
    of=closed,
    by=BY,
    since=SINCE,
)
resolved_count = Count(
    "disputes.resolved",
    zh="化解成功的矛盾纠纷",
    en="Disputes resolved",
    also=["化解数", "化解成功数"],
    means=Text(
        "双方达成协议或者当场说和的有多少件。后来一方没有履行协议的不算。",
        "How many ended in an agreement or were settled on the spot; "
        "not those whose agreement was broken.",
    ),
    of=resolved,
    by=BY,
    since=SINCE,
    good="",
)
resolved_share = Share(
    "disputes.resolved_share",
    zh="矛盾纠纷化解成功率",
    en="Share of disputes resolved",
    also=["化解率", "化解成功率", "调解成功率", "resolution rate"],
    means=Text(
        "办结的矛盾纠纷里，双方达成协议或者当场说和的，占多少。",
        "Of the disputes closed, the share that ended in an agreement or was settled on the spot.",
    ),
    note=Text(
        "当事人撤回的算在办结里。还在办的、不收的、并入别件的不算。"
        "重新办理的，等再次办结再算。从别的系统接过来的旧件，照登记的结果算。",
        "Withdrawn ones count as closed. Those still open, not accepted or merged do not count; "
        "one taken up again counts when it is closed again. Old cases taken over from another "
        "system count by the result recorded of them.",
    ),
    of=resolved,
    over=closed,
    by=BY,
    since=SINCE,
    good="up",
    home=1,
)
failed_count = Count(
    "disputes.failed",
    zh="没有调解成的矛盾纠纷",
    en="Disputes not resolved",
    also=["调解不成数"],
    means=Text(
        "没有调解成的，和达成了协议但一方没有履行的，有多少件。都告知了还能怎么办。",
        "How many mediations failed, or ended in an agreement that was not performed; "
        "each was told what else can be done.",
    ),
    of=failed,
    by=BY,
    since=SINCE,
)
withdrawn_count = Count(
    "disputes.withdrawn",
    zh="撤回的矛盾纠纷",
    en="Disputes withdrawn",
    also=["撤回数"],
    means=Text("受理以后当事人撤回的有多少件。", "How many were withdrawn after acceptance."),
    of=withdrawn,
    by=BY,
    since=SINCE,
)
days_median = Median(
    "disputes.days_median",
    zh="调解用了多少天（一半的事）",
    en="Days to a result (median)",
    also=["办理天数中位数", "平均办理时长", "median days"],
    means=Text(
        "从受理到调解出结果，一半的事用不了这么多天。撤回的不算；按自然日。",
        "Half of the disputes came to a result within so many calendar days of acceptance. "
        "Withdrawn ones are left out.",
    ),
    of=mediated,
    column="days",
    by=BY,
    since=SINCE,
    good="down",
    home=3,
)
days_p90 = Quantile(
    "disputes.days_p90",
    q=Fraction(9, 10),
    zh="调解用了多少天（十件里的九件）",
    en="Days to a result (nine of ten)",
    also=["办理天数九成分位", "90th percentile of days"],
    means=Text(
        "从受理到调解出结果，十件里有九件在这么多天以内。撤回的不算；按自然日。",
        "Nine of ten disputes came to a result within so many calendar days of acceptance. "
        "Withdrawn ones are left out.",
    ),
    of=mediated,
    column="days",
    by=BY,
    since=SINCE,
    good="down",
)
on_time_share = Share(
    "disputes.on_time_share",
    zh="矛盾纠纷按期办结率",
    en="Share of disputes closed in time",
    also=["按期办结率", "按时办结率", "on-time rate"],
    means=Text(
        "调解出结果的矛盾纠纷里，在调解期限以内的，占多少。",
        "Of the disputes mediated to a result, the share within the time limit of mediation.",
    ),
    note=Text(
        "等当事人补材料的日子，期限停着，不算。",
        "While papers are awaited the clock stands still.",
    ),
    of=in_time,
    over=timed,
    by=BY,
    since=SINCE,
    good="up",
    home=4,
)
court_count = Count(
    "disputes.court_asked",
    zh="申请司法确认的调解协议",
    en="Agreements brought to the court",
    also=["司法确认申请数"],
    means=Text(
        "双方一起向法院申请确认的调解协议有多少件。",
        "How many agreements both sides asked the court to confirm.",
    ),
    of=court_asked,
    by=BY,
    since=SINCE,
)
performed_count = Count(
    "disputes.performed",
    zh="履行了的调解协议",
    en="Agreements performed",
    also=["履行数"],
    means=Text("协议履行完了的有多少件。", "How many agreements were performed."),
    of=performed,
    by=BY,
    since=SINCE,
)
