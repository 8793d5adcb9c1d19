"""What the city tells of its petitions. Accusations count in the city's totals alone."""

from dingzi.figures.guards.registered import watch
from dingzi.figures.registry import register

from . import counts, guards, results

register(
    "petitions",
    results.resolved_share,
    counts.received_count,
    counts.registered_count,
    counts.registered_change,
    counts.unregistered_count,
    counts.first_count,
    counts.first_per_people,
    counts.first_rank,
    counts.again_share,
    counts.accepted_on_time,
    counts.routed_on_time,
    results.closed_count,
    results.on_time_share,
    results.days_median,
    results.reviewed_count,
    results.resolved_count,
    results.confirmed_count,
    results.disagreed_count,
    results.silent_count,
)
watch("petitions", *guards.ALL)
