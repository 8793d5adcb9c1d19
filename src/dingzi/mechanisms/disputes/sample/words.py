"""What people say in the sample city's disputes, composed from ``texts.yaml``."""

from __future__ import annotations

from functools import cache, partial
from itertools import accumulate
from random import Random

from dingzi.matters.samples import SampleTown
from dingzi.matters.sampling import texts_beside

_FIRMS = {
    "property": ("物业公司",), "wages": ("施工队", "加工厂", "工程公司", "饭店"),
    "consumer": ("门店", "培训班", "装修公司", "健身房", "超市"),
    "environment": ("养殖场", "烧烤店", "加工厂", "工地"), "medical": ("诊所", "医院"),
    "government": ("办事处",), "contract": ("建材行", "运输队"),
}  # fmt: skip


parts = partial(texts_beside, __file__)


@cache
def mix(kind: str, county: str, month: int) -> tuple[list[str], list[float]]:
    """Return categories and cumulative weights of a kind of township in a county and month."""
    texts = parts()
    leaning = Random(f"county {county}")  # noqa: S311
    weights = {
        name: weight
        * leaning.lognormvariate(0, 0.22)
        * texts["towns"].get(kind, {}).get(name, 1)
        * (texts["months"][name][month - 1] if name in texts["months"] else 1)
        for name, weight in texts["weights"].items()
    }
    return list(weights), list(accumulate(weights.values()))


class Words:
    """The words of one dispute: one trouble, its people, its place; nobody is real.

    Attributes
    ----------
    sub, title : the finer category and a clerk's title.
    fill : what stands in for ``{a}``, ``{b}`` and so on.
    """

    def __init__(self, random: Random, category: str, town: SampleTown) -> None:
        texts = parts()
        own = texts[category]
        self.random = random
        a, b = random.choice(texts["surnames"]), random.choice(texts["surnames"])
        if category in _FIRMS and random.random() < 0.75:
            b = f"{b}某的{random.choice(_FIRMS[category])}"
        else:
            b = random.choice((f"{b}某", f"{b}某", f"{b}某某", "住户乙", "对方"))
        money = random.choice(own["money"])
        self.fill = {
            "a": f"{a}某", "b": b, "n": random.randint(2, 9), "m": random.randint(2, 9),
            "money": money + random.randint(0, 9) * money // 200 * 10,
            "day": random.randint(2, 27), "county": town.county_name,
            "spot": _spot(random, town),
        }  # fmt: skip
        self.fill["when"] = random.choice(texts["when"]).format_map(self.fill)
        self.sub, title, self._what, self._wants, self._agreed = random.choice(own["cases"])
        self.title = title.format_map(self.fill)

    def say(self, name: str) -> str:
        """Return one of the texts of that name; ``agreed`` fits what the dispute is about."""
        found: str = self._agreed if name == "agreed" else self.random.choice(parts()[name])
        return found.format_map(self.fill)

    def told(self) -> str:
        """Return the trouble as somebody tells it."""
        said: str = self.say("opening") + self._what.format_map(self.fill)
        for _ in range(self.random.choice((0, 1, 1, 2))):
            said += self.say("details")
        return f"{said}{self._wants.format_map(self.fill)}。{self.say('closing')}"

    def told_again(self, text: str) -> str:
        """Return the same trouble as another of the family tells it."""
        tail = self.random.choice(("", "这件事我爱人也报过。", "前几天打过电话。", "请一并处理。"))
        return f"{text}{self.say('details')}{tail}"


def _spot(random: Random, town: SampleTown) -> str:
    texts = parts()
    if town.kind == "street" or random.random() < 0.3:
        if random.random() < 0.3:
            return f"{random.choice(texts['roads'])}{random.randint(1, 260)}号"
        return (
            f"{random.choice(texts['estates'])}{random.randint(1, 32)}栋{random.randint(1, 4)}单元"
            f"{random.randint(1, 17)}0{random.randint(1, 4)}"
        )
    return f"{random.choice(texts['groups'])}{random.randint(1, 90)}号"
