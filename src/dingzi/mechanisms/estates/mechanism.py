"""Stuck estates and their households, as the doors see them."""

from __future__ import annotations

from dingzi.city import roles
from dingzi.core.registry import Board, Mechanism, Progress, Section, register
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
    board=Board(
        title=Text("楼盘障碍", "Obstacles of estates"),
        about=Text(
            "容缺承诺到没到期、有没有补齐，没补齐的正在怎么追；还有说不归自己的，和您单位要清的。",
            "Which promises are due and which were broken and are pursued; what a unit says is not "
            "its own, and what your unit has to clear.",
        ),
        roles=frozenset({"estates", "handler", "supervisor", "inspector"}),
        sections=tuple(
            Section(title=title, rows=rows, note=selectors.obstacle)
            for title, rows in (
                (Text("承诺到期没有补齐，正在追", "Promise broken, pursued"), selectors.pursued),
                (Text("承诺了，还没到期", "Promised, still to come"), selectors.promised),
                (
                    Text("说不归自己，等会商", "Said to be another's, to be consulted on"),
                    selectors.disowned,
                ),
                (Text("本单位要清的", "For your unit to clear"), selectors.to_clear),
            )
        ),
    ),
    progress=Progress(
        title=Text("问题楼盘办证进展", "Stuck estates: how far they are"),
        about=Text(
            "每个楼盘卡在哪里、哪个单位在清、多少户拿到了证。不写住户是谁、住哪一间。",
            "What holds up each estate, which unit clears it, how many households have their "
            "certificate. No owner and no home is named.",
        ),
        unit=Text("户", "households"),
        all=selectors.standings,
        most=selectors.LISTED,
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
