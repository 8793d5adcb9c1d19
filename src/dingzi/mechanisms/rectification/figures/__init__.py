"""What the city tells of its rectification lists."""

from dingzi.figures.guards.registered import watch
from dingzi.figures.registry import register

from . import counts, guards

register(
    "rectification",
    counts.found_count,
    counts.open_now,
    counts.delisted_count,
    counts.removed_count,
    counts.on_time_share,
    counts.returned_share,
    counts.held_share,
    counts.days_median,
)
watch("rectification", *guards.ALL)
