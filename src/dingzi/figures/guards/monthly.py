"""Reading the guards: each for the last whole month, against the months before it.

The steward reads them whenever a month ended or numbers changed, and keeps what they say; pages
never compute. What is kept is the same for everyone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from dingzi import law
from dingzi.city.parameters import overrides

from ..answers import rounded
from ..declare import Figure
from ..fetching import Query, fetch
from ..models import GuardReading
from ..period import Period, today
from ..refreshing import edition
from ..tally import Tally
from . import registered, threshold, usual
from .declare import Bunched, Guard

#: Months before the one that is read; a change needs those of the year before each as well.
BEFORE = 24
#: Guards' false alarms are told in so many of so many months.
OF = 1_000
Months = dict[date, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a guard says of a month.

    Attributes
    ----------
    says : ``usual`` | ``look`` (worth looking at) | ``few`` (too little to say).
    value : of ``share`` the share, of ``change`` the relative change; None where there is none.
    low, high : the usual range of the value; None where there is too little to say.
    n, of : the counts, of ``change`` those of the month and of the year before.
    alarms : in how many of `OF` honest months it would say ``look`` all the same, at most.
    """

    guard: Guard
    period: Period
    says: str
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    n: int
    of: int
    alarms: int

    @staticmethod
    def percent(number: Fraction | None) -> Decimal | None:
        return None if number is None else rounded(number * 100, 1)


def alarms() -> int:
    """Return in how many of `OF` honest months a guard may say ``look``."""
    return int(law.parameter("figures.guard_false_alarms", today(), overrides()).value)


def last_month() -> Period:
    """Return the last month that is over."""
    last = today().replace(day=1) - timedelta(days=1)
    return Period.month(last.year, last.month)


def read(guard: Guard, period: Period | None = None) -> Reading:
    """Return what a guard says of a month, by default the last whole one."""
    period = period or last_month()
    allowed = alarms()
    if isinstance(guard, Bunched):
        return _bunched(guard, period, allowed)
    counts = months(guard, period)
    if guard.kind == "change":
        return _change(guard, period, counts, allowed)
    return _share(guard, period, counts, allowed)


def months(guard: Guard, period: Period) -> Months:
    """Return the guard's counts by the first of the month, up to the period's."""
    first = _back(period.first, BEFORE + 12 if guard.kind == "change" else BEFORE)
    found = fetch(Query(guard.parts, first, period.last, time="month"))
    firsts = {key[-1] for tallies in found.tallies.values() for key in tallies}
    return {
        at: guard.month({part: found.tallies[part].get((at,), Tally()) for part in guard.parts})
        for at in sorted(firsts)
        if isinstance(at, date)
    }


def _share(guard: Guard, period: Period, counts: Months, allowed: int) -> Reading:
    n, of = counts.get(period.first, (0, 0))
    before = [count for at, count in counts.items() if at < period.first]
    found = usual.share(before, of, allowed / OF)
    value = Fraction(n, of) if of else None
    if found is None:
        return Reading(guard, period, "few", value, None, None, n, of, allowed)
    says = "look" if n > found.high else "usual"
    low, high = Fraction(int(found.low), of), Fraction(int(found.high), of)
    return Reading(guard, period, says, value, low, high, n, of, allowed)


def _bunched(guard: Bunched, period: Period, allowed: int) -> Reading:
    """Compare a year's amounts just under the threshold with all the others around it."""
    (part,) = guard.parts
    found = fetch(Query(guard.parts, _back(period.first, 11), period.last))
    limit = law.parameter(guard.threshold, period.last, overrides()).value
    spread = found.tallies[part].get((), Tally()).spread
    told = threshold.under(spread, int(limit), allowed / OF)
    if told is None:
        return Reading(guard, period, "few", None, None, None, 0, 0, allowed)
    says = "look" if told.seen > told.high else "usual"
    low, high = (Fraction(round(bound), told.of) for bound in (told.low, told.high))
    value = Fraction(told.seen, told.of)
    return Reading(guard, period, says, value, low, high, told.seen, told.of, allowed)


def _change(guard: Guard, period: Period, counts: Months, allowed: int) -> Reading:
    ratios = {at: ratio for at in counts if (ratio := _ratio(counts, at)) is not None}
    n, _ = counts.get(period.first, (0, 0))
    then, _ = counts.get(_back(period.first, 12), (0, 0))
    now = ratios.pop(period.first, None)
    value = None if now is None else now - 1
    history = [float(ratio) for at, ratio in ratios.items() if at < period.first]
    found = None if now is None else usual.change(history, (n, then), allowed / OF)
    if found is None:
        return Reading(guard, period, "few", value, None, None, n, then, allowed)
    low, high = (Fraction(round(bound * 10_000), 10_000) - 1 for bound in (found.low, found.high))
    says = "usual" if value is not None and low <= value <= high else "look"
    return Reading(guard, period, says, value, low, high, n, then, allowed)


def _ratio(counts: Months, at: date) -> Fraction | None:
    """Return a month's count against the year before, each by its working days."""
    before = _back(at, 12)
    now, then = counts[at][0], counts.get(before, (0, 0))[0]
    if not now or not then:
        return None
    return Fraction(now * _workdays(before), then * _workdays(at))


@cache
def _workdays(first: date) -> int:
    calendar = law.calendar()
    last = Period.month(first.year, first.month).last
    days = (first + timedelta(days=n) for n in range(last.day))
    return sum(calendar.is_workday(day) for day in days)


def _back(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)


# -- kept for pages -------------------------------------------------------------------------------


def refresh() -> int:
    """Read all guards anew where numbers changed or a month ended; return how many were read."""
    now, period = edition(), last_month()
    guards = registered.every()
    if now is None or not guards:
        return 0
    made = f"{period.code}:{alarms()}:{now}"
    known = dict(GuardReading.objects.values_list("name", "edition"))
    if known == dict.fromkeys((guard.name for guard in guards), made):
        return 0
    rows = [_row(read(guard, period), made) for guard in guards]
    with transaction.atomic():
        GuardReading.objects.exclude(name__in=[row.name for row in rows]).delete()
        GuardReading.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["month", "says", "data", "edition", "at"],
        )
    return len(rows)


def readings(figure: Figure) -> list[Reading]:
    """Return what the guards beside a figure said last; none of those not read yet."""
    return _read_last(registered.beside(figure))


def all_readings() -> list[Reading]:
    """Return what every guard said last, in the order of their declaration."""
    return _read_last(registered.every())


def _read_last(guards: list[Guard]) -> list[Reading]:
    rows = {row.name: row for row in GuardReading.objects.filter(name__in=[g.name for g in guards])}
    return [_kept(guard, rows[guard.name]) for guard in guards if guard.name in rows]


def _row(reading: Reading, made: str) -> GuardReading:
    data: dict[str, Any] = {"n": reading.n, "of": reading.of, "alarms": reading.alarms}
    for name in ("value", "low", "high"):
        number = getattr(reading, name)
        data[name] = None if number is None else str(number)
    return GuardReading(
        name=reading.guard.name,
        month=reading.period.first,
        says=reading.says,
        data=data,
        edition=made,
        at=timezone.now(),
    )


def _kept(guard: Guard, row: GuardReading) -> Reading:
    data = row.data
    value, low, high = (
        None if data[name] is None else Fraction(data[name]) for name in ("value", "low", "high")
    )
    period = Period.month(row.month.year, row.month.month)
    return Reading(guard, period, row.says, value, low, high, data["n"], data["of"], data["alarms"])
