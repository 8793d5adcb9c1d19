"""What the city tells of its stuck estates: by estate and by household."""

from dingzi.figures.registry import register

from . import estates, households

register(
    "estates",
    estates.open_count,
    estates.filed_count,
    estates.cleared_count,
    estates.days_median,
    estates.obstacle_count,
    estates.obstacle_cleared_count,
    estates.promised_count,
    estates.broken_share,
)
register(
    "households",
    households.certified_share,
    households.listed_count,
    households.issued_count,
    households.waiting_count,
    households.on_time_share,
    households.days_median,
    households.aside_count,
)
