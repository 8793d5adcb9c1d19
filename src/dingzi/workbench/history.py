"""The middle column of a case page: what happened, newest first."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dingzi.ledger.telling import told
from dingzi.matters import letters, registry, telling
from dingzi.matters.models import Matter, Paper
from dingzi.matters.timeline import Entry, Line
from dingzi.ui import words

#: Which entries a tab shows.
TABS = ("", "public", "inner", "papers")


def tabs(shown: str, papers: int, via: str) -> list[dict[str, Any]]:
    labels = {"": _("全部"), "public": _("对外"), "inner": _("内部"), "papers": _("材料")}
    found = []
    for name in TABS:
        query = "&".join(f"{k}={v}" for k, v in (("show", name), ("via", via)) if v)
        found.append(
            {
                "label": labels[name],
                "url": f"?{query}#history",
                "current": name == shown,
                "n": papers if name == "papers" and papers else "",
            }
        )
    return found


def items(entries: list[Entry], shown: str, language: str) -> list[dict[str, Any]]:
    """Return the entries of a tab as ``{% timeline %}`` takes them."""
    if shown == "public":
        entries = [e for e in entries if e.public and not e.child]
    elif shown == "inner":
        entries = [e for e in entries if not e.public or e.child]
    seals = told([entry.event.id for entry in entries], language)
    return [_item(entry, language) | {"seal": seals.get(entry.event.id)} for entry in entries]


def _item(entry: Entry, language: str) -> dict[str, Any]:
    spoken = [line for line in entry.lines if line.field.kind == "text"]
    rest = [line for line in entry.lines if line not in spoken]
    kind = _kind(entry, spoken)
    said = _told(spoken, language) if len(spoken) > 1 else "\n".join(str(s.value) for s in spoken)
    return {
        "id": f"e{entry.event.id}",
        "at": entry.at,
        "title": entry.title,
        "tag": _tag(entry),
        "who": entry.who or _actor(entry.actor),
        "kind": kind,
        "label": _("对外，当事人能看") if kind == "public" else "",
        "detail": "" if not entry.event.from_state else _detail(rest, language),
        "body": _("个人内容已依法删除。") if entry.erased else said,
        "papers": [paper(one) for one in entry.papers] + _letters(entry, language),
    }


def _letters(entry: Entry, language: str) -> list[dict[str, Any]]:
    """Return the letter that an act left, to edit and to print, as ``{% papers %}`` takes it."""
    title = letters.title_of(entry, language)
    return [
        {
            "name": title,
            "url": reverse("workbench:letter", args=[entry.number, entry.event.seq, kind]),
            "note": "Word" if kind == "docx" else "PDF",
            "icon": "file-text",
        }
        for kind in (letters.MEDIA if title else ())
    ]


def _kind(entry: Entry, spoken: list[Line]) -> str:
    """Tell a public reply from an internal note; a citizen's own words are neither."""
    if not spoken or entry.actor == "citizen" or not entry.event.from_state:
        return ""
    if not entry.public:
        return "internal"
    return "public" if any(line.field.shown for line in spoken) else ""


def _told(spoken: list[Line], language: str) -> str:
    return "\n\n".join(_named(line, str(line.value), language) for line in spoken)


def _detail(rest: list[Line], language: str) -> str:
    """Return the shorter answers of an act in one line; what was not ticked is left out."""
    texts = [(line, telling.value_text(line.field, line.value, language)) for line in rest]
    gap = "; " if language.startswith("en") else "；"
    return gap.join(_named(line, text, language) for line, text in texts if text)


def _named(line: Line, text: str, language: str) -> str:
    label = line.field.label.in_language(language)
    if line.field.kind == "flag":
        return label
    return f"{label}: {text}" if language.startswith("en") else f"{label}：{text}"


def _tag(entry: Entry) -> str:
    if entry.backdated:
        return _("补记，%(when)s写的") % {"when": words.when(entry.event.recorded_at)}
    if not entry.child:
        return ""
    process = registry.process(entry.event.process, entry.event.version)
    return str(process.title) if process.beside else pgettext("办理", "协办")


def _actor(actor: str) -> str:
    return {"citizen": _("当事人"), "timer": _("系统到点自动记")}.get(actor, "")


def paper(one: Paper) -> dict[str, Any]:
    """Return a paper as ``{% papers %}`` takes it."""
    return {
        "name": one.name or _("已删除的材料"),
        "url": reverse("workbench:paper", args=[one.id]) if one.blob_id else "",
        "note": size(one.size),
        "icon": "photo" if one.media_type.startswith("image/") else "file",
    }


def size(count: int) -> str:
    from dingzi.core.reasons import size as said

    return said(count, "en")


def all_papers(matter: Matter, entries: list[Entry]) -> list[dict[str, Any]]:
    """Return every paper with when and from whom it came, newest first."""
    return [
        paper(one) | {"at": one.at, "who": entry.who or _actor(entry.actor), "public": one.public}
        for entry in entries
        for one in entry.papers
    ]
