"""What of the figures is worth a look today: those that changed by more than chance would have
them, what was frozen and is corrected since, guards that speak up. Never anything about a person."""

from __future__ import annotations

from math import sqrt

from dingzi.core.errors import Refusal

from . import asking, corrections, registry
from .answers import Comparison
from .fetching import one_reading
from .guards import monthly
from .guards.monthly import Reading
from .models import Frozen
from .period import Period

#: So many times the scatter of counts (Poisson) or shares (binomial) is more than chance.
SPREADS = 2.0
#: Fewer rows than this in either period scatter too much to be told.
FEWEST = 20


@one_reading
def changed(
    dims: asking.Asked | None = None, *, public: bool = True, most: int = 6
) -> list[Comparison]:
    """Return the listed counts and shares whose last whole month differs most from the same month
    of the year before, against their own scatter; what is for the worse first."""
    period = monthly.last_month()
    found: list[tuple[bool, float, Comparison]] = []
    for group in registry.public():
        for figure in group.figures:
            if figure.kind not in ("count", "share") or not set(dims or {}) <= set(
                figure.dimensions
            ):
                continue
            try:
                one = asking.compare(figure, period, dims=dims, public=public)
            except Refusal:
                continue
            far = _spreads(one)
            if far >= SPREADS:
                found.append((one.good is not False, -far, one))
    return [one for _, _, one in sorted(found, key=lambda three: three[:2])[:most]]


def _spreads(one: Comparison) -> float:
    """Return how many times its scatter the difference is; 0 of too few rows."""
    now, then = one.now, one.then
    if now.number is None or then.number is None or one.difference is None:
        return 0.0
    n, m = (value.behind[-1].n or 0 for value in (now, then))
    if min(n, m) < FEWEST:
        return 0.0
    if now.kind == "count":
        return abs(float(one.difference)) / sqrt(n + m)
    share = (float(now.number) * n + float(then.number) * m) / (n + m)
    scatter = sqrt(share * (1 - share) * (1 / n + 1 / m))
    return abs(float(one.difference)) / scatter if scatter else 0.0


def corrected() -> list[corrections.Correction]:
    """Return what of the period that was frozen last says something else now."""
    last = Frozen.objects.filter(place="").order_by("-at", "-last", "-first").first()
    if last is None:
        return []
    period = Period(last.first, last.last)
    rows = Frozen.objects.filter(place="", first=last.first, last=last.last).order_by("id")
    known = registry.load()
    made = (corrections.of(row, period) for row in rows if row.figure in known)
    return [one for one in made if one.difference != 0]


def looks() -> list[Reading]:
    """Return the readings of guards that say ``look``, in the order of their declaration."""
    return [reading for reading in monthly.all_readings() if reading.says == "look"]
