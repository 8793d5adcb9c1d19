"""The sample city's units and posts, made by rule from its divisions and written in its book."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from dingzi.city import book, directory, divisions, residents
from dingzi.city.directory import DivisionCard
from dingzi.city.models import Level
from dingzi.city.viewer import SYSTEM

SINCE = date(2020, 1, 1)
Row = dict[str, Any]

#: kind of unit -> code's beginning, name's ending, posts as (code, name, English, roles).
TOWN = {
    "centre": ("zz", "综治中心", "Governance Centre", [
        ("sl", "受理岗", "Window", ["window", "backdate"]),
        ("zr", "主任岗", "Head", ["supervisor", "window"]),
    ]),
    "mediation": ("tj", "人民调解委员会", "Mediation Committee", [
        ("t1", "调解一岗", "Mediator 1", ["mediator", "backdate"]),
        ("t2", "调解二岗", "Mediator 2", ["mediator"]),
    ]),
    "justice": ("sf", "司法所", "Justice Office", [
        ("zl", "司法助理岗", "Justice assistant", ["mediator", "handler"]),
    ]),
    "police": ("pc", "派出所", "Police Station", [
        ("mj", "社区民警岗", "Community police", ["handler"]),
    ]),
    "government": ("zf", "人民政府", "Government", [
        ("ld", "包案领导岗", "Leader", ["leader"]),
    ]),
}  # fmt: skip
#: The government, and who inspects on its behalf, of the city and of its counties.
ABOVE = {
    "government": ("zf", "人民政府", "Government", [
        ("l1", "包案领导一岗", "Leader 1", ["leader"]),
        ("l2", "包案领导二岗", "Leader 2", ["leader"]),
        ("qz", "旧账清理岗", "Old debts", ["debts"]),
    ]),
    "inspection": ("dc", "督查室", "Inspection Office", [
        ("dc", "督查岗", "Inspector", ["inspector"]),
        ("hk", "回头看岗", "Look-back", ["inspector"]),
    ]),
}  # fmt: skip
COUNTY = {
    "centre": ("zz", "综治中心", "Governance Centre", [
        ("db", "督办岗", "Supervisor", ["supervisor", "window", "backdate"]),
        ("sl", "受理岗", "Window", ["window"]),
    ]),
    "court": ("fy", "人民法院", "People's Court", [
        ("sd", "诉调对接岗", "Court liaison", ["handler"]),
    ]),
}  # fmt: skip
#: Bureaux of a county: code, name, English name, its post.
BUREAUX = (
    ("zj", "住房和城乡建设局", "Housing Bureau", "物业管理岗"),
    ("rs", "人力资源和社会保障局", "Human Resources Bureau", "劳动监察岗"),
    ("zr", "自然资源局", "Natural Resources Bureau", "确权登记岗"),
    ("sc", "市场监督管理局", "Market Bureau", "消费维权岗"),
    ("jy", "教育体育局", "Education Bureau", "安全稳定岗"),
    ("wj", "卫生健康委员会", "Health Commission", "医政岗"),
    ("jt", "交通运输局", "Transport Bureau", "运政岗"),
    ("ny", "农业农村局", "Agriculture Bureau", "农经岗"),
    ("hb", "生态环境局", "Environment Bureau", "执法岗"),
    ("mz", "民政局", "Civil Affairs Bureau", "综合岗"),
    ("sfj", "司法局", "Justice Bureau", "调解指导岗"),
)
#: What a bureau's desk is charged with besides.
MORE = {"zj": ("estates",), "zr": ("registry",)}
#: The petition offices of the city and of its counties.
OFFICE = ("xf", "信访局", "Petition Bureau", [
    ("jf", "接访岗", "Reception", ["petition", "backdate"]),
    ("fc", "复查岗", "Review", ["petition"]),
])  # fmt: skip
CITY_POSTS = [
    ("db", "市级督办岗", "City supervisor", ["supervisor"]),
    ("fx", "分析岗", "Analyst", ["auditor"]),
    # who decides an erasure must see the matter: a steward alone sees none
    ("pt", "平台管理岗", "Steward", ["steward", "auditor"]),
    ("jk", "系统对接岗", "System interface", ["window"]),
    ("bj", "编辑岗", "Editor", ["editor"]),
    ("hg", "核稿岗", "Checking editor", ["editor"]),
]


def write(villages: bool) -> None:
    """Load the divisions, open all units and posts; village committees only where asked for."""
    if directory.city() is None:
        divisions.load(divisions.YICHUN.read_bytes(), since=SINCE)
        residents.record(list(_people()))
    units, posts = [], []
    for unit, its in _rows(villages):
        units.append(unit)
        posts += its
    book.record("unit_opened", {"rows": units}, by=SYSTEM)
    book.record("post_opened", {"rows": posts}, by=SYSTEM)


def _people() -> Iterator[Row]:
    """Yield made-up numbers of residents: by how many villages a county has, and fewer later."""
    city = directory.city()
    assert city is not None
    counties = directory.children(city.code)
    for since, of_100 in ((SINCE, 100), (date(2025, 1, 1), 98)):
        told = {c.code: 20 * of_100 * len(directory.below(c.code)) for c in counties}
        for code, people in {city.code: sum(told.values()), **told}.items():
            yield {
                "division": code,
                "since": since.isoformat(),
                "people": people,
                "source": "模拟数据 simulated",
                "simulated": True,
            }


def post_code(unit: str, post: str) -> str:
    return f"{unit}.{post}"


def _rows(villages: bool) -> Iterator[tuple[Row, list[Row]]]:
    city = directory.city()
    assert city is not None
    yield _unit(city, "centre", "zz", "综治中心", "Governance Centre", CITY_POSTS, "")
    above = post_code(f"zz-{city.code}", "db")
    short, name, english, posts = OFFICE
    yield _unit(city, "petition", short, name, english, posts, above)
    for kind, (short, name, english, posts) in ABOVE.items():
        yield _unit(city, kind, short, name, english, posts, above)
    for county in directory.children(city.code):
        head = post_code(f"zz-{county.code}", "db")
        for kind, (short, name, english, posts) in (COUNTY | ABOVE).items():
            yield _unit(county, kind, short, name, english, posts, head, above)
        short, name, english, posts = OFFICE
        yield _unit(county, "petition", short, name, english, posts, head)
        for short, name, english, post in BUREAUX:
            desk = [("jb", post, "Handler", ["handler", "mediator", *MORE.get(short, ())])]
            yield _unit(county, "bureau", short, name, english, desk, head)
        for town in directory.children(county.code):
            if town.level == Level.TOWN:
                yield from _town(town, head, villages)


def _town(town: DivisionCard, above: str, villages: bool) -> Iterator[tuple[Row, list[Row]]]:
    head = post_code(f"zz-{town.code}", "zr")
    for kind, (short, name, english, posts) in TOWN.items():
        yield _unit(town, kind, short, name, english, posts, head, above)
    for village in directory.children(town.code) if villages else ():
        ending = "居民委员会" if village.name.endswith("社区") else "民委员会"
        desk = [("zg", "综治专干岗", "Village officer", ["handler", "mediator"])]
        yield _unit(village, "village", "cw", ending, "Village Committee", desk, head)


def _unit(
    place: DivisionCard, kind: str, short: str, name: str, english: str,
    posts: list[tuple[str, str, str, list[str]]], head: str, above: str = "",
) -> tuple[Row, list[Row]]:  # fmt: skip
    """Return a unit and its posts; ``head`` supervises them, ``above`` supervises the head."""
    code = f"{short}-{place.code}"
    if kind == "government" and place.name.endswith("街道"):
        name, english = "办事处", "Subdistrict Office"
    unit = {
        "code": code, "name": place.name + name, "kind": kind, "division": place.code,
        "name_en": f"{place.name_en or place.name} {english}", "since": SINCE.isoformat(),
    }  # fmt: skip
    rows = []
    for short_post, title, title_en, roles in posts:
        own = post_code(code, short_post)
        supervisor = above if own == head else head
        row = {
            "code": own, "unit": code, "name": title, "name_en": title_en, "roles": sorted(roles),
            "since": SINCE.isoformat(),
        }  # fmt: skip
        rows.append(row | ({"supervisor": supervisor} if supervisor else {}))
    return unit, rows
