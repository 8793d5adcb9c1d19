"""What several acts keep on the projection."""

from __future__ import annotations

from dingzi.matters.acts import Act, State
from dingzi.matters.clocks import left, local_day

#: Categories on which a court confirms nothing (最高人民法院 2011 judicial interpretation, 4).
STATUS_CATEGORIES = frozenset({"family"})


def keep_place(state: State) -> None:
    """Keep on the projection the keys by which it is listed and counted."""
    own, matter = state.own, state.matter
    own.county, own.town = matter.county, matter.town
    own.category, own.subcategory = matter.category, matter.subcategory
    own.top = state.process.top(matter.category)
    own.status_matter = matter.category in STATUS_CATEGORIES


def close(state: State, act: Act) -> None:
    """Keep the result, the days since acceptance, and whether the mediation was in time."""
    own, matter = state.own, state.matter
    own.closed_on = local_day(act.occurred_at)
    own.outcome = matter.outcome
    begun = own.reopened_on or own.accepted_on
    own.days = (own.closed_on - begun).days if begun else None
    clock = matter.clocks.get("mediation")
    own.on_time = None if clock is None or "late" not in clock else not clock["late"]
    own.days_left = left(clock, own.closed_on)
    own.noted_after = max((local_day(act.recorded_at) - own.closed_on).days, 0)
