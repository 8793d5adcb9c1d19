"""One petition as it is lived: mostly in time, some late, some twice, some with a review."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from dingzi.city import directory
from dingzi.city.viewer import PUBLIC, Viewer
from dingzi.matters.samples import HOLDER, Life, SampleCity, SampleTown, Story
from dingzi.matters.sampling import texts_beside

CHANNELS = ("web", "visit", "letter", "phone", "handed")


texts = partial(texts_beside, __file__)


class Petition:
    """One petition: its words, its unit, and what becomes of it."""

    def __init__(self, city: SampleCity, town: SampleTown, random: Random) -> None:
        self.city, self.town, self.random = city, town, random
        self.story = Story()
        self.life: Life = self.story.child("petition", "#", city)
        weights = texts()["weights"]
        self.category: str = random.choices(list(weights), list(weights.values()))[0]
        self.kind = random.choices(("claim", "suggestion", "accusation"), (86, 10, 4))[0]
        self.story.confidential = self.kind == "accusation"
        self.office = self._at("petition", town.county, "petition")
        self.unit = town.bureau(texts()["bureaux"][self.category])
        self.handler = city.staff(self.unit, "handler") if self.unit else self.office

    def _at(self, kind: str, code: str, role: str) -> Viewer:
        return self.city.staff(directory.units_of(kind, code)[0].id, role)

    def say(self, name: str) -> str:
        return str(self.random.choice(texts()[name]))

    def receive(self, at: datetime) -> bool:
        random, found = self.random, texts()[self.kind]
        told = found[self.category] if self.kind == "claim" else found
        number = random.randint(2, 9)
        text = random.choice(told).format(
            n=number, spot=self.say("spots"), when=self.say("when").format(n=number)
        )
        channel = random.choices(CHANNELS, (46, 22, 9, 14, 9))[0]
        people = random.choices((1, 2, 6, 18), (86, 8, 4, 2))[0] if channel == "visit" else 1
        data: dict[str, Any] = {
            "text": text, "kind": self.kind, "place": random.choice(self.town.villages or (self.town.code,)),
            "channel": channel, "people": people, "name": random.choice(texts()["surnames"]) + "某",
            "phone": f"1380000{random.randint(0, 9999):04d}",
        }  # fmt: skip
        if people > 1:
            data["representatives"] = [f"代表{n}" for n in range(1, min(people, 5) + 1)]
        by = PUBLIC if channel == "web" else self.office
        return self.life.act("receive", data, by, at)

    def do(self, action: str, data: dict[str, Any], by: Viewer, days: float) -> bool:
        when = self.city.office(self.random, self.life.at, days)
        return self.life.act(action, data, by, when)

    def live(self) -> None:
        """Everything from the register on."""
        random = self.random
        chance = random.random()
        if chance < 0.012:
            return  # received at a door and never registered
        wait = random.choice((0, 0, 1, 1, 2, 3, 5, 8, 11)) if chance < 0.96 else 17
        data = {"category": self.category, "again": random.random() < 0.17}
        if not self.do("register", data, self.office, wait):
            return
        if chance > 0.985:
            self.do("withdraw", {"why": "已经解决"}, HOLDER, 1)
            return
        if chance > 0.95:
            told = {"ground": "elsewhere", "text": "请向有管辖权的机关提出。"}
            self.do("decline", told, self.office, 2)
            return
        if not self.unit or not self._route(random.choice((0, 1, 1, 2, 4))):
            return
        self._handled()

    def _route(self, days: float) -> bool:
        if not self.do("route", {"lead": self.unit}, self.office, days):
            return False
        if self.random.random() > 0.06:
            return True
        if not self.do("object", {"why": "职责不在本单位。"}, self.handler, 2):
            return False
        return self.do("rule_theirs", {"why": "按职责清单归该单位。"}, self.office, 3)

    def _handled(self) -> None:
        random = self.random
        wait = random.choice((1, 2, 3, 5, 8, 12, 13, 14)) if random.random() < 0.95 else 18
        if self.kind == "suggestion":
            results = ("adopted", "partly", "not_adopted")
            answer = {"result": random.choice(results), "text": self.say("answers")}
            if self.do("take_suggestion", {}, self.handler, wait):
                self._told("answer", answer, random.choice((6, 15, 30, 50)))
        elif self.kind == "accusation":
            answer = {
                "result": random.choice(("dealt_with", "unfounded")),
                "text": "已依规依纪依法处理。",
            }
            if self.do("take_accusation", {}, self.handler, wait):
                self._told("answer", answer, random.choice((20, 45, 70, 85)))
        elif self.category == "courts":
            told = {
                "path": "litigation",
                "text": "请依法申请再审或者申请执行，去作出判决的法院办理。",
            }
            self._told("direct_claim", told, wait)
        elif random.random() < 0.24:
            self._told("answer_now", {"text": "情况属实，已经当场安排解决。"}, wait)
        elif self.do("accept_claim", {}, self.handler, wait):
            self._claim()

    def _claim(self) -> None:
        random = self.random
        days = min(max(random.lognormvariate(3.2, 0.6), 3), 75)
        if days > 52 and random.random() < 0.6:
            days = random.choice((56, 58, 59, 59))  # pressure before the end
        data = {"inquirers": ["经办甲", "经办乙"], "heard": ["信访人"], "text": self.say("found")}
        if not self.do("inquire", data, self.handler, days / 2):
            return
        if days > 58:
            more = {
                "days": random.choice((15, 20, 30)),
                "approved_by": "局长岗",
                "text": "情况复杂，需要鉴定。",
            }
            if not self.do("prolong", more, self.handler, days / 4):
                return
        result = random.choices(("supported", "explained", "not_supported"), (62, 22, 16))[0]
        letter = {
            "result": result, "found": self.say("found"), "basis": self.say("basis"),
            "text": self.say("opinion"),
        }  # fmt: skip
        if not self.do("opine", letter, self.handler, days / 2):
            return
        if not self.do("serve", {"how": random.choice(("direct", "post", "web"))}, self.handler, 2):
            return
        if result == "supported":
            self.do(
                "fulfil", {"text": self.say("fulfilled")}, self.handler, random.choice((3, 8, 20))
            )
        if result != "supported" and random.random() < 0.22:
            self._review()
        else:
            self._word(result == "supported")

    def _review(self) -> None:
        if not self.do(
            "ask_review", {"why": self.say("why")}, HOLDER, self.random.choice((5, 12, 22))
        ):
            return
        review = self.story.child("review", "#-1", self.city)
        review.opened(self.life.at, "asked")
        reviewer = self._at("petition", self.town.county, "petition")
        when = self.city.office(self.random, review.at, self.random.choice((12, 20, 27)))
        if not review.act("decide", {"result": "upheld", "text": "维持原意见。"}, reviewer, when):
            return
        self.life.ruled(review.at, "review_done")
        if self.do("serve", {"how": "direct"}, self.handler, 2):
            self._word(False)

    def _told(self, action: str, data: dict[str, Any], days: float) -> None:
        if self.do(action, data, self.handler, days):
            self._word(self.random.random() < 0.7)

    def _word(self, pleased: bool) -> None:
        random = self.random
        if self.life.state not in ("answered", "directed", "opined", "reviewed"):
            return
        if random.random() < 0.55:
            happy = random.random() < (0.86 if pleased else 0.25)
            said = {"text": self.say("words" if happy else "unhappy")}
            own = random.random() < 0.7 or self.handler == self.office
            by = HOLDER if own else self.office
            if not self.do("confirm" if happy else "disagree", said, by, random.choice((1, 4, 9))):
                return
        if random.random() < 0.2 and self.handler != self.office:
            seen = {
                "result": random.choice(("resolved", "resolved", "partly", "unresolved")),
                "text": "看了现场，问了信访人。",
            }
            self.do("look_back", seen, self.office, random.choice((10, 20, 40)))
