"""What several acts of a petition keep on its projection."""

from __future__ import annotations

from dingzi.matters import common_acts
from dingzi.matters.acts import Act, State
from dingzi.matters.clocks import kept, left, local_day


def keep_place(state: State) -> None:
    """Keep the keys by which it is listed and counted; of a confidential one nobody counts them."""
    own = state.own
    if state.matter.confidential:
        own.county = own.town = own.category = ""
    else:
        common_acts.keep_place(state)


def told(state: State, act: Act) -> None:
    """Keep the day on which the petitioner was told whether it is accepted, and whether in time."""
    own = state.own
    own.told_on = local_day(act.occurred_at)
    own.told_late = state.matter.clocks.get("acceptance", {}).get("late")


def close(state: State, act: Act, clock: str = "") -> None:
    """Keep the result, the days since acceptance, and whether ``clock`` was kept."""
    own, matter = state.own, state.matter
    own.closed_on = local_day(act.occurred_at)
    own.outcome = matter.outcome
    begun = own.told_on or own.registered_on
    own.days = (own.closed_on - begun).days if begun else None
    run = matter.clocks.get(clock)
    own.on_time = kept(run)
    own.days_left = left(run, own.closed_on)
    own.noted_after = max((local_day(act.recorded_at) - own.closed_on).days, 0)


def resolve(state: State, act: Act) -> None:
    """Resolved in substance: the petitioner says so, or an independent look-back; the last word holds."""
    own = state.own
    said = own.looked_back or own.word
    if said in ("resolved", "confirmed"):
        own.resolved_on = own.resolved_on or local_day(act.occurred_at)
    else:
        own.resolved_on = None


def keep_handler(state: State, act: Act) -> None:
    own = state.own
    if act.post and act.post not in own.handlers:
        own.handlers = [*own.handlers, act.post]
