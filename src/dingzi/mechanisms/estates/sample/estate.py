"""One estate as it is lived: mostly cleared step by step, some stuck again, some only on paper."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from dingzi.city.viewer import Viewer
from dingzi.matters.samples import LOCAL, Life, SampleCity, SampleTown, Story
from dingzi.matters.sampling import texts_beside

from ..process import household

texts = partial(texts_beside, __file__)


class Estate:
    """One estate: its buildings, its obstacles, its households, and what the developer owes."""

    def __init__(self, city: SampleCity, town: SampleTown, random: Random) -> None:
        self.city, self.town, self.random = city, town, random
        self.story = Story()
        self.life: Life = self.story.child("estate", "#", city)
        self.housing, self.land = town.bureau("住房"), town.bureau("自然资源")
        self.parts = 0
        self.buildings: dict[str, int] = {}
        self.waiting: list[Life] = []

    @property
    def lead(self) -> Viewer:
        assert self.housing is not None
        return self.city.staff(self.housing, "estates")

    @property
    def registry(self) -> Viewer:
        assert self.land is not None
        return self.city.staff(self.land, "registry")

    def _handler(self, unit: int) -> Viewer:
        return self.city.staff(unit, "handler")

    def file(self, at: datetime) -> bool:
        if not (self.housing and self.land):
            return False
        random = self.random
        categories = texts()["categories"]
        name = random.choice(texts()["names"]) + random.choice(("", "一期", "二期", "三期"))
        years = random.randint(3, 12)
        data = {
            "name": name, "place": random.choice(self.town.villages or (self.town.code,)),
            "category": random.choices(list(categories), list(categories.values()))[0],
            "developer": f"{name}建设单位", "registry": self.land,
            "delivered_on": (at.date() - timedelta(days=365 * years)).isoformat(),
            "text": random.choice(texts()["stuck"]).format(n=years),
        }  # fmt: skip
        return self.life.act("file", data, self.lead, at)

    def do(self, action: str, data: dict[str, Any], days: float, by: Viewer | None = None) -> bool:
        when = self.city.office(self.random, self.life.at, days)
        return self.life.act(action, data, by or self.lead, when)

    def live(self) -> None:
        random = self.random
        for n in range(1, random.randint(2, 5)):
            self.buildings[f"{n}栋"] = random.randint(18, 42)
        if random.random() < 0.3:
            self.buildings["商铺"] = 2  # too few to be told by itself
        for name, count in self.buildings.items():
            if not self.do("add_building", {"building": name, "households": count}, 1):
                return
        if random.random() < 0.08:
            return  # listed, and nobody has looked at what is in the way
        obstacles = self._obstacles()
        if obstacles is None or not self._consult(random.choice((6, 12, 25))):
            return
        if random.random() < 0.5:
            self._separate()
        self._households()
        free = [self._way(kind, one) for kind, one in obstacles]
        if all(free) and self._issue():
            self._end([one for _, one in obstacles])

    def _obstacles(self) -> list[tuple[str, Life]] | None:
        random, known = self.random, texts()["obstacles"]
        weights = [one["weight"] for one in known.values()]
        found = []
        for kind in dict.fromkeys(random.choices(list(known), weights, k=random.randint(2, 4))):
            one = known[kind]
            unit = self.town.bureau(one["bureau"])
            told = {"obstacle": kind, "unit": unit, "what": one["what"]}
            if unit is None or not self.do("list_obstacle", told, random.choice((2, 5, 9))):
                return None
            self.parts += 1
            life = self.story.child("obstacle", f"#-{self.parts}", self.city)
            life.opened(self.life.at, "listed")
            found.append((kind, life))
        return found

    def _consult(self, days: float) -> bool:
        told = {
            "units": [self.housing, self.land], "chair": "分管负责人岗",
            "text": "分工清障，能容缺的写承诺，开发企业的欠账单列追缴。",
        }  # fmt: skip
        return self.do("consult", told, days)

    def _separate(self) -> None:
        told = {
            "owed": self.random.choice(("land_fee", "tax", "fund")), "unit": self.land,
            "amount": self.random.randint(20, 900) * 1_000_000, "what": "核定欠缴，依法追缴。",
        }  # fmt: skip
        if self.do("separate", told, 2):
            self.parts += 1
            self.story.child("liability", f"#-{self.parts}", self.city).opened(self.life.at, "owed")

    def _households(self) -> None:
        """The list comes in at once: some have had their certificate for years."""
        random, n = self.random, 0
        at = self.city.office(random, self.life.at, 3)
        old = (self.life.story.acts[0].recorded_at or at).date() - timedelta(days=900)
        for building, count in self.buildings.items():
            for nth in range(count):
                n += 1
                life = self.story.child(household.name, f"#h{n}", self.city)
                data: dict[str, Any] = {
                    "estate": "#", "building": building, "room": f"{nth // 4 + 1}0{nth % 4 + 1}室",
                    "owner": "业主某",
                }  # fmt: skip
                if random.random() < 0.04:
                    data["issued_on"] = old.isoformat()
                done = life.act("record", data, self.registry, at + timedelta(seconds=n))
                if done and "issued_on" in data:
                    life.ruled(life.at, "issue")
                elif done:
                    self.waiting.append(life)

    def _way(self, kind: str, life: Life) -> bool:
        """Clear an obstacle, or let it come later; False while it stands in the way."""
        random = self.random
        unit = self.town.bureau(texts()["obstacles"][kind]["bureau"])
        assert unit is not None
        by = self._handler(unit)
        begin = max(life.at, self.life.at)
        if kind in ("survey", "archive", "civil_defence", "land_fee", "fund", "facilities"):
            return self._promise(life, begin, by)
        days = random.choice(
            (20, 45, 70, 84, 88, 89, 130)
        )  # some wait for the last days, some miss
        when = self.city.office(random, begin, days)
        return life.act("clear", {"text": "手续补齐了。"}, by, when)

    def _promise(self, life: Life, begin: datetime, by: Viewer) -> bool:
        random = self.random
        when = self.city.office(random, begin, random.choice((2, 6, 15)))
        ahead = random.choice((60, 90, 120, 180))
        day = when.astimezone(LOCAL).date() + timedelta(days=ahead)
        told = {
            "promised_by": random.choice(("developer", "bureau", "government")),
            "by_when": day.isoformat(), "text": "按日期补齐材料。",
        }  # fmt: skip
        if not life.act("tolerate", told, self.lead, when, added=ahead - 1):
            return False
        late = random.random() < 0.25
        kept = self.city.office(random, when, ahead + 30 if late else ahead - random.randint(1, 40))
        if late:
            life.timers(kept)
            if life.state == "pursued" and random.random() < 0.7:
                demand = {"measure": "demand", "text": "书面催告。"}
                life.act("pursue", demand, self.lead, self.city.office(random, life.at, 5))
        life.act("keep", {"text": "补齐了。"}, by, max(kept, life.at))
        return True

    def _issue(self) -> bool:
        free = [
            life.at if life.state == "cleared" else _promised(life)
            for life in self.story.lives
            if life.process.name == "obstacle"
        ]
        self.life.at = max([self.life.at, *free])
        if not self.do("open_issuing", {}, 2):
            return False
        random, begin = self.random, self.life.at
        for life in self.waiting:
            if random.random() < 0.03:
                aside = {
                    "ground": random.choice(("not_wanted", "unreachable")),
                    "text": "暂不申请。",
                }
                life.act("set_aside", aside, self.registry, self.city.office(random, begin, 40))
                continue
            when = self.city.office(random, begin, random.triangular(1, 150, 25))
            if not life.act("apply", {}, self.registry, when):
                continue
            if random.random() < 0.06:
                missing = {"text": "缺契税完税凭证、购房发票。"}
                life.act(
                    "tell_missing", missing, self.registry, self.city.office(random, life.at, 2)
                )
                life.act("papers_in", {}, self.registry, self.city.office(random, life.at, 9))
            days = random.choice((3, 5, 8, 12, 20)) if random.random() < 0.95 else 50
            life.act("issue", {}, self.registry, self.city.office(random, life.at, days))
        return True

    def _end(self, obstacles: list[Life]) -> None:
        """Clear it once every household is served and every obstacle is gone."""
        served = all(life.state in ("issued", "aside") for life in self.waiting)
        if not served or any(life.state != "cleared" for life in obstacles):
            return
        last = max(life.at for life in [*self.waiting, *obstacles])
        self.life.at = max(self.life.at, last)
        self.do("clear", {"text": "逐户核对，都办了或者写明了原因。"}, 6)


def _promised(life: Life) -> datetime:
    """Return when an obstacle was tolerated: from then on it is in nobody's way."""
    acts = [a for a in life.story.acts if a.number == life.number and a.action == "tolerate"]
    return acts[0].recorded_at or life.at
