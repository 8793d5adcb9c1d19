"""One carried case as it is lived: mostly kept, some only on paper, some late."""

from __future__ import annotations

from datetime import datetime
from random import Random
from typing import Any

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.matters.acts import Intent
from dingzi.matters.samples import DOOR, Life, SampleCity, Story

#: Roles that ask for a leader; of the last who had the matter in hand, one that has it.
ASKING = frozenset({"petition", "window", "supervisor", "inspector"})
#: Of a hundred matters so many are carried; of those that went on for long more.
SHARE, HARD = 0.02, 0.12
LONG = 9

FOUND = (
    "前期材料齐全，症结在两个单位都认为不归自己。",
    "诉求合理，卡在资金来源没有落实。",
    "政策依据清楚，没有向当事人讲明白。",
)
SAID = (
    "当事人提了三条要求，逐条答复，一条当场定下来办。",
    "当面听了诉求，说清了能办的和不能办的。",
    "当事人情绪平稳，同意按方案办。",
)
DECIDED = (
    "由住建部门牵头，十五个工作日内拿出方案并告知当事人。",
    "资金由区级先安排，责任单位每周报进度。",
    "按规定办，能办的立即办，不能办的由专人解释。",
)
DONE = (
    "责任单位已经办完，材料附卷。",
    "款项已经拨付到位，当事人签收。",
    "问题已经整改，现场看过。",
)


def chance(story: Story) -> float:
    return HARD if len(story.acts) >= LONG else SHARE


class Carried:
    """A leader's part in a story that somebody else told."""

    def __init__(self, city: SampleCity, story: Story, random: Random) -> None:
        self.city, self.story, self.random = city, story, random
        self.words: list[tuple[datetime, str]] = []

    def assign(self) -> bool:
        """Find a moment, who asks and which leader; False where the story has no room for it."""
        own = [a for a in self.story.acts if a.number == "#"]
        begun = {
            a.number: _at(a) for a in reversed(self.story.acts) if a.number and "-" in a.number
        }
        firsts = [when for number, when in begun.items() if number.count("-") == 1]
        if len(own) < 2 or self.story.children != len(begun):
            return False
        after = max([*firsts, _at(own[0])])
        spots = [a for a in own[:-1] if _at(a) >= after and a.by.roles & ASKING]
        if not spots:
            return False
        spot = self.random.choice(spots)
        when = self.city.office(self.random, _at(spot), 0)
        later = [a for a in own if _at(a) > _at(spot)]
        if when >= min(_at(a) for a in later) or when > self.city.now:
            return False
        leader = self._leader(spot.by)
        if leader is None:
            return False
        number = f"#-{len(firsts) + 1}"
        self.story.acts.append(
            Intent(
                action="carry", number="#", by=spot.by, door=DOOR, recorded_at=when,
                data={"leader": leader.post, "what": "把这件事办到当事人认可"},
            )
        )  # fmt: skip
        self.leader, self.asker = leader, spot.by
        self.life: Life = self.story.child("carry", number, self.city)
        self.life.opened(when, "assigned")
        follows = self.life.process.follows
        self.words = sorted((_at(a), follows[a.action]) for a in later if a.action in follows)
        return True

    def _leader(self, by: Viewer) -> Viewer | None:
        """A leader of the city, the county or the township around who asks."""
        unit = directory.unit(by.unit)
        assert unit is not None
        wanted = self.random.choices((4, 6, 9), (1, 5, 4))[0]
        for unit_card in directory.units_of("government", unit.division[:wanted]):
            posts = [p for p in directory.posts_of(unit_card.id) if "leader" in p.roles]
            if posts:
                return self.city.staff(unit_card.id, "leader", self.random.randrange(len(posts)))
        return None

    def do(self, action: str, data: dict[str, Any], by: Viewer, days: float) -> bool:
        when = self.city.office(self.random, self.life.at, days)
        self._hear(when)
        if self.life.over or not self.life.process.allows(
            self.life.process.actions[action], self.life.state
        ):
            return False
        return self.life.act(action, data, by, when)

    def _hear(self, until: datetime) -> None:
        """Let what the person concerned said of the matter meanwhile take effect here."""
        while self.words and self.words[0][0] <= until:
            at, action = self.words.pop(0)
            self.life.timers(at)
            process = self.life.process
            if process.allows(process.actions[action], self.life.state):
                leads = "resolve" if action == "petitioner_confirms" else "resume"
                self.life.ruled(at, action)
                self.life.ruled(at, leads)

    def live(self) -> None:
        random = self.random
        if random.random() < 0.08:
            self._hear(self.city.now)
            return  # given to a leader and left lying
        read = {"text": random.choice(FOUND)}
        if self.do("read_file", read, self.leader, random.choice((0, 1, 2, 3, 5, 9))):
            self._meet()
        self._hear(self.city.now)

    def _meet(self) -> None:
        random = self.random
        said = {"heard": ["当事人"], "text": random.choice(SAID)}
        for action, chance in (("receive", 0.8), ("visit", 0.5)):
            if random.random() < chance and not self.do(
                action, said, self.leader, random.choice((2, 4, 8))
            ):
                return
        decided = {
            "units": [self.asker.unit], "text": random.choice(DECIDED),
            "by_when": self.city.today.isoformat(),
        }  # fmt: skip
        if not self.do("decide", decided, self.leader, random.choice((1, 3, 6))):
            return
        days = random.choice((12, 20, 35, 50, 70, 95))
        if not self._met() or not self.do(
            "settle", {"text": random.choice(DONE)}, self.leader, days
        ):
            return
        if random.random() < 0.5 and not self.story.confidential:
            self._look_back()

    def _met(self) -> bool:
        number = self.life.number
        return any(a.number == number and a.action in ("receive", "visit") for a in self.story.acts)

    def _look_back(self) -> None:
        unit = directory.unit(self.leader.unit)
        assert unit is not None
        # of the county, or else of the city: one that had no hand in the matter itself
        hands = {act.by.unit for act in self.story.acts}
        around = (unit.division[:6], unit.division[:4])
        inspecting = [u for place in around for u in directory.units_of("inspection", place)]
        found = [one for one in inspecting if one.id not in hands]
        if not found:
            return
        seen = {
            "result": self.random.choice(("resolved", "resolved", "resolved", "partly", "unresolved")),
            "text": "问了当事人，看了现场和凭证。",
        }  # fmt: skip
        by = self.city.staff(found[0].id, "inspector")
        if self.do("look_back", seen, by, self.random.choice((15, 25, 40))):
            state = self.life.state
            if seen["result"] != "resolved":
                self.life.ruled(self.life.at, "resume")
            elif state == "settled":
                self.life.ruled(self.life.at, "resolve")


def _at(act: Intent) -> datetime:
    assert act.recorded_at is not None
    return act.recorded_at
