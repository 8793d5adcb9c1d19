"""Fills the sample's full city with any number of matters, all through ``matters.record``.

Most are old cases taken over from another system: one act each, spread over two years and all 186
townships, with the sample's own words and people. The rest are the sample's own lively disputes of
the last weeks, with all their acts, timers and co-handlers' tasks: what lies on desks now.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from dingzi import figures
from dingzi.city import book
from dingzi.city.models import Account
from dingzi.city.viewer import SYSTEM
from dingzi.matters.acts import Intent
from dingzi.matters.models import Event, Matter
from dingzi.matters.samples import LOCAL, SampleCity, SampleTown, Story
from dingzi.mechanisms.disputes.sample.dispute import Dispute
from dingzi.sample import accounts, city, filling, structure

#: Share of the matters that the last weeks' disputes make up; four in five are still open.
LIVELY = 0.08
#: Days over which those are spread, and of the whole history.
WEEKS, HISTORY = 50, 730
BATCH = 2_000
#: Who sees the many cases in which his unit has a part, and nothing else.
ASSISTANT = "assistant"
_RESULTS = ("agreed", "settled", "failed", "withdrawn", "declined")
_OFTEN = (56, 21, 12, 5, 6)


@dataclass(frozen=True, slots=True)
class Stored:
    """What is in the database, and how fast it came in; seconds are 0 where it was there before."""

    disputes: int
    children: int
    active: int
    events: int
    states: dict[str, int]
    seconds: float
    refresh_seconds: float

    @property
    def words(self) -> str:
        told = f"{self.disputes:,} disputes, {self.active:,} matters active, {self.events:,} events"
        return f"{told}, {self.children:,} children of co-handlers"

    @property
    def rate(self) -> str:
        if not self.seconds:
            return "stored before"
        return (
            f"filled in {self.seconds:.0f} s: {self.events / self.seconds:,.0f} events/s through "
            f"matters.record, figures refreshed in {self.refresh_seconds:.0f} s"
        )


def fill(count: int) -> Stored:
    """Make structure, accounts and ``count`` disputes; return what stands there."""
    now = timezone.now()
    with transaction.atomic():
        structure.write(villages=True)
        one = city.build(seed=1, share=1.0, whole=True, now=now)
        accounts.write(one.home, now.astimezone(LOCAL).date())
        seat_assistant(one.home)
    begin = time.monotonic()

    def tell(filled: filling.Filled) -> None:
        if filled.stories % (50 * BATCH) < BATCH:
            seconds = time.monotonic() - begin
            print(f"  {filled.stories:,} of {count:,}, {seconds:.0f} s", flush=True)

    filling.fill(filling.batches(stories(one, count), BATCH), tell)
    seconds = time.monotonic() - begin
    begin = time.monotonic()
    figures.refresh()
    return replace(stored(), seconds=seconds, refresh_seconds=time.monotonic() - begin)


def seat_assistant(home: str) -> None:
    """Open a post whose holder sees no place, but belongs to the unit with most cases."""
    since = structure.SINCE.isoformat()
    unit = f"zz-{home}"
    post = {
        "code": structure.post_code(unit, "xb"),
        "unit": unit,
        "name": "协办岗",
        "name_en": "Assistant",
    }
    book.record("post_opened", {"rows": [post | {"roles": ["handler"], "since": since}]}, by=SYSTEM)
    book.record("account_opened", {"rows": [{"username": ASSISTANT}]}, by=SYSTEM)
    seat = {"post": post["code"], "account": ASSISTANT, "since": since}
    book.record("tenure_started", {"rows": [seat]}, by=SYSTEM)
    account = Account.objects.get(username=ASSISTANT)
    account.set_password(accounts.password(ASSISTANT))
    account.save(update_fields=["password"])


def stored() -> Stored:
    """Count what stands in the database."""
    rows = Matter.objects.values("state").filter(parent=None)
    told = Matter.objects.aggregate(
        disputes=Count("id", filter=Q(parent=None)),
        children=Count("id", filter=Q(parent__isnull=False)),
        active=Count("id", filter=Q(active=True)),
    )
    states = {r["state"]: r["n"] for r in rows.annotate(n=Count("id")).order_by("-n")}
    return Stored(**told, events=Event.objects.count(), states=states, seconds=0, refresh_seconds=0)


def stories(one: SampleCity, count: int) -> Iterator[Story]:
    """Yield ``count`` disputes in the order of the days on which they begin."""
    random = one.random("benchmark", count)
    lively = round(count * LIVELY)
    first = one.today - timedelta(days=HISTORY)
    recent = one.today - timedelta(days=WEEKS)
    weights = list(itertools.accumulate(town.weight for town in one.towns))
    for n, day in _days(first, (recent - first).days, count - lively):
        town = random.choices(one.towns, cum_weights=weights)[0]
        yield _old(one, town, random, day, n)
    for _, day in _days(recent, WEEKS, lively):
        town = random.choices(one.towns, cum_weights=weights)[0]
        dispute = Dispute(one, town, random, day)
        if dispute.file(_moment(random, day)):
            dispute.live()
            yield dispute.story.end()


def _days(first: date, days: int, count: int) -> Iterator[tuple[int, date]]:
    for n in range(count):
        yield n, first + timedelta(days=n * days // count)


def _moment(random: Random, day: date) -> datetime:
    seconds = random.randint(7 * 3600, 20 * 3600)
    return datetime.combine(day, datetime.min.time(), LOCAL) + timedelta(seconds=seconds)


def _old(one: SampleCity, town: SampleTown, random: Random, day: date, n: int) -> Story:
    """A case that another system has finished, taken over on the day it was closed."""
    dispute = Dispute(one, town, random, day)
    dispute.file(_moment(random, day))
    filed = dispute.story.acts[0]
    accepted = day + timedelta(days=random.choice((0, 0, 0, 1, 2)))
    closed = accepted + timedelta(days=random.choice((1, 3, 5, 7, 9, 12, 16, 21, 27, 34)))
    kept = ("text", "place", "spot", "title", "name", "phone")
    data: dict[str, Any] = {name: filed.data[name] for name in kept if name in filed.data}
    data |= {
        "category": dispute.category,
        "subcategory": dispute.words.sub,
        "accepted_on": accepted,
        "closed_on": closed,
        "result": random.choices(_RESULTS, _OFTEN)[0],
    }
    window = one.staff(town.units["centre"], "window").as_import()
    when = datetime.combine(closed, datetime.min.time(), LOCAL) + timedelta(hours=23)
    took = Intent(
        action="take_over", data=data, by=window, process="dispute", door="import",
        occurred_at=filed.recorded_at, recorded_at=when, source="benchmark", foreign_number=str(n),
    )  # fmt: skip
    return Story(acts=[took])
