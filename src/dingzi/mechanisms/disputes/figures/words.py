"""What citizens say of the result, and what had to be taken up again."""

from __future__ import annotations

from dingzi.core.text import Text
from dingzi.figures.declare import Count, Mean, Share

from .populations import BY, SINCE, confirmed, disagreed, heard, rated, reopened, silent

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
