"""What lies on the desks of the demo accounts today: overdue, due today, this week, later."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from dingzi import law
from dingzi.matters.samples import DAY, LOCAL, SampleCity, Story

from .dispute import Dispute
from .words import parts

ANSWER, MEDIATION = "disputes.registration_answer", "disputes.mediation_days"
TASK = "matters.task_days"
#: Categories in turn, so that the desks look like a town's.
_TURN = ("neighbours", "property", "wages", "housing", "consumer", "family", "contract", "damage")


def scenes(city: SampleCity) -> Iterator[Story]:
    """Yield the disputes that make the demo accounts' work, each with a known deadline."""
    stage = _Stage(city)
    today, tomorrow, week, later = stage.today, *stage.ahead(1, 3, 12)
    late = stage.ahead(-2)[0]
    for due in (late, today, today, tomorrow, tomorrow, *stage.ahead(2, 2)):
        yield stage.registered(due)
    for due in (week, later, later):
        yield stage.accepted(due)
    for due, sessions in (
        (late, 2), (today, 1), (today, 2), (tomorrow, 1), (week, 0), (week, 1), (later, 0), (later, 1),
        (later, 0),
    ):  # fmt: skip
        yield stage.mediating(due, sessions)
    yield stage.proposed(week, "citizen")
    yield stage.proposed(later, "")
    yield stage.waiting()
    for due in (late, today, tomorrow, *stage.ahead(4)):
        yield stage.asked(due)
    yield stage.objected()
    for name in ("agreed", "performed", "visited", "visited"):
        yield stage.closed(name)


class _Stage:
    """Makes one dispute after another in the town of the demo accounts."""

    def __init__(self, city: SampleCity) -> None:
        self.city = city
        self.town = city.at_home
        self.random: Random = city.random("scenes")
        self.turn = 0
        self.mediation = self.town.units["mediation"]
        # What falls due "today" falls due on the next working day where today is none.
        self.today = city.today if law.calendar().is_workday(city.today) else self.ahead(1)[0]

    def ahead(self, *workdays: int) -> list[date]:
        """Return the days so many working days from today."""
        calendar, ordinal = law.calendar(), self.city.today.toordinal()
        here = calendar.through(ordinal)
        return [date.fromordinal(calendar.nth(here + n)) for n in workdays]

    def at(self, day: date, hour: float) -> datetime:
        """A moment of a day, at least some minutes before now."""
        moment = datetime.combine(day, time(int(hour), self.random.randint(0, 59)), LOCAL)
        return min(moment, self.city.now - timedelta(minutes=self.random.randint(20, 40)))

    def new(self, day: date, channel: str = "", category: str = "") -> Dispute:
        category = category or _TURN[self.turn % len(_TURN)]
        self.turn += 1
        made = Dispute(self.city, self.town, self.random, day, category=category)
        made.file(self.at(day, 9), channel=channel)
        return made

    def registered(self, due: date) -> Story:
        return self.new(self.city.start_for(ANSWER, due)).story.end()

    def started(self, due: date, channel: str = "", category: str = "") -> Dispute:
        """Accepted on the day from which the mediation ends on ``due``."""
        start = self.city.start_for(MEDIATION, due)
        made = self.new(start - DAY, channel, category)
        data = {"category": made.category, "lead": self.mediation}
        made.life.act("accept_dispatch", data, made.window, self.at(start, 10))
        made.mediator = self.city.staff(self.mediation, "mediator")
        return made

    def accepted(self, due: date) -> Story:
        start = self.city.start_for(MEDIATION, due)
        made = self.new(start - DAY)
        made.life.act("accept", {"category": made.category}, made.window, self.at(start, 10))
        return made.story.end()

    def mediating(self, due: date, sessions: int) -> Story:
        made = self.started(due)
        for _ in range(sessions):
            made.session(5)
        return made.story.end()

    def proposed(self, due: date, shown: str) -> Story:
        """A proposal waits for the citizen: the one to try with number and receipt code."""
        made = self.started(due, "web", "neighbours")
        made.story.shown = shown
        made.session(2)
        by = self.ahead(3)[0]
        data = {"text": made.say("proposal") + made.say("agreed"), "answer_by": by}
        made.life.act("propose", data, made.mediator, self.at(self.ahead(-1)[0], 15))
        return made.story.end()

    def waiting(self) -> Story:
        made = self.started(self.ahead(14)[0], "web")
        made.session(2)
        made.do("ask_papers", {"text": made.say("papers")}, made.mediator, 1)
        return made.story.end()

    def housing(self) -> int:
        found = self.town.bureau(parts()["helpers"]["property"][1])
        assert found is not None
        return found

    def asked(self, due: date) -> Story:
        """A task on the desk of the demo handler, due on a known day."""
        start = self.city.start_for(TASK, due)
        made = self.new(start - 2 * DAY, category="property")
        data = {"category": "property", "lead": self.mediation, "co_units": [self.housing()],
                "what": made.say("tasks")}  # fmt: skip
        made.life.act("accept_dispatch", data, made.window, self.at(start, 10))
        made.asked(self.housing())
        return made.story.end()

    def objected(self) -> Story:
        """The handler says "not ours"; the ruling waits at the window."""
        start = self.city.start_for(TASK, self.ahead(2)[0])
        made = self.new(start - DAY, category="property")
        data = {"category": "property", "lead": self.mediation, "co_units": [self.housing()],
                "what": made.say("tasks")}  # fmt: skip
        made.life.act("accept_dispatch", data, made.window, self.at(start, 11))
        task = made.asked(self.housing())
        when = self.at(self.ahead(-1)[0], 16)
        if task.act("object", {"why": made.say("objects")}, made.helper, when):
            made.story.child("ruling", "#-1-1", self.city).opened(task.at, "raised")
        return made.story.end()

    def closed(self, state: str) -> Story:
        """Agreed, and as far along as ``state``: performance, visit or the citizen's word is due."""
        made = self.started(self.ahead(8)[0])
        made.mediator = self.city.staff(self.mediation, "mediator")
        made.session(3)
        until = self.ahead(6)[0]
        data = {"form": "written", "signed": True, "text": made.say("agreed"), "perform_by": until}
        made.do("agree", data, made.mediator, 3)
        if state in ("performed", "visited"):
            made.do("perform", {"text": made.say("performed")}, made.mediator, 2)
        if state == "visited":
            made.do("visit", {"how": "phone", "text": made.say("visited")}, made.mediator, 2)
        return made.story.end()
