"""What happened to a case, in the words of its citizen: the latest reply, the timeline, papers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dingzi.core.reasons import size
from dingzi.matters import letters, registry, telling
from dingzi.matters.models import Paper
from dingzi.matters.timeline import Entry, Line
from dingzi.ui import words

#: Kinds of answers in which somebody speaks.
SPOKEN = ("text", "line")


def reply(entries: list[Entry], tongue: str) -> dict[str, Any] | None:
    """Return the latest thing that a unit wrote to the citizen.

    What a clerk took down for the citizen is his own word, no reply.
    """
    for one in entries:
        if _is_the_citys(one) and any(line.field.kind in SPOKEN for line in one.lines):
            return {
                "who": one.who,
                "at": one.at,
                "title": one.title,
                "body": _body(one, tongue),
                "papers": [paper(p) for p in one.papers] + letter(one, tongue),
            }
    return None


def _is_the_citys(one: Entry) -> bool:
    event = one.event
    action = registry.action(registry.process(event.process, event.version), event.action)
    return one.actor == "staff" and action is not None and not action.by & {"citizen", "anyone"}


def items(
    entries: list[Entry],
    coming: str,
    deadlines: list[dict[str, Any]],
    now: datetime,
    tongue: str,
    seals: Mapping[int, dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Return the acts as ``{% timeline %}`` takes them, before them what comes next and by when."""
    shown: list[dict[str, Any]] = []
    running = [one for one in deadlines if not one["paused"]]
    title = coming or (running[0]["title"] if running else "")
    if title:
        by = words.due(running[0]["due"], now).by if running else ""
        shown.append({"next": True, "title": title, "body": by})
    return shown + [_item(one, tongue) | _sealed(one, seals or {}) for one in entries]


def _sealed(one: Entry, seals: Mapping[int, dict[str, Any]]) -> dict[str, Any]:
    return {"seal": seals[one.event.id]} if one.event.id in seals else {}


def _item(one: Entry, tongue: str) -> dict[str, Any]:
    return {
        "at": one.at,
        "title": one.title,
        "who": one.who,
        "body": _("个人内容已依法删除。") if one.erased else _body(one, tongue),
        "papers": [paper(p) for p in one.papers] + letter(one, tongue),
        "links": [(_("这一步的回执"), reverse("portal:receipt_act", args=[one.event.seq]))],
    }


def letter(one: Entry, tongue: str) -> list[dict[str, Any]]:
    """Return the letter that an act left as ``{% papers %}`` takes it."""
    title = letters.title_of(one, tongue)
    if not title:
        return []
    url = reverse("portal:letter", args=[one.event.seq])
    return [{"name": title, "url": url, "note": "PDF", "icon": "file-text"}]


def _body(one: Entry, tongue: str) -> str:
    """Return what was written: a single text as it stands, further answers with their labels."""
    colon = ": " if tongue.startswith("en") else "："
    texts = [line for line in one.lines if line.field.kind == "text"]
    rest = [line for line in one.lines if line not in texts]

    def told(line: Line) -> str:
        label = line.field.label.in_language(tongue)
        return f"{label}{colon}{telling.value_text(line.field, line.value, tongue)}"

    spoken = [str(line.value) for line in texts] if len(texts) == 1 else [told(x) for x in texts]
    return "\n\n".join([*spoken, *(told(line) for line in rest)])


def paper(one: Paper) -> dict[str, Any]:
    """Return a paper as ``{% papers %}`` takes it."""
    return {
        "name": one.name or _("已删除的材料"),
        "url": reverse("portal:paper", args=[one.id]) if one.blob_id else "",
        "note": size(one.size, "en"),
        "icon": "photo" if one.media_type.startswith("image/") else "file",
    }


def papers(entries: list[Entry]) -> list[dict[str, Any]]:
    """Return all papers that the holder may have, newest first, with their day."""
    return [paper(p) | {"at": p.at} for one in entries for p in one.papers]
