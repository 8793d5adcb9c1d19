"""How petitions end, and whether that resolves anything."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.declare import Count, Median, Share

from .populations import (
    BY,
    SINCE,
    closed,
    confirmed,
    disagreed,
    in_time,
    resolved,
    reviewed,
    silent,
    timed,
)

closed_count = Count(
    "petitions.closed",
    zh="办结的信访事项",
    en="Petitions closed",
    also=["信访办结数"],
    means=Text(
        "答复了、出了意见书或者告知了法定途径的有多少件。没有受理的和撤回的不算。",
        "How many were answered, decided by letter or directed to a statutory path; not those "
        "declined or withdrawn.",
    ),
    of=closed,
    by=BY,
    since=SINCE,
)
resolved_share = Share(
    "petitions.resolved_share",
    zh="信访事项实质解决率",
    en="Share resolved in substance",
    also=["实质化解率", "信访化解率", "实质解决率"],
    means=Text(
        "办结的信访事项里，信访人自己说解决了，或者没有经手的单位回头看认定解决了的，占多少。办这件事的单位自己说了不算。",
        "Of the petitions closed, the share of which the petitioner says, or an independent "
        "look-back finds, that it is resolved. Who handled it has no say.",
    ),
    of=resolved,
    over=closed,
    by=BY,
    since=SINCE,
    good="up",
)
resolved_count = Count(
    "petitions.resolved",
    zh="实质解决的信访事项",
    en="Petitions resolved in substance",
    also=["实质化解数", "实质解决数"],
    means=Text(
        "信访人说解决了，或者独立回头看认定解决了的有多少件。",
        "How many the petitioner or an independent look-back found resolved.",
    ),
    of=resolved,
    by=BY,
    since=SINCE,
)
on_time_share = Share(
    "petitions.on_time_share",
    zh="信访事项按期办结率",
    en="Share of petitions closed in time",
    also=["信访按期办结率", "按期答复率"],
    means=Text(
        "有办理期限的信访事项里，在期限（含经批准延长的）以内办结的占多少。",
        "Of the petitions with a time limit, the share closed within it, prolonged ones included.",
    ),
    of=in_time,
    over=timed,
    by=BY,
    since=SINCE,
    good="up",
)
days_median = Median(
    "petitions.days_median",
    zh="信访事项办了多少天（一半的事）",
    en="Days to a result of a petition (median)",
    also=["信访办理天数中位数"],
    means=Text(
        "从告知受理到办结，一半的事用不了这么多天。按自然日。",
        "Half of the petitions were closed within so many calendar days of acceptance.",
    ),
    of=timed,
    column="days",
    by=BY,
    since=SINCE,
    good="down",
)
reviewed_count = Count(
    "petitions.reviewed",
    zh="申请复查复核的信访事项",
    en="Petitions with a review",
    also=["复查复核数"],
    means=Text(
        "办结的信访事项里，申请过复查或复核的有多少件。",
        "In how many of the petitions closed a review or second review was asked for.",
    ),
    of=reviewed,
    by=BY,
    since=SINCE,
)
confirmed_count = Count(
    "petitions.confirmed",
    zh="信访人说解决了的",
    en="Petitions that the petitioner calls resolved",
    means=Text("信访人自己说解决了的有多少件。", "How many the petitioner calls resolved."),
    of=confirmed,
    by=BY,
    since=SINCE,
)
disagreed_count = Count(
    "petitions.disagreed",
    zh="信访人说没有解决的",
    en="Petitions that the petitioner calls unresolved",
    means=Text("信访人自己说没有解决的有多少件。", "How many the petitioner calls unresolved."),
    of=disagreed,
    by=BY,
    since=SINCE,
    good="down",
)
silent_count = Count(
    "petitions.silent",
    zh="信访人没有回话的",
    en="Petitions on which the petitioner said nothing",
    means=Text(
        "到了期限，信访人没有说解决没解决的有多少件。",
        "On how many the petitioner had said nothing when the time for it was over.",
    ),
    of=silent,
    by=BY,
    since=SINCE,
)
