"""Rectification lists, as the doors see them."""

from __future__ import annotations

from typing import Any

from dingzi.city import directory, roles
from dingzi.core.registry import Birth, Board, Facet, Mechanism, Section, register
from dingzi.core.text import Text

from . import selectors
from .process import problem
from .sample import stories

CATEGORIES = next(f for f in problem.latest.actions["find"].fields if f.name == "category").choices


def from_guard(seen: Any) -> dict[str, Any]:
    """Return the data with which a guard's reading is listed: what it saw, in its own words."""
    city = directory.city()
    return {
        "list": "achievement",
        "how": "figure",
        "category": "numbers",
        "title": seen.title,
        "text": seen.text,
        "place": city.code if city else "",
        "figure": seen.figure,
        "guard": seen.guard,
        "month": seen.month,
    }


register(
    Mechanism(
        name="rectification",
        title=Text("整改清单", "Rectification lists"),
        process=problem.name,
        icon="flag",
        about=Text(
            "重点地区、书记领衔、政绩观偏差三张清单：发现、认账、整改、别人验收、销号、回头看。",
            "Three lists, of hotspot areas, of the secretary's projects and of deviations in the view "
            "of achievement: found, recognised, rectified, accepted by others, delisted, looked back on.",
        ),
        categories=CATEGORIES,
        legal_basis=("政府督查工作条例", "民法典"),
        sample=stories,
        opening="find",
        facet=Facet(
            label=Text("哪张清单", "Which list"),
            every=Text("三张清单", "All three lists"),
            column="problem__on_list",
            choices=selectors.LISTS,
        ),
        birth=Birth(
            action="find",
            label=Text("列为问题", "List as a problem"),
            data=from_guard,
        ),
        board=Board(
            title=Text("整改进度", "Rectification"),
            about=Text(
                "等您交办、验收、回头看的，和您单位要改的。谁整改的谁不能验收。",
                "What waits for you to give on, accept or look back on, and what your unit has to "
                "rectify. Who rectified something does not accept it.",
            ),
            roles=frozenset({"inspector", "supervisor", "auditor", "handler"}),
            counts=selectors.counts,
            sections=(
                Section(
                    title=Text("要交办、要核查异议", "To give on, or to review"),
                    rows=selectors.to_give,
                    note=selectors.on_list,
                ),
                Section(
                    title=Text("要验收、要销号", "To accept, to delist"),
                    rows=selectors.to_accept,
                    note=selectors.on_list,
                ),
                Section(
                    title=Text("要回头看", "To look back on"),
                    rows=selectors.to_look_back,
                    note=selectors.on_list,
                ),
                Section(
                    title=Text("本单位要改的", "For your unit to rectify"),
                    rows=selectors.to_rectify,
                    note=selectors.on_list,
                ),
            ),
        ),
        order=45,
    )
)
roles.register(roles.Role(name="inspector", zh="督查", en="Inspector", sees="division"))
