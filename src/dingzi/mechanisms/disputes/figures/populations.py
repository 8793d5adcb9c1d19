"""Which disputes are counted, and by what they are divided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from dingzi.core.registry import mechanism
from dingzi.core.text import Text
from dingzi.figures.divisions import county, town
from dingzi.figures.populations import Dimension, Population
from dingzi.matters import registry

from ..models import Dispute

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


def _tops() -> Mapping[str, Text]:
    tops = registry.handle("dispute").latest.tops
    return tops.labels if tops else _categories()


#: What everybody sees: rare kinds are joined, in the public log too.
category = Dimension(
    "category", zh="类别", en="Category", labels=_tops, public=True, column="top"
)  # fmt: skip
subject = Dimension(
    "subject", zh="细分类别", en="Detailed category", labels=_categories, column="category"
)  # fmt: skip
door = Dimension("door", zh="来路", en="Door", labels=lambda: DOORS)
BY = (county, town, category, subject, door)

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
