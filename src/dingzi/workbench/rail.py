"""What stands around every page of the workbench: posts, rail with counters, search, keys."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.city.viewers import Seat
from dingzi.core import registry
from dingzi.matters import alike, book, handover, selectors
from dingzi.matters.importing import runs

#: process -> group of the inbox -> how many wait on the viewer's posts
Counts = dict[str, dict[str, int]]


def around(
    request: HttpRequest, viewer: Viewer, current: str, counts: Counts | None
) -> dict[str, Any]:
    """Return the variables of ``ui/work.html`` and ``ui/case.html``."""
    language = get_language() or "zh-hans"
    seats: list[Seat] = getattr(request, "seats", [])
    posts = [_post(seat, language) for seat in seats]
    city = directory.city()
    if counts is None:
        counts = selectors.desk_counts(viewer)
    return {
        "home_url": reverse("workbench:inbox"),
        "city": directory.name_of(city, language),
        "posts": posts,
        "post": next((p for p in posts if p["id"] == viewer.post), None),
        "post_url": reverse("workbench:choose_post"),
        "nav": _nav(viewer, current, counts, handover.count_of_viewer(viewer)),
        "search_url": reverse("workbench:search"),
        "logout_url": reverse("account_logout"),
        "keys": [{"key": "/", "label": _("搜索")}, {"key": "?", "label": _("全部按键")}],
    }


def _post(seat: Seat, language: str) -> dict[str, Any]:
    english = language.startswith("en")
    name = seat.name_en if english and seat.name_en else seat.name
    return {
        "id": seat.post,
        "unit": seat.unit_name_en if english and seat.unit_name_en else seat.unit_name,
        "name": _("代%(post)s") % {"post": name} if seat.via is not None else name,
    }


def _nav(viewer: Viewer, current: str, counts: Counts, handovers: int) -> list[dict[str, Any]]:
    total = sum(sum(groups.values()) for groups in counts.values())
    mine = [
        _item("today", _("今天"), current),
        _item("inbox", _("收件箱"), current, n=total),
        _item("handled", _("我经手的"), current),
        _item("handovers", _("交接"), current, n=handovers or None),
    ]
    mine[1:1] = [_item("board", str(b.title), current, name) for name, b in boards_of(viewer)]
    matters = []
    for mechanism in registry.mechanisms():
        groups = counts.get(mechanism.process, {})
        matters.append(
            _item(
                "list", str(mechanism.title), current, mechanism.name,
                n=sum(groups.values()) or None, late=groups.get("overdue", 0),
            )
        )  # fmt: skip
    if alike.merging(viewer):
        matters.append(_item("duplicates", _("可能是同一件"), current))
    if runs.importable(viewer):
        matters.append(_item("imports", _("导入表格"), current))
    whole = [
        _item("figures", _("数字"), current),
        _item("guards", _("值得看一看"), current) if viewer.post is not None else None,
        _item("check", _("核对文稿"), current),
        _item("units", _("单位和岗位"), current),
        *(
            (_item("accounts", _("人员账号"), current), _item("clients", _("接口用户"), current))
            if book.STEWARD in viewer.roles
            else ()
        ),
        _item("processes", _("流程"), current),
        _item("parameters", _("设置"), current),
    ]
    return [
        {"title": "", "items": mine},
        {"title": _("事项"), "items": matters},
        {"title": _("全市"), "items": [item for item in whole if item]},
    ]


def boards_of(viewer: Viewer) -> list[tuple[str, registry.Board]]:
    """Return the boards that the viewer's post has, by the name of their mechanism."""
    if viewer.post is None:
        return []
    return [
        (one.name, one.board)
        for one in registry.mechanisms()
        if one.board is not None and viewer.roles & one.board.roles
    ]


def _item(
    view: str, label: str, current: str, *args: str, n: int | None = None, late: int = 0
) -> dict[str, Any]:
    name = ":".join((view, *args))
    return {
        "url": reverse(f"workbench:{view}", args=args),
        "label": label,
        "n": n,
        "late": late,
        "current": name == current,
    }
