"""Which petitions are counted, and by what they are divided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from dingzi.core.registry import mechanism
from dingzi.core.text import Text
from dingzi.figures.divisions import county, town
from dingzi.figures.populations import Dimension, Population

from ..models import Petition

SINCE = date(2025, 1, 1)

CHANNELS = {
    "letter": Text("来信", "Letter"),
    "visit": Text("走访", "Visit"),
    "web": Text("网上", "Web"),
    "phone": Text("电话", "Telephone"),
    "handed": Text("上级交办", "Handed down"),
}
KINDS = {
    "claim": Text("申诉求决", "Claims"),
    "suggestion": Text("意见建议", "Suggestions"),
    "accusation": Text("检举控告", "Accusations"),
}


def _categories() -> Mapping[str, Text]:
    found = mechanism("petitions")
    return found.categories if found else {}


#: Not public: divided by field, few petitions of a county and month would be alike.
category = Dimension("category", zh="领域", en="Field", labels=_categories)
channel = Dimension("channel", zh="渠道", en="Channel", labels=lambda: CHANNELS)
kind = Dimension("kind", zh="哪一类", en="Kind", labels=lambda: KINDS)
BY = (county, town, category, channel, kind)

received = Population("petitions.received", Petition, "received_on", "收到", "Received")
registered = Population("petitions.registered", Petition, "registered_on", "登记", "Registered")
first = registered.only("petitions.first", Q(again=False), zh="初信初访", en="First petitions")
again = registered.only("petitions.again", Q(again=True), zh="重复信访", en="Brought before")
routed = Population(
    "petitions.routed", Petition, "routed_on", "转送", "Routed", Q(routed_late__isnull=False)
)
routed_in_time = routed.only(
    "petitions.routed_in_time", Q(routed_late=False), zh="按期转送", en="Routed in time"
)
told = Population(
    "petitions.told", Petition, "told_on", "告知受理", "Told", Q(told_late__isnull=False)
)
told_in_time = told.only(
    "petitions.told_in_time", Q(told_late=False), zh="按期告知", en="Told in time"
)
gone = Population("petitions.gone", Petition, "closed_on", "已经了结", "Closed in any way")
closed = gone.only(
    "petitions.closed", ~Q(outcome__in=("declined", "withdrawn")), zh="办结", en="Closed"
)
timed = closed.only(
    "petitions.timed", Q(on_time__isnull=False), zh="有期限的", en="With a time limit"
)
in_time = timed.only("petitions.in_time", Q(on_time=True), zh="按期办结", en="Closed in time")
resolved = closed.only(
    "petitions.resolved", Q(resolved_on__isnull=False), zh="实质解决", en="Resolved in substance"
)
reviewed = closed.only("petitions.reviewed", Q(reviews__gt=0), zh="复查复核", en="Reviewed")
heard = Population(
    "petitions.heard", Petition, "word_on", "问过信访人", "Asked for the word", ~Q(word="")
)
confirmed = heard.only("petitions.confirmed", Q(word="confirmed"), zh="说解决了", en="Resolved")
disagreed = heard.only("petitions.disagreed", Q(word="disagreed"), zh="说没解决", en="Not resolved")
silent = heard.only("petitions.silent", Q(word="silent"), zh="没有回话", en="Silent")
