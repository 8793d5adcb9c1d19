"""Which obligations are counted, and by what they are divided."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from dingzi.city import directory
from dingzi.core.text import Text
from dingzi.figures.divisions import county, town
from dingzi.figures.populations import Dimension, Population

from ..models import Debt
from ..selectors import KINDS

SINCE = date(2025, 1, 1)
category = Dimension("category", zh="种类", en="Kind", labels=lambda: KINDS, public=True)
BY = (category, county, town)


def _owing() -> dict[str, Text]:
    """The units that owe or owed something: of several hundred most never do."""
    codes = set(Debt.objects.exclude(unit="").values_list("unit", flat=True).distinct())
    found = sorted((u for u in directory.units() if u.code in codes), key=lambda u: u.code)
    return {u.code: Text(u.name, u.name_en or u.name) for u in found}


#: By unit only on the staff's own pages: in a small unit a sum tells whose it is.
unit = Dimension("unit", zh="责任单位", en="Unit that owes", labels=_owing)

entered = Population("debts.entered", Debt, "entered_on", "上账", "Entered")
left = Population("debts.left", Debt, "closed_on", "离账", "Off the list")
void = left.only("debts.void", Q(outcome="void"), zh="不欠或者销账", en="Not owed or written off")
settled = Population("debts.settled", Debt, "settled_on", "了结", "Settled")
old = settled.only(
    "debts.old_settled", Q(age_years__gte=3), zh="欠了三年以上的", en="Three years or older"
)
confirmed = settled.only(
    "debts.confirmed", Q(outcome="confirmed"), zh="对方说兑现了", en="The other side says so"
)
performed = Population("debts.performed", Debt, "performed_on", "报兑现完", "Reported as made good")
timed = performed.only(
    "debts.timed", Q(on_time__isnull=False), zh="有期限的", en="With a time limit"
)
in_time = timed.only("debts.in_time", Q(on_time=True), zh="按期兑现", en="Made good in time")
silent = performed.only("debts.silent", Q(word="silent"), zh="对方没有说话", en="Other side silent")
owed = entered.only(
    "debts.owed_amount", Q(amount__isnull=False), zh="有金额的", en="With an amount"
)
owed_left = left.only(
    "debts.left_amount",
    Q(amount__isnull=False),
    zh="有金额、离了账的",
    en="With an amount, off the list",
)
owed_settled = settled.only(
    "debts.settled_amount",
    Q(amount__isnull=False),
    zh="有金额、了结的",
    en="With an amount, settled",
)
