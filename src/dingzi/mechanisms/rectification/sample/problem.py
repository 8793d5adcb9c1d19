"""One problem as it is lived: mostly in time, some returned, some back after delisting."""

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


class Listed:
    """One problem: its list, its unit, and what becomes of it."""

    def __init__(self, city: SampleCity, town: SampleTown, random: Random) -> None:
        self.city, self.town, self.random = city, town, random
        self.story = Story()
        self.life: Life = self.story.child("problem", "#", city)
        self.kind: dict[str, Any] = random.choices(
            texts()["problems"], [one["weight"] for one in texts()["problems"]]
        )[0]
        self.unit = town.bureau(self.kind["bureau"])
        self.inspector = self._inspector(0)

    def _inspector(self, nth: int) -> Viewer:
        unit = directory.units_of("inspection", self.town.county)[0]
        return self.city.staff(unit.id, "inspector", nth)

    def say(self, name: str) -> str:
        return str(self.random.choice(texts()[name]))

    def find(self, at: datetime) -> bool:
        random = self.random
        title = self.kind["title"].format(place=self.town.name)
        data = {
            "list": self.kind["list"], "category": self.kind["category"], "title": title,
            "text": f"{title}。{self.say('found')}",
            "place": random.choice(self.town.villages or (self.town.code,)),
            "how": random.choices(("inspection", "people", "own"), (60, 30, 10))[0],
        }  # fmt: skip
        return self.unit is not None and self.life.act("find", data, self.inspector, at)

    def do(self, action: str, data: dict[str, Any], by: Viewer, days: float) -> bool:
        when = self.city.office(self.random, self.life.at, days)
        return self.life.act(action, data, by, when)

    def live(self) -> None:
        random = self.random
        assert self.unit is not None
        self.hand = self.city.staff(self.unit, "handler")
        if random.random() < 0.03:
            return  # found and given to nobody
        given = {"lead": self.unit, "category": self.kind["category"]}
        if not self.do("assign", given, self.inspector, random.choice((0, 1, 2, 4))):
            return
        if random.random() < 0.09:
            if not self.do(
                "argue", {"why": self.say("argued")}, self.hand, random.choice((3, 9, 20))
            ):
                return
            stands = random.random() < 0.3
            review = "uphold_argument" if stands else "reject_argument"
            if not self.do(review, {"why": self.say("reviewed")}, self.inspector, 12) or stands:
                return
        elif not self.do(
            "recognise", {"cause": self.say("causes")}, self.hand, random.choice((1, 2, 4, 9))
        ):
            return
        self._rectify(0)

    def _rectify(self, nth: int) -> None:
        random = self.random
        by_when = (self.life.at + timedelta(days=60)).astimezone(LOCAL).date()
        votes = self.kind["category"] == "property" and random.random() < 0.7
        plan = {"text": self.say("plans"), "by_when": by_when.isoformat(), "needs_vote": votes}
        if not self.do("plan", plan, self.hand, random.choice((2, 5, 8, 10, 14))):
            return
        if votes and not self._vote():
            return
        days = random.choice((15, 30, 45, 60, 80, 87, 88, 89, 89, 110))  # pressure before the end
        while True:
            if not self.do("finish", {"text": self.say("done")}, self.hand, days):
                return
            if random.random() > 0.14:
                break
            if not self.do("return_it", {"text": self.say("returned")}, self.inspector, 6):
                return
            days = random.choice((8, 15, 30))
        if not self.do(
            "accept", {"text": self.say("accepted")}, self.inspector, random.choice((2, 5, 9))
        ):
            return
        if not self.do("delist", {}, self.inspector, random.choice((0, 1, 3))):
            return
        self._look_back(nth)

    def _vote(self) -> bool:
        """Sometimes the first vote lacks its quorum; the last one passes, or it waits on."""
        random = self.random
        owners, area = random.randint(180, 900), random.randint(16_000, 80_000)
        for nth in range(2):
            part = random.choice((60, 71, 78, 84)) if nth == 0 else 88
            for_it = random.choice((70, 78, 85))
            data = {
                "item": self.kind.get("item", "service"), "owners": owners, "area": area,
                "owners_voting": owners * part // 100, "area_voting": area * part // 100,
                "owners_for": owners * part * for_it // 10_000,
                "area_for": area * part * for_it // 10_000,
            }  # fmt: skip
            if not self.do("vote", data, self.hand, random.choice((12, 20, 28))):
                return False
            weighty = data["item"] in ("fund_raise", "rebuild", "common_use")
            if part >= 68 and for_it >= (76 if weighty else 51):
                return True
        return False

    def _look_back(self, nth: int) -> None:
        random = self.random
        back = random.random() < 0.11
        seen = {"result": "relapsed" if back else "holds", "text": self.say("seen")}
        days = random.choice((120, 150, 170, 178, 179, 190))
        if not self.do("look_back", seen, self._inspector(1), days) or not back:
            return
        self.life.state = "delisted"
        self.life.ruled(self.life.at, "relist")
        if nth == 0:
            self._rectify(1)
