"""One old debt as it is lived: recognised, put off, paid in parts, or left lying."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.matters.samples import LOCAL, Life, SampleCity, SampleTown, Story
from dingzi.matters.sampling import texts_beside

texts = partial(texts_beside, __file__)


class Owed:
    """One obligation: who owes it to whom, and what becomes of it."""

    def __init__(self, city: SampleCity, town: SampleTown, random: Random) -> None:
        self.city, self.town, self.random = city, town, random
        self.story = Story()
        self.life: Life = self.story.child("debt", "#", city)
        kinds = texts()["debts"]
        self.kind: dict[str, Any] = random.choices(kinds, [one["weight"] for one in kinds])[0]
        self.unit = town.bureau(self.kind["bureau"])
        office = directory.units_of("government", town.county)[0]
        self.desk: Viewer = city.staff(office.id, "debts")

    def say(self, name: str) -> str:
        return str(self.random.choice(texts()[name]))

    def enter(self, at: datetime) -> bool:
        random = self.random
        years = random.choices((0, 1, 2, 4, 7, 11), (20, 25, 20, 18, 12, 5))[0]
        arose = at.astimezone(LOCAL).date() - timedelta(days=365 * years + random.randint(20, 300))
        self.amount = random.randint(3, 400) * 100_000 if self.kind["money"] else None
        data = {
            "category": self.kind["category"], "title": self.kind["title"], "text": self.say("how"),
            "owed_to": self.say("creditors"), "basis": self.say("bases"),
            "arose_on": arose.isoformat(), "owing": self.unit,
        }  # fmt: skip
        if self.amount:
            data["amount"] = self.amount
        return self.unit is not None and self.life.act("enter", data, self.desk, at)

    def do(self, action: str, data: dict[str, Any], by: Viewer, days: float) -> bool:
        when = self.city.office(self.random, self.life.at, days)
        return self.life.act(action, data, by, when)

    def live(self) -> None:
        random = self.random
        assert self.unit is not None
        self.hand = self.city.staff(self.unit, "handler")
        chance = random.random()
        if chance < 0.16:
            return  # entered, and nobody answers for it
        if chance < 0.27:
            why = {
                "ground": random.choice(("no_basis", "paid", "other_unit")),
                "why": self.say("whys"),
            }
            if not self.do("dispute", why, self.hand, random.choice((2, 6, 10))):
                return
            owed = random.random() < 0.7
            ruling = "rule_owed" if owed else "rule_void"
            if not self.do(ruling, {"why": self.say("rulings")}, self.desk, 12) or not owed:
                return
        elif not self.do(
            "recognise", {"text": self.say("states")}, self.hand, random.choice((1, 3, 8, 13))
        ):
            return
        if random.random() > 0.1:  # else recognised and put off
            self._perform()

    def _perform(self) -> None:
        random = self.random
        by_when = (self.life.at + timedelta(days=150)).astimezone(LOCAL).date().isoformat()
        plan = {"text": self.say("plans"), "by_when": by_when}
        if not self.do("plan", plan, self.hand, random.choice((5, 12, 18, 26))):
            return
        parts = random.choice((1, 1, 2, 3))
        for nth in range(parts):
            step: dict[str, Any] = {"text": self.say("steps")}
            if self.amount:
                first = self.amount // parts
                step["paid"] = first if nth < parts - 1 else self.amount - first * (parts - 1)
            if not self.do("step", step, self.hand, random.choice((20, 40, 70, 110))):
                return
        if self.do("perform", {"text": self.say("done")}, self.hand, random.choice((1, 5, 15))):
            self._settle()

    def _settle(self) -> None:
        random, chance = self.random, self.random.random()
        if chance < 0.5:
            self.do("confirm", {"text": "对方说已经收到。"}, self.desk, random.choice((3, 9, 20)))
        elif chance < 0.58:
            self.do(
                "disagree", {"text": "对方说利息没有算。"}, self.desk, random.choice((3, 9, 20))
            )
        elif chance < 0.85:
            self.do(
                "check", {"text": "核了付款凭证和签收单。"}, self.desk, random.choice((10, 35, 50))
            )
