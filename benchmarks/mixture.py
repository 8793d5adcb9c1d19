"""A million matters of every mechanism that there is: a city's desks as they are after some years.

Old ones were finished long ago (disputes taken over, petitions registered and withdrawn, households
whose certificate was issued before the list was made); the lively ones are the sample's own, with
all their acts, of the last weeks. A mechanism that has no old ones of its own here comes with what
its sample tells. All go through ``matters.record``.
"""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from filling import BATCH, HISTORY, WEEKS, _days, _moment, _old
from installation import Installation, analyse

from dingzi import figures
from dingzi.city.viewer import PUBLIC
from dingzi.core import registry
from dingzi.matters.acts import Intent
from dingzi.matters.samples import LOCAL, SampleCity, Story
from dingzi.mechanisms.disputes.sample.dispute import Dispute
from dingzi.mechanisms.estates.sample.estate import Estate
from dingzi.mechanisms.petitions.sample.petition import Petition
from dingzi.sample import accounts, city, filling, structure

#: Shares of all matters.
DISPUTES, PETITIONS, HOUSEHOLDS = 0.55, 0.27, 0.18
#: Share of each that the lively ones of the last weeks make up.
LIVELY = 0.03
#: Households of one estate that was served long ago, by building.
BUILDINGS, PER_BUILDING = 4, 30
#: A story of so few acts is an old one, which no leader carries.
SHORT = 2
#: Parts into which the old ones are cut.
PARTS = 25
#: Mechanisms that this file tells of itself.
OWN = {"disputes", "petitions", "estates", "households"}


class _Enough(Exception):
    """The time is over; what was recorded stays."""


def fill(count: int, seconds: int, installation: Installation) -> bool:
    """Store about ``count`` matters, or go on where an earlier call stopped; True once all are there.

    ``seconds`` ends it between two batches; 0 lets it run to the end.
    """
    mark = installation.home / "filled"
    if mark.exists():
        return True
    started = installation.home / "begun"
    if not started.exists():
        now = timezone.now()
        with transaction.atomic():
            structure.write(villages=True)
            one = city.build(seed=1, share=1.0, whole=True, now=now)
            accounts.write(one.home, now.astimezone(LOCAL).date())
        started.write_text(f"{now.isoformat()} {one.home}")
    begun, home = started.read_text().split()
    one = city.build(seed=1, share=1.0, whole=True, now=datetime.fromisoformat(begun), home=home)
    begin = time.monotonic()

    def tell(filled: filling.Filled) -> None:
        passed = time.monotonic() - begin
        if filled.stories % (25 * BATCH) < BATCH:
            print(f"  {filled.stories:,} more, {filled.events / passed:,.0f} events/s", flush=True)
        if seconds and passed > seconds:
            raise _Enough

    try:
        for part in range(PARTS + 1):
            whole = installation.home / f"filled-{part}"
            if not whole.exists():
                filling.fill(filling.batches(stories(one, count, part), BATCH), tell, part)
                whole.touch()
                print(f"  part {part} of {PARTS}, {time.monotonic() - begin:.0f} s", flush=True)
    except _Enough:
        return False
    figures.refresh()
    print(f"  figures, {time.monotonic() - begin:.0f} s", flush=True)
    analyse(installation)
    mark.touch()
    return True


def stories(one: SampleCity, count: int, part: int) -> Iterator[Story]:
    """Yield a part of about ``count`` matters: disputes, petitions and homes, at last all others."""
    weavers = [m.weave for m in registry.mechanisms() if m.weave is not None]
    for story in _told(one, count, part):
        for weave in weavers if len(story.acts) > SHORT else ():
            weave(one, story)
        yield story


def _told(one: SampleCity, count: int, part: int) -> Iterator[Story]:
    if part < PARTS:
        yield from _disputes(one, round(count * DISPUTES), part)
        yield from _petitions(one, round(count * PETITIONS), part)
        yield from _estates(one, round(count * HOUSEHOLDS), part)
        return
    for mechanism in registry.mechanisms():
        if mechanism.name not in OWN and mechanism.sample is not None:
            yield from mechanism.sample(one)


def _spread(
    one: SampleCity, count: int, name: str, part: int
) -> Iterator[tuple[int, Any, Any, Any, bool]]:
    """Yield number, township, random, day and whether it is a lively one of the last weeks."""
    random = one.random("mixture", name, count, part)
    lively = round(count * LIVELY)
    first = one.today - timedelta(days=HISTORY)
    recent = one.today - timedelta(days=WEEKS)
    weights = list(itertools.accumulate(town.weight for town in one.towns))
    old = list(_days(first, (recent - first).days, count - lively))
    new = list(_days(recent, WEEKS, lively))
    for days, is_new in ((old, False), (new, True)):
        size = len(days)
        for n, day in days[size * part // PARTS : size * (part + 1) // PARTS]:
            yield n, random.choices(one.towns, cum_weights=weights)[0], random, day, is_new


def _disputes(one: SampleCity, count: int, part: int) -> Iterator[Story]:
    for n, town, random, day, new in _spread(one, count, "disputes", part):
        if not new:
            yield _old(one, town, random, day, n)
            continue
        dispute = Dispute(one, town, random, day)
        if dispute.file(_moment(random, day)):
            dispute.live()
            yield dispute.story.end()


def _petitions(one: SampleCity, count: int, part: int) -> Iterator[Story]:
    for _n, town, random, day, new in _spread(one, count, "petitions", part):
        petition = Petition(one, town, random)
        at = _moment(random, day)
        if not petition.receive(at):
            continue
        if new:
            petition.live()
            yield petition.story.end()
            continue
        got = petition.story.acts[0]
        got.by, got.door = PUBLIC, "web"
        why = Intent(
            action="withdraw", number="#", data={"why": "已经解决"}, by=petition.office,
            recorded_at=at + timedelta(days=2), door="sample", forced=True,
        )  # fmt: skip
        yield Story(acts=[got, why])


def _estates(one: SampleCity, count: int, part: int) -> Iterator[Story]:
    """Households long served, estate by estate, and the lively estates of the last weeks."""
    size = BUILDINGS * PER_BUILDING
    for _n, town, random, day, new in _spread(one, max(count // size, 1), "estates", part):
        estate = Estate(one, town, random)
        at = _moment(random, day)
        if not estate.file(at):
            continue
        if new:
            estate.live()
            yield estate.story.end()
            continue
        story = estate.story
        n = 0
        for nth in range(1, BUILDINGS + 1):
            name = f"{nth}栋"
            story.acts.append(
                Intent(
                    action="add_building", number="#", by=estate.lead, recorded_at=at,
                    data={"building": name, "households": PER_BUILDING}, door="sample",
                )
            )  # fmt: skip
            for home in range(PER_BUILDING):
                n += 1
                data = {
                    "estate": "#", "building": name, "room": f"{home // 4 + 1}0{home % 4 + 1}室",
                    "owner": "业主某", "issued_on": (day - timedelta(days=400)).isoformat(),
                }  # fmt: skip
                story.acts.append(
                    Intent(
                        action="record", process="household", ref=f"#h{n}", data=data,
                        by=estate.registry, recorded_at=at, door="sample",
                    )
                )  # fmt: skip
        yield Story(acts=story.acts)


def told() -> str:
    """Say how many matters of which process stand there."""
    from dingzi.matters.models import Matter

    rows = Counter(dict(Matter.objects.values_list("process").annotate(n=_count()).order_by()))
    return ", ".join(f"{n:,} {process}" for process, n in rows.most_common())


def _count() -> Any:
    from django.db.models import Count

    return Count("id")
