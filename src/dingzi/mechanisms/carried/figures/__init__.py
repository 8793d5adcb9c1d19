"""What the city tells of its leader-carried cases: by level of leader, never by person."""

from dingzi.figures.guards.registered import watch
from dingzi.figures.registry import register

from . import counts, guards

register(
    "carried",
    counts.carried_count,
    counts.carried_now,
    counts.met_share,
    counts.settled_count,
    counts.resolved_count,
    counts.resolved_share,
    counts.on_time_share,
    counts.days_median,
)
watch("carried", *guards.ALL)
