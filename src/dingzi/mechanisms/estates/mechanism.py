"""Stuck estates and their households, as the doors see them."""

from __future__ import annotations

from dingzi.city import roles
from dingzi.core.registry import Mechanism, Progress, register
from dingzi.core.text import Text

from . import selectors
from .process import estate
from .sample import stories

_file = estate.latest.actions["file"]
CATEGORIES = next(f for f in _file.fields if f.name == "category").choices
LAW = ("不动产登记暂行条例", "城市房地产开发经营管理条例")

estates = Mechanism(
    name="estates",
    title=Text("问题楼盘", "Stuck estates"),
    process="estate",
    icon="building",
    about=Text(
        "办不了证的楼盘：卡在哪里、谁来清、哪些可以后补、一户一户发证。",
        "Estates without certificates: what is in the way, who clears it, what may come later.",
    ),
    categories=CATEGORIES,
    legal_basis=LAW,
    sample=stories,
    opening="file",
    order=40,
    progress=Progress(
        title=Text("问题楼盘办证进展", "Stuck estates: how far they are"),
        about=Text(
            "每个楼盘卡在哪里、哪个单位在清、多少户拿到了证。不写住户是谁、住哪一间。",
            "What holds up each estate, which unit clears it, how many households have their "
            "certificate. No owner and no home is named.",
        ),
        unit=Text("户", "households"),
        all=selectors.standings,
        one=selectors.standing,
    ),
)
households = Mechanism(
    name="households",
    title=Text("户办证", "Household certificates"),
    process="household",
    icon="home",
    about=Text(
        "问题楼盘里的一户一户：名单导入，受理，补件，发证。",
        "The households of stuck estates: listed by Excel, accepted, issued.",
    ),
    categories=CATEGORIES,
    legal_basis=LAW,
    order=41,
)
register(estates)
register(households)
roles.register(
    roles.Role(name="estates", zh="问题楼盘", en="Stuck estates"),
    roles.Role(name="registry", zh="不动产登记", en="Real estate registry"),
)
