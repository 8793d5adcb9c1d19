"""What the city tells of its disputes. Each matter counts once, as it stands now: one that was taken
up again is no longer among those closed until it is closed again."""

from dingzi.figures.guards.registered import watch
from dingzi.figures.registry import register

from . import guards, intake, results, words

register(
    "disputes",
    results.resolved_share,
    intake.registered_count,
    intake.accepted_count,
    intake.refused_count,
    results.closed_count,
    results.resolved_count,
    results.failed_count,
    results.withdrawn_count,
    intake.open_count,
    results.days_median,
    results.days_p90,
    results.on_time_share,
    words.confirmed_share,
    words.confirmed_count,
    words.disagreed_count,
    words.silent_count,
    words.rating_mean,
    words.reopened_count,
    results.court_count,
    results.performed_count,
    intake.registered_change,
)
watch("disputes", *guards.ALL)
