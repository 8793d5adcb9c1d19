"""What the city tells of its old debts."""

from dingzi.figures.guards.registered import watch
from dingzi.figures.registry import register

from . import counts, guards, money

register(
    "debts",
    counts.entered_count,
    counts.open_now,
    counts.settled_count,
    counts.confirmed_share,
    counts.old_share,
    counts.void_count,
    counts.on_time_share,
    counts.days_median,
    money.entered_amount,
    money.open_amount,
    money.settled_amount,
)
watch("debts", *guards.ALL)
