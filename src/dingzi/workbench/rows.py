"""A matter as one line of an inbox or a list."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core import registry as mechanisms
from dingzi.matters import duplicates, registry, selectors
from dingzi.matters.models import Matter
from dingzi.matters.process import Action
from dingzi.matters.visibility import may


def case_url(matter: Matter, **query: str) -> str:
    before, after = _around(get_script_prefix())
    url = before + quote(matter.number, safe="") + after
    kept = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(kept)}" if kept else url


@cache
def _around(_prefix: str) -> tuple[str, str]:
    """Return what stands before and after the number in a case's address: a list has fifty."""
    before, _zero, after = reverse("workbench:case", args=["0"]).rpartition("0")
    return before, after


def title_of(matter: Matter) -> str:
    """Return what a line is called: a child goes by the matter that it belongs to in the end.

    The caller has fetched ``parent__parent`` with the row.
    """
    top = matter
    while top.parent is not None:
        top = top.parent
    return top.title or matter.title or _("（没有标题）")


def category_of(matter: Matter) -> str:
    """Return the category in words; a child has it from the matter that it belongs to.

    The caller has fetched ``parent`` with the row.
    """
    top = matter
    while top.parent is not None:
        top = top.parent
    mechanism = mechanisms.of_process(matter.process)
    if mechanism is None or matter.category not in mechanism.categories:
        mechanism = mechanisms.of_process(top.process)
    label = mechanism.categories.get(matter.category) if mechanism else None
    return str(label) if label else matter.category


def ask_of(matter: Matter, language: str) -> str:
    """Say what a line waits for: of a child's child (a ruling on a task) its own question."""
    if matter.parent is not None and matter.parent.parent_id is not None:
        asks = selectors.process_of(matter).states[matter.state].asks
        if asks is not None:
            return asks.in_language(language)
    return selectors.asks(matter, language)


def place_of(matter: Matter, language: str) -> str:
    """Return the narrowest name of the place: the spot that was told, else the division."""
    if matter.spot:
        return matter.spot
    for code in (matter.place_id, matter.town, matter.county):
        if found := directory.division(code):
            return directory.name_of(found, language)
    return ""


def holder_of(matter: Matter, viewer: Viewer, language: str) -> tuple[str, str]:
    """Return unit and post that have it in hand, in short where it is the viewer's own."""
    unit, post = selectors.holder_name(matter, language)
    if matter.holder_id is not None and matter.holder_id == viewer.post:
        return _("本岗"), ""
    if matter.holder_id in viewer.stands_for:
        return _("本岗，代"), post
    if matter.holder_unit_id is not None and matter.holder_unit_id == viewer.unit:
        return _("本单位"), post
    return unit, post


def bulk_actions(matter: Matter, viewer: Viewer) -> list[Action]:
    """Return the actions for many at once that role, standing and state allow on this one.

    Guards are asked on the page of the bulk act, where the projection is at hand.
    """
    process = selectors.process_of(matter)
    return [
        action
        for action in _for_many(process.name, process.version)
        if process.allows(action, matter.state) and may(viewer, action, matter)
    ]


@cache
def _for_many(name: str, version: int) -> list[Action]:
    """Return a process's actions for many at once, the likeliest first; a version never changes."""
    process = registry.process(name, version)
    return sorted((a for a in registry.actions(process) if a.bulk), key=lambda a: a.rank)


def row(matter: Matter, viewer: Viewer, language: str, **query: str) -> dict[str, Any]:
    """Return the line as ``{% inbox %}`` takes it."""
    holder, note = holder_of(matter, viewer, language)
    return {
        "number": matter.number,
        "title": title_of(matter),
        "url": case_url(matter, **query),
        "place": place_of(matter.parent or matter, language),
        "ask": ask_of(matter, language),
        "due": matter.due_at,
        "holder": holder,
        "holder_note": note,
        "acts": " ".join(action.name for action in bulk_actions(matter, viewer)),
    }


def bulk_offers(matters: Iterable[Matter], viewer: Viewer, language: str) -> list[dict[str, str]]:
    """Return each action for many that at least one line allows, the likeliest first."""
    found: dict[str, Action] = {}
    for matter in matters:
        for action in bulk_actions(matter, viewer):
            found.setdefault(action.name, action)
    ranked = sorted(found.values(), key=lambda action: action.rank)
    return [{"name": a.name, "label": a.label.in_language(language)} for a in ranked]


def why_alike(found: duplicates.Likeness) -> str:
    """Say in words how alike two matters are."""
    parts = []
    if found.score >= 0.8:
        parts.append(_("说的几乎一样"))
    elif found.score > 0:
        parts.append(_("说的很像"))
    if found.same_phone:
        parts.append(_("留的是同一个电话"))
    return pgettext("标点", "，").join(parts)
