"""What a mechanism's part of the sample city is handed, and what it gives back.

A mechanism's ``sample(city)`` yields stories in the order of the days on which they begin; the
sample city records them in batches through ``record``, as doors do. Stories are values (no rows,
no queries), so they may be made in another process.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cached_property
from random import Random
from typing import Any

from dingzi import law
from dingzi.city import directory, roles
from dingzi.city.parameters import overrides
from dingzi.city.viewer import SYSTEM, Viewer

from . import registry
from .acts import Intent
from .clocks import prolonged
from .process import Action, Process

#: The city's time; China has kept one offset since 1991.
LOCAL = timezone(timedelta(hours=8))
#: A receipt's holder before the matter has a number: ``record`` puts the matter in.
HOLDER = Viewer(kind="receipt")
DAY = timedelta(days=1)
DOOR = "sample"


@dataclass(slots=True)
class Story:
    """The acts of one matter and its children, in the order of time.

    Attributes
    ----------
    acts : the first opens the matter; the others mean it by ``number="#"``, its first child by
        ``"#-1"``, that one's child by ``"#-1-1"``. Another matter of the story has a letter after
        the ``#``.
    shown : under which key the demo tells its number; "" for most.
    children : how many children it has opened.
    confidential : seen by the posts that have it in hand alone; nobody looks in from outside.
    """

    acts: list[Intent] = field(default_factory=list)
    shown: str = ""
    lives: list[Life] = field(default_factory=list, repr=False)
    children: int = 0
    confidential: bool = False

    def child(self, process: str, number: str, city: SampleCity) -> Life:
        """Return a new life of this story: its own matter (``#``) or a child."""
        life = Life(city, self, process, number)
        self.children += "-" in number
        self.lives.append(life)
        return life

    def join(self, other: Story) -> None:
        """Take in another matter's story: the two meet."""
        self.acts += other.acts
        self.lives += other.lives

    def dropped(self, at: datetime) -> None:
        """The matter ended at ``at``, and with it what was still open below it."""
        below = [life for life in self.lives if "-" in life.number]
        gone = {life.number for life in below}
        late = [a for a in self.acts if a.number in gone and _when(a) >= at]
        self.acts = [a for a in self.acts if a not in late]
        for life in below:
            life.over = True

    def end(self) -> Story:
        """Let the timers run up to the present and put all acts into the order of time."""
        for life in self.lives:
            life.timers(life.city.now)
        self.lives.clear()
        self.acts.sort(key=_when)
        return self

    @property
    def begins(self) -> datetime:
        return _when(self.acts[0])


def _when(act: Intent) -> datetime:
    assert act.recorded_at is not None
    return act.recorded_at


@dataclass(frozen=True, slots=True)
class SampleTown:
    """A township with its share of the city's matters.

    Attributes
    ----------
    kind : ``street``, ``town`` or ``township`` (街道, 镇, 乡).
    weight : its share; all towns together make one.
    units : kind -> id of the unit that serves it (the town's own, else the county's).
    """

    code: str
    name: str
    county: str
    county_name: str
    kind: str
    weight: float
    villages: tuple[str, ...]
    units: dict[str, int]
    bureaux: tuple[tuple[str, int], ...]

    def bureau(self, part: str) -> int | None:
        """Return the county's bureau whose name holds ``part``."""
        return next((unit for name, unit in self.bureaux if part in name), None)


@dataclass(frozen=True, kw_only=True)
class SampleCity:
    """A city to be filled.

    Attributes
    ----------
    share : of a full city's volume; a mechanism multiplies its own yearly number by it.
    since, now : the days that are simulated; what would happen after ``now`` has not happened.
    home : code of the township where the demo accounts sit.
    """

    seed: int
    share: float
    since: date
    now: datetime
    towns: tuple[SampleTown, ...]
    home: str

    def random(self, *names: object) -> Random:
        """Return a generator of its own for whatever is named, the same in every process."""
        return Random(":".join(map(str, (self.seed, *names))))  # noqa: S311

    def counties(self) -> dict[str, list[SampleTown]]:
        """Return the townships by county, both in the order of their codes."""
        found: dict[str, list[SampleTown]] = {}
        for town in self.towns:
            found.setdefault(town.county, []).append(town)
        return found

    def part(self, nth: int, of: int) -> SampleCity:
        """Return one of ``of`` cities that make up this one: whole counties, of like weight."""
        weights = [0.0] * of
        mine: set[str] = set()
        counties = self.counties()
        heavy = {c: sum(t.weight for t in towns) for c, towns in counties.items()}
        for county in sorted(counties, key=lambda c: (-heavy[c], c)):
            lightest = weights.index(min(weights))
            weights[lightest] += heavy[county]
            if lightest == nth:
                mine.add(county)
        return replace(self, towns=tuple(t for t in self.towns if t.county in mine))

    @cached_property
    def has_home(self) -> bool:
        return any(t.code == self.home for t in self.towns)

    @cached_property
    def at_home(self) -> SampleTown:
        return next(t for t in self.towns if t.code == self.home)

    @cached_property
    def _viewers(self) -> dict[tuple[int, str, int], Viewer]:
        return {}

    def staff(self, unit: int, role: str, nth: int = 0) -> Viewer:
        """Return who sits on the unit's ``nth`` post of that role, as an account would act."""
        found = self._viewers.get((unit, role, nth))
        if found is None:
            posts = [p for p in directory.posts_of(unit) if role in p.roles]
            post = posts[nth % len(posts)]
            card = directory.unit(unit)
            assert card is not None
            scope = card.division if post.roles & roles.scope_roles() else ""
            found = Viewer(kind="staff", post=post.id, unit=unit, roles=post.roles, scope=scope)
            self._viewers[unit, role, nth] = found
        return found

    # -- days ----------------------------------------------------------------------------------

    @cached_property
    def today(self) -> date:
        return self.now.astimezone(LOCAL).date()

    def days(self) -> Iterator[date]:
        """Yield every simulated day."""
        for n in range((self.today - self.since).days + 1):
            yield self.since + n * DAY

    def bustle(self, day: date) -> float:
        """Return how much happens on a day against the mean: weekday, holiday, season, growth."""
        calendar = law.calendar()
        years = (day - self.since).days / 365
        growth = 0.97 + 0.05 * years
        if not calendar.is_workday(day):
            feast = calendar.holiday_name(day)
            return growth * (0.12 if feast == "spring_festival" else 0.25 if feast else 0.42)
        back = not calendar.is_workday(day - DAY)
        return growth * _SEASON[day.month - 1] * (1.5 if back else 1.27)

    def due(
        self,
        rule: str,
        start: date,
        pauses: tuple[tuple[date, date | None], ...] = (),
        added: int = 0,
    ) -> date:
        """Return the last day of a deadline, as the matter's own clock will have it."""
        found = prolonged(law.rule(rule, start, overrides()), added)
        return law.due_date(start, found, law.calendar(), pauses)

    def start_for(self, rule: str, due: date) -> date:
        """Return the latest day on which a clock must have begun to end on ``due``, or just after."""
        day = due
        while self.due(rule, day) > due:
            day -= DAY
        return day

    def office(self, random: Random, moment: datetime, days: float) -> datetime:
        """Return a time of office some ``days`` after ``moment``, on a working day (mostly)."""
        local = moment.astimezone(LOCAL)
        ordinal = local.toordinal() + int(days)
        calendar = law.calendar()
        if random.random() > 0.03:
            ordinal = calendar.from_or_after(ordinal)
        if ordinal > local.toordinal():
            return _at(ordinal, random.choice(_HOURS), random)
        hour = local.hour + local.minute / 60
        if hour < 16.8:
            return local + timedelta(minutes=2 + random.random() * 60 * (17.4 - max(hour, 8.4)))
        return _at(calendar.from_or_after(ordinal + 1), random.choice(_HOURS[:12]), random)


_SEASON = (1.05, 0.88, 1.08, 1.06, 1.0, 0.98, 0.97, 0.96, 1.02, 0.97, 1.01, 1.02)
_HOURS = (8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 14, 14, 15, 15, 15, 16, 16, 17)


def _at(ordinal: int, hour: int, random: Random) -> datetime:
    second = int(random.random() * 3600)
    return datetime.combine(date.fromordinal(ordinal), time(hour, second // 60, second % 60), LOCAL)


@dataclass(slots=True)
class _Clock:
    rule: str
    start: date
    due: date | None
    pauses: tuple[tuple[date, date | None], ...] = ()
    added: int = 0
    running: bool = True
    fired: bool = False


class Life:
    """One matter as it is lived: adds acts to a story and lets the timer do what it would.

    ``act`` returns False once the city's present is reached; nothing more happens then.
    """

    def __init__(self, city: SampleCity, story: Story, process: str, number: str = "#") -> None:
        self.city = city
        self.story = story
        self.process: Process = registry.handle(process).latest
        self.number = number
        self.state = ""
        self.at = city.now
        self.over = False
        self.closed: datetime | None = None
        self._clocks: dict[str, _Clock] = {}

    def opened(self, at: datetime, to: str) -> None:
        """A child that its parent's act has opened: its clocks run from now on."""
        action = next(a for a in self.process.actions.values() if a.opens)
        self.state, self.at = to, at
        self._tick(action.clocks, at)

    def ruled(self, at: datetime, action: str) -> None:
        """Another matter's act has done ``action`` here."""
        found = registry.action(self.process, action)
        assert found is not None
        self._done(found, at, at)

    def act(
        self, action: str, data: dict[str, Any], by: Viewer, at: datetime, *,
        claimed: datetime | None = None, reason: str = "", added: int = 0,
    ) -> bool:  # fmt: skip
        """Do one act at ``at``, or a minute after the last one; False if that is still to come.

        ``added`` is by how much the act makes a clock longer, where its data do not say ``days``.
        """
        at = max(at, self.at + timedelta(minutes=1)) if self.state else at
        self.timers(at)
        if self.over or at > self.city.now:
            self.over = True
            return False
        found = registry.action(self.process, action)
        assert found is not None, action
        opening = {"process": self.process.name, "ref": self.number} if found.opens else {}
        self.story.acts.append(
            Intent(
                action=action, data=data, by=by, door=DOOR, recorded_at=at, occurred_at=claimed,
                reason=reason, number=None if found.opens else self.number, **opening,  # type: ignore[arg-type]
            )
        )  # fmt: skip
        self._done(found, claimed or at, at, data.get("days", added))
        return True

    def due(self, clock: str) -> date | None:
        found = self._clocks.get(clock)
        return found.due if found and found.running else None

    def timers(self, until: datetime) -> None:
        """Do what ran out before ``until``, as the timer of the steward does it."""
        until = min(until, self.city.now)
        while not self.over:
            ripe = [
                (c.due, n) for n, c in self._clocks.items()
                if c.running and not c.fired and c.due and _over(c.due) < until
            ]  # fmt: skip
            if not ripe:
                return
            due, name = min(ripe)
            at = max(_over(due) + timedelta(minutes=1), self.at)
            wanted, data = self.process.clocks[name].then, {}
            found = registry.action(self.process, wanted)
            if wanted == "escalate" or found is None or not self.process.allows(found, self.state):
                wanted, data = "escalate", {"clock": name}
                found = registry.action(self.process, wanted)
            assert found is not None
            self._clocks[name].fired = True
            if not self.process.allows(found, self.state):
                continue
            self.story.acts.append(
                Intent(
                    action=wanted, data=data, by=SYSTEM, door=DOOR, recorded_at=at,
                    number=self.number,
                )
            )  # fmt: skip
            self._done(found, at, at)

    def _done(self, action: Action, claimed: datetime, at: datetime, added: int = 0) -> None:
        self._tick(action.clocks, claimed, added)
        self.state, self.at = self.process.target(action, self.state), at
        if self.process.states[self.state].closed and self.closed is None:
            self.closed = at
        if self.process.states[self.state].end:
            self._clocks.clear()  # nothing runs on after the end

    def _tick(self, ops: Any, at: datetime, added: int = 0) -> None:
        day = at.astimezone(LOCAL).date()
        for op in ops:
            clock = self._clocks.get(op.clock)
            if op.op == "start":
                rule = self.process.clocks[op.clock].rule
                due = self.city.due(rule, day, added=added)
                self._clocks[op.clock] = _Clock(rule, day, due, added=added)
            elif clock is None:
                continue
            elif op.op == "pause":
                clock.pauses = (*clock.pauses, (day, None))
                clock.running = False
            elif op.op == "resume":
                first, last = clock.pauses[-1][0], day - DAY
                kept = clock.pauses[:-1]
                clock.pauses = (*kept, (first, last)) if last >= first else kept
                clock.running = True
                clock.due = self.city.due(clock.rule, clock.start, clock.pauses, clock.added)
            elif op.op == "extend":
                clock.added += added
                clock.fired = False
                clock.due = self.city.due(clock.rule, clock.start, clock.pauses, clock.added)
            else:
                clock.running = False


def _over(due: date) -> datetime:
    return datetime.combine(due, time(23, 59, 59), LOCAL)
