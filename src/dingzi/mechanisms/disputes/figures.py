"""What the city tells of its disputes. Each matter counts once, as it stands now: one that was taken
up again is no longer among those closed until it is closed again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from django.db.models import Q

from dingzi.core.registry import mechanism
from dingzi.core.text import Text
from dingzi.figures.declare import (
    Change,
    Count,
    Mean,
    Median,
    Quantile,
    Share,
    Stock,
)
from dingzi.figures.divisions import county, town
from dingzi.figures.populations import Dimension, Population
from dingzi.figures.registry import register

from .models import Dispute

SINCE = date(2025, 1, 1)
#: How mediation may end once a dispute was accepted.
MEDIATED = ("agreed", "settled", "failed", "breached")

DOORS = {
    "web": Text("网上", "Web"),
    "counter": Text("窗口", "Counter"),
    "phone": Text("电话", "Telephone"),
    "unit": Text("单位转来", "From a unit"),
    "desk": Text("工作人员登记", "Registered by staff"),
    "api": Text("接口", "Interface"),
    "import": Text("导入", "Imported"),
    "sample": Text("模拟", "Simulated"),
}


def _categories() -> Mapping[str, Text]:
    found = mechanism("disputes")
    return found.categories if found else {}


category = Dimension("category", zh="类别", en="Category", labels=_categories, public=True)
door = Dimension("door", zh="来路", en="Door", labels=lambda: DOORS)
BY = (county, town, category, door)

registered = Population("disputes.registered", Dispute, "registered_on", "登记", "Registered")
accepted = Population("disputes.accepted", Dispute, "accepted_on", "受理", "Accepted")
refused = Population("disputes.refused", Dispute, "refused_on", "不收", "Not accepted")
gone = Population("disputes.gone", Dispute, "closed_on", "已经了结", "Closed in any way")
closed = gone.only(
    "disputes.closed",
    Q(accepted_on__isnull=False, outcome__in=(*MEDIATED, "withdrawn")),
    zh="全部办结",
    en="All closed",
)
resolved = closed.only(
    "disputes.resolved", Q(outcome__in=("agreed", "settled")), zh="化解成功", en="Resolved"
)
failed = closed.only(
    "disputes.failed",
    Q(outcome__in=("failed", "breached")),
    zh="没有调解成",
    en="Not resolved",
)
withdrawn = closed.only("disputes.withdrawn", Q(outcome="withdrawn"), zh="撤回", en="Withdrawn")
mediated = closed.only(
    "disputes.mediated", Q(outcome__in=MEDIATED), zh="调解出结果", en="Mediated to a result"
)
timed = mediated.only(
    "disputes.timed", Q(on_time__isnull=False), zh="有期限的", en="With a time limit"
)
in_time = timed.only("disputes.in_time", Q(on_time=True), zh="按期办结", en="Closed in time")
heard = Population(
    "disputes.heard", Dispute, "word_on", "问过当事人", "Asked for the citizen's word", ~Q(word="")
)
confirmed = heard.only("disputes.confirmed", Q(word="confirmed"), zh="当事人认可", en="Confirmed")
disagreed = heard.only("disputes.disagreed", Q(word="disagreed"), zh="当事人不认可", en="Disagreed")
silent = heard.only("disputes.silent", Q(word="silent"), zh="当事人没有回话", en="Silent")
rated = heard.only("disputes.rated", Q(rating__isnull=False), zh="打了分", en="Rated")
reopened = Population(
    "disputes.reopened", Dispute, "reopened_on", "重新办理", "Reopened", Q(reopened__gt=0)
)
court_asked = Population(
    "disputes.court_asked", Dispute, "court_on", "申请司法确认", "Asked the court", ~Q(court="")
)
performed = Population("disputes.performed", Dispute, "performed_on", "履行了", "Performed")

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
        "当事人撤回的算在办结里。还在办的、不收的、并入别件的不算。重新办理的，等再次办结再算。",
        "Withdrawn ones count as closed. Those still open, not accepted or merged do not count; "
        "one taken up again counts when it is closed again.",
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
confirmed_share = Share(
    "disputes.confirmed_share",
    zh="当事人认可率",
    en="Share confirmed by the citizen",
    also=["认可率", "群众认可率", "满意率", "confirmed by citizens"],
    means=Text(
        "回访以后问过当事人的，当事人说认可的占多少。没有回话的不算认可，也留在分母里。",
        "Of the citizens asked after the follow-up visit, the share that confirmed the result. "
        "Silence is not a confirmation and stays in the denominator.",
    ),
    of=confirmed,
    over=heard,
    by=BY,
    since=SINCE,
    good="up",
    home=5,
)
confirmed_count = Count(
    "disputes.confirmed",
    zh="当事人认可的矛盾纠纷",
    en="Disputes confirmed by the citizen",
    also=["认可数"],
    means=Text("当事人说认可的有多少件。", "In how many the citizen confirmed the result."),
    of=confirmed,
    by=BY,
    since=SINCE,
)
disagreed_count = Count(
    "disputes.disagreed",
    zh="当事人不认可的矛盾纠纷",
    en="Disputes with which the citizen disagreed",
    also=["不认可数"],
    means=Text("当事人说不认可的有多少件。", "In how many the citizen disagreed with the result."),
    of=disagreed,
    by=BY,
    since=SINCE,
    good="down",
)
silent_count = Count(
    "disputes.silent",
    zh="当事人没有回话的矛盾纠纷",
    en="Disputes in which the citizen stayed silent",
    also=["没有回话数"],
    means=Text(
        "回访以后到了期限，当事人没有说认不认可的，有多少件。",
        "In how many the citizen had said nothing when the time for it was over.",
    ),
    of=silent,
    by=BY,
    since=SINCE,
)
rating_mean = Mean(
    "disputes.rating_mean",
    zh="当事人打的分",
    en="Rating by the citizen",
    also=["平均分", "满意度评分"],
    means=Text(
        "打了分的当事人平均打几分，最低1分，最高5分。",
        "The mean rating of those who gave one, from 1 to 5.",
    ),
    unit=Text("分", "points"),
    of=rated,
    column="rating",
    by=BY,
    since=SINCE,
    good="up",
)
reopened_count = Count(
    "disputes.reopened",
    zh="重新办理的矛盾纠纷",
    en="Disputes reopened",
    also=["重新办理数", "反弹数"],
    means=Text(
        "办结以后又重新办理的有多少件。重新办理过几次的，记在最近一次那天，算一件。",
        "How many were taken up again after closing. One taken up several times counts once, "
        "on the latest day.",
    ),
    of=reopened,
    by=BY,
    since=SINCE,
    good="down",
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

register(
    "disputes",
    resolved_share,
    registered_count,
    accepted_count,
    refused_count,
    closed_count,
    resolved_count,
    failed_count,
    withdrawn_count,
    open_count,
    days_median,
    days_p90,
    on_time_share,
    confirmed_share,
    confirmed_count,
    disagreed_count,
    silent_count,
    rating_mean,
    reopened_count,
    court_count,
    performed_count,
    registered_change,
)
