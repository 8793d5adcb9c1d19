"""One simulated dispute, and what becomes of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.matters.samples import HOLDER, LOCAL, Life, SampleCity, SampleTown, Story

from .words import Words, mix, parts

#: Median days of a mediation by category; 10 for the others.
SPEED = {"land": 17, "wages": 12, "medical": 24, "government": 19, "housing": 15, "property": 14,
         "contract": 13, "family": 11, "neighbours": 8, "traffic": 7, "consumer": 8}  # fmt: skip
DOORS = ("web", "counter", "phone", "unit")


class Dispute:
    """One dispute: its words, its people, and what becomes of it."""

    def __init__(
        self, city: SampleCity, town: SampleTown, random: Random, day: date, past: float = 1.0, *,
        category: str = "", like: Dispute | None = None,
    ) -> None:  # fmt: skip
        self.city, self.town, self.random, self.past = city, town, random, past
        self.like = like
        self.story = Story()
        self.life = self.story.child("dispute", "#b" if like else "#", city)
        self.task: Life | None = None
        if not category:
            names, weights = mix(town.kind, town.county, day.month)
            category = random.choices(names, cum_weights=weights)[0]
        self.category: str = like.category if like else category
        self.window = city.staff(town.units["centre"], "window")
        self.mediator = self.window
        self.words: Words = like.words if like else Words(random, category, town)
        self.phone = f"1380000{random.randint(0, 9999):04d}"
        if like and random.random() < 0.5:
            self.phone = like.phone
        self.text = self.place = ""
        self.round = 0

    def say(self, name: str) -> str:
        return self.words.say(name)

    # -- acts ----------------------------------------------------------------------------------

    def file(self, at: datetime, *, channel: str = "", **more: Any) -> bool:
        random = self.random
        hour = at.hour + at.minute / 60
        office = 8.4 < hour < 17.5
        weights = (30 + 16 * self.past, 36, 18 - 4 * self.past, 11) if office else (90, 0, 10, 0)
        channel = channel or random.choices(DOORS, weights)[0]
        place = random.choice(self.town.villages or (self.town.code,))
        data: dict[str, Any] = {
            "text": self.words.told_again(self.like.text) if self.like else self.words.told(),
            "place": self.like.place if self.like else place if random.random() < 0.9 else self.town.code,
            "spot": self.words.fill["spot"],
            "channel": channel,
            "name": self.words.fill["a"],
            "phone": self.phone,
            "parties": [{"side": "respondent", "name": self.words.fill["b"]}],
        }  # fmt: skip
        if channel != "web" or random.random() < 0.5:
            data["category"] = self.category
        if channel == "web" and random.random() < 0.3:
            del data["parties"]
        elif channel != "web" and random.random() < 0.6:
            data["title"] = self.words.title
        if self.category == "damage" and random.random() < 0.12:
            data["danger"] = True
        self.place, self.text = data["place"], data["text"]
        by = PUBLIC if channel == "web" else self.window
        return self.life.act("file", data | more, by, at)

    def later(self, days: float) -> datetime:
        return self.city.office(self.random, self.life.at, days)

    def do(self, action: str, data: dict[str, Any], by: Viewer, days: float, **more: Any) -> bool:
        return self.life.act(action, data, by, self.later(days), **more)

    def live(self) -> None:
        """Everything from triage on."""
        chance = self.random.random()
        wait = self._triage_wait()
        if chance < 0.02:
            self.withdraw(wait)
        elif chance < 0.075:
            ground, remedy = self.random.choice(parts()["declines"])
            data = {"ground": ground, "remedy": remedy.format_map(self.words.fill)}
            self.do("decline", data, self.window, wait)
        elif self.accept(wait) and self.mediate():
            self.after()

    def _triage_wait(self) -> float:
        chance = self.random.random()
        return 0 if chance < 0.62 else 1 if chance < 0.85 else 2 if chance < 0.96 else 6

    def withdraw(self, days: float) -> None:
        """Whoever was asked to help need not go on."""
        if self.do("withdraw", {"why": self.say("withdrawn")}, HOLDER, days):
            self.story.dropped(self.life.at)

    def merge(self) -> bool:
        """The window sees that it is the same as one that is open; False where that one has ended."""
        assert self.like is not None
        at, ended = self.later(self._triage_wait()), self.like.life.closed
        if ended is not None and at >= ended:
            return False
        self.life.act("merge", {"into": "#"}, self.window, at)
        return True

    def accept(self, wait: float, *, lead: int | None = None, help_from: int | None = None) -> bool:
        random, units = self.random, self.town.units
        data: dict[str, Any] = {"category": self.category}
        lead = lead or units[random.choices(("mediation", "justice"), (82, 18))[0]]
        if self.category in ("wages", "government") and random.random() < 0.35:
            lead = self.town.bureau(parts()["helpers"][self.category][1]) or lead
        where: dict[str, Any] = {"lead": lead}
        helper = help_from or (self._helper() if random.random() < 0.17 else None)
        if helper and helper != lead:
            where |= {"co_units": [helper], "what": self.say("tasks")}
        if random.random() < 0.8:
            done = self.do("accept_dispatch", data | where, self.window, wait)
        else:
            data["subcategory"] = self.words.sub
            done = self.do("accept", data, self.window, wait) and self.do(
                "dispatch", where, self.window, random.choice((0, 0, 1, 1, 2))
            )
        if not done:
            return False
        self.mediator = self.city.staff(lead, "mediator", random.random() < 0.4)
        if helper and "co_units" in where:
            self.asked(helper)
        return True

    def asked(self, helper: int) -> Life:
        """The task that the dispatch has opened for a co-handler."""
        self.helper = self.city.staff(helper, "handler")
        self.task = self.story.child("task", "#-1", self.city)
        self.task.opened(self.life.at, "asked")
        return self.task

    def _helper(self) -> int | None:
        kind, name = parts()["helpers"][self.category]
        return self.town.bureau(name) if kind == "bureau" else self.town.units.get(kind)

    def help(self, days: float) -> None:
        """The co-handler hands in its part (or says that it is not its own)."""
        task, random = self.task, self.random
        if task is None or task.state != "asked":
            return
        at = self.city.office(random, task.at, days)
        if random.random() < 0.07:
            theirs = self._objection(task, random.choice((1, 1, 2, 3, 4)), random.random() < 0.6)
            if not theirs:
                return
            at = self.city.office(random, task.at, 2)
        task.act("answer", {"text": self.say("answers")}, self.helper, at)

    def _objection(self, task: Life, days: float, theirs: bool) -> bool:
        """ "Not ours", and the centre rules; True where the task goes on."""
        at = self.city.office(self.random, task.at, 1)
        if not task.act("object", {"why": self.say("objects")}, self.helper, at):
            return False
        ruling = self.story.child("ruling", f"{task.number}-1", self.city)
        ruling.opened(task.at, "raised")
        data = {"theirs": "yes_theirs" if theirs else "not_theirs", "why": self.say("rulings")}
        when = self.city.office(self.random, ruling.at, days)
        if not ruling.act("rule", data, self.window, when):
            return False
        task.ruled(ruling.at, "uphold" if theirs else "release")
        return theirs

    def mediate(self) -> bool:
        """Sessions up to a result; True where there is one."""
        random = self.random
        self.round += 1
        days = (
            random.lognormvariate(0, 0.55)
            * SPEED.get(self.category, 10)
            * (1.08 - 0.14 * self.past)
        )
        due = self.life.due("mediation")
        assert due is not None
        left = (due - self.life.at.astimezone(LOCAL).date()).days
        if days > left - 5 and random.random() < 0.72:
            days = left - random.choice((0, 0, 0, 1, 1, 2))  # pressure before the end
        count = random.choices((1, 2, 3, 4), (66, 26, 6, 2))[0]
        self.help(random.choice((1, 2, 2, 3, 4, 4, 5, 5, 5, 8, 12)))
        step = max(days, 0) / (count + 1)
        for nth in range(count):
            if not self.session(step):
                return False
            chance = random.random()
            if chance < 0.05 and not self._papers():
                return False
            if chance > 0.93 and not self._aside(chance):
                return False
            if nth == 0 and chance > 0.985:
                self.withdraw(step)
                return False
        if self.task is not None:
            if self.task.state not in ("answered", "not_ours"):
                return False  # whoever was asked must have answered
            self.life.at = max(self.life.at, self.task.at)
        return self._result(step)

    def session(self, step: float) -> bool:
        random = self.random
        data = {
            "mediators": [random.choice(("调解员甲", "调解员乙", "调解员丙"))],
            "how": random.choices(("hall", "visit", "phone", "video"), (52, 28, 17, 3))[0],
            "text": self.say("session"),
            "present": [self.words.fill["a"], self.words.fill["b"][:60]],
        }
        at = self.later(step)
        if random.random() < 0.022 and "backdate" in self.mediator.roles:
            claimed = at - timedelta(days=random.choice((1, 1, 2, 3)))
            if claimed > self.life.at:
                return self.life.act(
                    "session", data, self.mediator, at,
                    claimed=claimed, reason=self.say("late_reasons"),
                )  # fmt: skip
        return self.life.act("session", data, self.mediator, at)

    def _papers(self) -> bool:
        by = HOLDER if self.random.random() < 0.7 else self.mediator
        return self.do("ask_papers", {"text": self.say("papers")}, self.mediator, 0) and self.do(
            "bring_papers", {"text": self.say("brought")}, by, self.random.choice((1, 3, 5, 9, 14))
        )

    def _aside(self, chance: float) -> bool:
        action = "reply" if chance < 0.965 else "note"
        return self.do(action, {"text": self.say("replies" if action == "reply" else "notes")}, self.mediator, 0)  # fmt: skip

    def propose(self, days: float) -> bool:
        at = self.later(days)
        by = (at + timedelta(days=self.random.choice((3, 4, 4, 5, 7)))).astimezone(LOCAL).date()
        data = {"text": self.say("proposal") + self.say("agreed"), "answer_by": by}
        return self.life.act("propose", data, self.mediator, at)

    def _result(self, step: float) -> bool:
        random = self.random
        if random.random() < 0.12:
            if not self.propose(step):
                return False
            step = random.choice((1, 2, 3, 4))
            if random.random() < 0.25:
                if not self.do("reject_proposal", {}, HOLDER, step) or not self.session(2):
                    return False
            elif not self.do("accept_proposal", {}, HOLDER, step):
                return False
        chance = random.random()
        if chance < 0.17 and self.life.state == "mediating":
            self.outcome = "settled"
            return self.do("settle", {"text": self.say("agreed")}, self.mediator, step)
        if chance < 0.83:
            self.outcome = "agreed"
            at = self.later(step)
            until = (
                (at + timedelta(days=random.choice((3, 7, 10, 15, 30)))).astimezone(LOCAL).date()
            )
            form = (
                {"form": "written", "signed": True} if random.random() < 0.64 else {"form": "oral"}
            )
            data = form | {"text": self.say("agreed"), "perform_by": until}
            return self.life.act("agree", data, self.mediator, at)
        self.outcome = "failed"
        data = {
            "ground": random.choices(("refused", "no_agreement", "absent", "time"), (3, 4, 2, 1))[
                0
            ],
            "remedy": self.say("remedies"),
        }
        return self.do("fail", data, self.mediator, step)

    def after(self) -> None:
        """Performance, the court, the visit, the citizen's word, and sometimes all over again."""
        random = self.random
        if self.outcome == "agreed":
            chance = random.random()
            once = self.round == 1 and self.category != "family"
            if once and random.random() < 0.07 and not self._court():
                return
            if chance < 0.055:
                if not self.do("breach", {"remedy": self.say("breach")}, self.mediator, 20):
                    return
            elif not self.do("perform", {"text": self.say("performed")}, self.mediator, random.choice(_PERFORMED)):  # fmt: skip
                return
        how = random.choices(("home", "phone", "hall"), (22, 70, 8))[0]
        data = {"how": how, "text": self.say("visited")}
        if not self.do("visit", data, self.mediator, random.choice(_VISITED)):  # fmt: skip
            return
        if self._word():
            if silence := self.life.due("word"):
                self.life.timers(datetime.combine(silence + timedelta(days=1), time(0, 5), LOCAL))
            if self.life.state == "spoken":
                self.do("archive", {}, self.mediator, random.choice((0, 0, 1, 2, 4, 7, 9, 11)))

    def _court(self) -> bool:
        random = self.random
        data = {"court": f"{self.town.county_name}人民法院"}
        if not self.do("apply_court", data, self.mediator, random.choice((1, 4, 9, 16))):
            return False
        taken = random.random() < 0.95
        if taken and not self.do("court_take", {}, self.mediator, random.choice((1, 2, 2, 3))):
            return False
        result = random.choice(("confirmed",) * 29 + ("refused",)) if taken else "not_taken"
        return self.do(
            "court_result", {"result": result}, self.mediator, random.choice((2, 6, 9, 13))
        )

    def _word(self) -> bool:
        """What the citizen says, if anything; False where it is taken up again, or still to come."""
        random = self.random
        if random.random() < 0.33:
            return True
        pleased = random.random() < {"agreed": 0.93, "settled": 0.95, "failed": 0.55}[self.outcome]
        data: dict[str, Any] = {"text": self.say("confirmed" if pleased else "disagreed")}
        if random.random() < 0.8:
            data["rating"] = random.choices((5, 4, 3), (6, 3, 1))[0] if pleased else random.choice((1, 2, 2, 3))  # fmt: skip
        by = self.window if random.random() < 0.25 else HOLDER
        action = "confirm" if pleased else "disagree"
        if not self.do(action, data, by, random.choice((0, 1, 2, 3, 5, 8))):
            return False
        if self.round > 1 or random.random() < (0.985 if pleased else 0.5):
            return True
        wait = random.choice((2, 5, 9, 20, 40))
        if self.do("reopen", {"why": self.say("reopened")}, HOLDER, wait) and self.mediate():
            self.after()
        return False


#: Days until performance and until the visit: most in time, many just so, a few late.
_PERFORMED = (0, 0, 1, 2, 2, 3, 4, 5, 7, 7, 9, 10, 11, 12, 13, 14, 14, 14, 15, 21)
_VISITED = (1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 13, 14, 14, 14, 15, 19)
