"""The left column of a case page: what is known, by when, who has it, what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dingzi.city import directory
from dingzi.city import selectors as places
from dingzi.city.viewer import Viewer
from dingzi.core import registry as mechanisms
from dingzi.matters import clocks, registry, selectors, telling
from dingzi.matters.acts import State
from dingzi.matters.models import Matter
from dingzi.matters.timeline import Entry
from dingzi.matters.visibility import reads_phones, sees
from dingzi.ui import words

from .rows import case_url, category_of

#: Names of fields under which an opening tells what happened.
STORY = "text"


def facts(
    state: State, viewer: Viewer, entries: list[Entry], language: str
) -> list[dict[str, Any]]:
    """Return the rows of "facts": people, place, category, door."""
    matter = state.matter
    rows = _people(matter, viewer)
    if place := places.full_name(matter.place_id, language):
        rows.append({"term": _("地方"), "text": place, "note": matter.spot})
    elif matter.spot:
        rows.append({"term": _("地方"), "text": matter.spot})
    if category := category_of(matter):
        rows.append({"term": pgettext("栏", "类别"), "text": category, "note": matter.subcategory})
    opening = entries[-1] if entries and not entries[-1].child else None
    for line in opening.lines if opening else []:
        known = ("text", "title", "place", "spot", "category", "parties", "name", "phone", "what")
        if line.field.name not in known and line.field.kind not in ("identity", "text"):
            text = telling.value_text(line.field, line.value, language)
            if text:
                label = line.field.label.in_language(language)
                rows.append({"term": label, "text": text})
    if matter.foreign_number:
        rows.append({"term": _("原编号"), "text": matter.foreign_number, "note": matter.source})
    if matter.reopened:
        rows.append({"term": _("重新办理"), "text": _("%(n)s次") % {"n": matter.reopened}})
    return rows


def _people(matter: Matter, viewer: Viewer) -> list[dict[str, Any]]:
    """Name who is concerned; the whole telephone number only to who has it in hand."""
    sides = {"applicant": _("申请人"), "respondent": _("对方"), "other": _("有关方")}
    whole = reads_phones(viewer, matter)
    rows = []
    for person in matter.people:
        phone = person.get("phone", "")
        note = person.get("note", "")
        if phone:
            note = phone if whole else _("手机尾号%(tail)s") % {"tail": phone[-4:]}
        name = person.get("name") or _("没有留姓名")
        rows.append(
            {"term": sides.get(person.get("side", ""), sides["other"]), "text": name, "note": note}
        )
    return rows


def story(state: State, entries: list[Entry], viewer: Viewer) -> str:
    """Return in whose words the matter came in, "" where it was erased or never told.

    A child shows what its uppermost parent was opened with, to who sees that one too.
    """
    if state.parent is not None:
        top = state.parent.matter
        if top.parent_id is not None and top.parent is not None:
            top = top.parent
        return selectors.stories([top]).get(top.id, "") if sees(viewer, top) else ""
    opening = entries[-1] if entries and not entries[-1].child else None
    lines = opening.lines if opening else []
    return next((str(line.value) for line in lines if line.field.name == STORY), "")


def progress(matter: Matter, language: str) -> dict[str, Any] | None:
    """Return how far the thing is, as its public page tells it, with that page's address."""
    found = mechanisms.of_process(matter.process)
    if found is None or found.progress is None:
        return None
    one = found.progress.one(matter.number, language)
    if one is None or not one.bars:
        return None
    try:
        url = reverse("portal:progress", args=[found.name, one.key])
    except NoReverseMatch:
        url = ""
    return {"bars": one.bars, "unit": str(found.progress.unit), "url": url}


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline of a matter as the page shows it; ``passed`` counts today."""

    label: str
    state: str
    due: date | None
    passed: int
    total: int
    reasons: list[dict[str, str]]
    marks: dict[date, set[str]]
    note: str


def deadlines(state: State, now: datetime, language: str) -> list[Clock]:
    """Return the clocks that run or stand still, what is due first before the others."""
    today = clocks.local_day(now)
    found = []
    for name, clock in state.matter.clocks.items():
        declared = state.process.clocks.get(name)
        if clock["state"] == "done" or declared is None:
            continue
        why = clocks.explain(clock, state.process)
        paused = clock["state"] == "paused"
        found.append(
            Clock(
                label=declared.label.in_language(language),
                state=clock["state"],
                due=None if paused else date.fromisoformat(clock["due"]),
                passed=why.number_on(today),
                total=why.total,
                reasons=telling.reasons(why, language, today),
                marks=telling.marks(why),
                note=_paused(clock) if paused else _stood(why),
            )
        )
    return sorted(found, key=lambda c: c.due or date.max)


def _paused(clock: dict[str, Any]) -> str:
    first = date.fromisoformat(clock["pauses"][-1][0])
    return _("%(day)s起停着，恢复后接着算。") % {"day": words.day(first)}


def _stood(why: Any) -> str:
    days = sum((last - first).days + 1 for first, last in why.paused)
    return _("停过%(n)s天。") % {"n": days} if days else ""


def who(matter: Matter, tasks: list[Matter], state: State, language: str) -> list[dict[str, Any]]:
    """Return in whose hands it is, who leads, who helps, under which process."""
    unit, post = selectors.holder_name(matter, language)
    rows = []
    if matter.holder_id is not None:
        rows.append({"term": _("在手上"), "text": post, "note": unit})
    if matter.lead_unit_id is not None:
        lead = directory.name_of(directory.unit(matter.lead_unit_id), language)
        rows.append({"term": _("主办"), "text": lead})
    helping = sum(not _beside(child) for child in tasks)
    if helping:
        rows.append({"term": pgettext("办理", "协办"), "text": _("%(n)s个单位") % {"n": helping}})
    named = _("%(process)s第%(version)s版") % {
        "process": state.process.title.in_language(language),
        "version": state.process.version,
    }
    rows.append({"term": pgettext("办理", "流程"), "text": named})
    return rows


def related(matter: Matter, kin: list[Matter], language: str, via: str) -> list[dict[str, str]]:
    """Return what this matter belongs to or was merged with, as links."""
    rows = []
    for other in kin:
        if other.id == matter.parent_id:
            note = _("属于这一件")
        elif other.id == matter.merged_into_id:
            note = _("并入了这一件")
        else:
            note = _("并入本件")
        rows.append(
            {"number": other.number, "url": case_url(other), "title": other.title, "note": note}
        )
    return rows


def _beside(child: Matter) -> bool:
    return registry.process(child.process, child.version).beside


def below(children: list[Matter], now: datetime, language: str) -> list[dict[str, Any]]:
    """Return the tables of what is below a matter: co-handling, then what goes along beside it.

    Each has a ``title`` ("" for co-handling) and its rows.
    """
    helping = [child for child in children if not _beside(child)]
    tables = [{"title": "", "rows": tasks(helping, now, language)}] if helping else []
    beside: dict[str, list[Matter]] = {}
    for child in children:
        if _beside(child):
            beside.setdefault(child.process, []).append(child)
    for name, rows in beside.items():
        title = registry.handle(name).latest.title.in_language(language)
        tables.append({"title": title, "rows": tasks(rows, now, language)})
    return tables


def tasks(children: list[Matter], now: datetime, language: str) -> list[dict[str, Any]]:
    """Return the co-handling table: unit, post, what is asked, by when."""
    rows = []
    for child in children:
        process = registry.process(child.process, child.version)
        unit, post = selectors.holder_name(child, language)
        done = child.closed_at
        rows.append(
            {
                "unit": unit,
                "post": post,
                "what": child.title,
                "url": case_url(child),
                "due": child.due_at,
                "state": process.states[child.state].label.in_language(language),
                "done": done,
            }
        )
    return rows
