"""What stands beside the figures of disputes so that polishing them is seen."""

from __future__ import annotations

from django.db.models import Q

from dingzi.core.text import Text
from dingzi.figures.guards import wellknown
from dingzi.figures.guards.declare import Rate
from dingzi.figures.populations import Population

from ..models import Dispute
from . import results, words
from .populations import closed, mediated, reopened, timed

archived = Population(
    "disputes.archived_here",
    Dispute,
    "archived_on",
    "归档",
    "Archived",
    Q(accepted_on__isnull=False, imported=False),
)
wordless = archived.only(
    "disputes.archived_wordless",
    Q(word__in=("", "silent")),
    zh="没有当事人的话就归档的",
    en="Archived without the citizen's word",
)

taken_up = Rate(
    "disputes.guard_reopened",
    zh="又重新办理的",
    en="Taken up again",
    means=Text(
        "这个月重新办理的，和这个月办结的放在一起，占多少。没有办好就算办结，这个数会变大。",
        "Disputes taken up again this month, as a share of these and those closed this month. "
        "It grows where they are closed before they are settled.",
    ),
    harmless=Text(
        "放宽了重新办理的条件，或者一件事牵出好几件，也会这样。",
        "Easier reopening, or one quarrel that stirs several, has the same effect.",
    ),
    beside=(results.resolved_share, results.closed_count, results.resolved_count),
    some=reopened,
    over=(reopened, closed),
)
without_word = Rate(
    "disputes.guard_without_word",
    zh="没有当事人的话就结了的",
    en="Ended without the citizen's word",
    means=Text(
        "归档的矛盾纠纷里，当事人没有说认不认可的占多少。",
        "Of the disputes archived, the share in which the citizen did not say whether to confirm.",
    ),
    harmless=Text(
        "当事人外出、换了电话，也会这样。",
        "People who moved or changed their number have the same effect.",
    ),
    beside=(results.resolved_share, words.confirmed_share),
    some=wordless,
    over=(archived,),
)
THINGS = Text("矛盾纠纷", "disputes")
ALL = (
    taken_up,
    without_word,
    *wellknown.on_deadlines(
        "disputes", THINGS, timed, (results.on_time_share, results.days_median)
    ),
    *wellknown.on_durations("disputes", THINGS, mediated, (results.days_median,)),
    *wellknown.on_closing(
        "disputes", THINGS, closed, (results.resolved_share, results.closed_count)
    ),
)
