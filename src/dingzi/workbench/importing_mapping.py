"""The mapping page of an import: what is shown of it, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dingzi.city import directory
from dingzi.city import selectors as places
from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core.errors import Refusal
from dingzi.matters.fields import FieldDef
from dingzi.matters.importing import runs, sheets
from dingzi.matters.importing.columns import Target, targets
from dingzi.matters.importing.models import ImportRun
from dingzi.matters.importing.reading import LEAVE
from dingzi.matters.importing.words import Places
from dingzi.ui import words

from .desk import language

#: Bad rows of the first look that are shown.
SHOWN = 20

Wrong = list[tuple[str, str]]


@dataclass(slots=True)
class Sent:
    """A mapping as it was sent; ``wrong`` names inputs that could not be read."""

    mapped: runs.Mapped
    source: str
    wrong: Wrong = field(default_factory=list)


def read(run: ImportRun, viewer: Viewer, post: QueryDict) -> Sent:
    """Read the form: columns first, then words and defaults of what they mean."""
    action = runs.action_of(run.process, run.action)
    known = {target.name for target in targets(action)}
    columns = {
        column: target
        for place, column in enumerate(run.header)
        if (target := post.get(f"col-{place}", "")) in known
    }
    names = _Names(viewer)
    asked = set()
    values: dict[str, dict[str, str]] = {}
    for target, one, found in runs.worded(run, columns):
        values[target] = run.plan["values"].get(target, {})
        if f"word-{target}-0" in post:
            asked.add(target)
            values[target] = {
                word: code
                for place, (word, _n) in enumerate(found)
                if (code := names.code(one, post.get(f"word-{target}-{place}", "")))
            }
    sent = Sent({"columns": columns, "values": values, "defaults": {}}, post.get("source", ""))
    for one in action.fields:
        given = post.get(f"def-{one.name}", "").strip()
        if not given or not _may_default(one):
            continue
        if code := names.code(one, given):
            sent.mapped["defaults"][one.name] = code
        else:
            said = reasons.say(("unknown_division", {"field": one.name, "value": given[:60]}))
            sent.wrong.append((f"def-{one.name}", said))
    sent.mapped = runs.renewed(run, sent.mapped, viewer, asked=asked)
    return sent


class _Names:
    """Reads what was chosen or typed: a choice by its code, a place by the name that was offered."""

    def __init__(self, viewer: Viewer) -> None:
        tongue, within = language(), runs.within_of(viewer)
        self.offered = {_place(card.code, tongue): card.code for card in directory.below("")}
        self.places = Places(within)

    def code(self, one: FieldDef, given: str) -> str:
        given = given.strip()
        if one.kind != "place":
            return given if given in one.choices or given == LEAVE else ""
        if not given or given in self.offered:
            return self.offered.get(given, "")
        found = self.places.read(given)
        return found[0] if found else ""


def _place(code: str, tongue: str) -> str:
    return places.full_name(code, tongue) or directory.name_of(directory.division(code), tongue)


def sheet(post: QueryDict) -> dict[str, Any]:
    """Return which sheet and which row of titles are asked for."""
    row = post.get("header_row", "")
    good = row.isascii() and row.isdigit() and 0 < int(row[:7]) < 1_000_000
    return {"sheet": post.get("sheet", "")[:100], "header_row": int(row[:7]) if good else None}


def blamed(refusal: Refusal) -> Wrong:
    return [("", said) for said in reasons.say_all(refusal)]


# -- what is shown ----------------------------------------------------------------------------


def context(
    run: ImportRun, viewer: Viewer, *, wrong: Wrong | None = None, sent: QueryDict | None = None
) -> dict[str, Any]:
    tongue = language()
    action = runs.action_of(run.process, run.action)
    offered = targets(action)
    mapped = run.plan
    lacking = [] if wrong else [(_input(run, r[1]), reasons.say(r)) for r in runs.lacking(run)]
    return {
        "run": run,
        "what": action.label.in_language(tongue),
        "about": action.help.in_language(tongue) if action.help else "",
        "rows": rows_of(run.rows),
        "more": run.profile.get("more", False),
        "unused": unused(run),
        "sheets": run.profile.get("sheets", []),
        "targets": [
            {"name": t.name, "label": t.label.in_language(tongue), "required": t.required}
            for t in sorted(offered, key=lambda t: not t.required)
        ],
        "columns": [_column(run, place, title) for place, title in enumerate(run.header)],
        "words": [
            _words(run, target, one, found, tongue)
            for target, one, found in runs.worded(run, mapped["columns"])
        ],
        "defaults": [
            _default(one, mapped, sent, tongue) for one in action.fields if _may_default(one)
        ],
        "places": _places(viewer, tongue),
        "wrong": wrong or [],
        "lacking": lacking,
        "numbered": "@number" in mapped["columns"].values(),
        "look": _look(run, offered),
        "twins": runs.twins(run),
        "remembered": parse_datetime(run.profile.get("remembered", "")),
        "whole": run.whole,
    }


def _input(run: ImportRun, params: dict[str, Any]) -> str:
    name = str(params.get("field", ""))
    return "source" if name == "source" else "columns"


def _column(run: ImportRun, place: int, title: str) -> dict[str, Any]:
    found = run.profile.get("columns", {}).get(title, {})
    return {
        "name": f"col-{place}",
        "title": title,
        "samples": found.get("samples", []),
        "few": _few(found.get("filled", 0), run.rows),
        "target": run.plan["columns"].get(title, ""),
    }


def _few(filled: int, rows: int) -> str:
    """Say how many rows have something in a column; nothing where all have."""
    if filled == rows:
        return ""
    return ngettext("%(n)s行有", "%(n)s行有", filled) % {"n": words.number(filled)}


def rows_of(number: int) -> str:
    return ngettext("%(n)s行", "%(n)s行", number) % {"n": words.number(number)}


def unused(run: ImportRun) -> list[str]:
    """Return the columns that are left out."""
    return [title for title in run.header if title not in run.plan["columns"]]


def _words(
    run: ImportRun, target: str, one: FieldDef, found: list[tuple[str, int]], tongue: str
) -> dict[str, Any]:
    chosen = run.plan["values"].get(target, {})
    column = next(c for c, t in run.plan["columns"].items() if t == target)
    rows = [
        {
            "name": f"word-{target}-{place}",
            "word": word,
            "n": n,
            "code": chosen.get(word, ""),
            "shown": _place(chosen.get(word, ""), tongue) if one.kind == "place" else "",
        }
        for place, (word, n) in enumerate(found)
    ]
    return {
        "label": one.label.in_language(tongue),
        "column": column,
        "place": one.kind == "place",
        "choices": _choices(one, tongue),
        "leave": "" if one.required else LEAVE,
        "rows": rows,
        "open": sum(not row["code"] for row in rows),
    }


def _choices(one: FieldDef, tongue: str) -> list[tuple[str, str]]:
    return [(code, label.in_language(tongue)) for code, label in one.choices.items()]


def _may_default(one: FieldDef) -> bool:
    """One value for all: for what is chosen from a list, never for what is told of a person."""
    return one.kind in ("choice", "place")


def _default(
    one: FieldDef, mapped: runs.Mapped, sent: QueryDict | None, tongue: str
) -> dict[str, Any]:
    name = f"def-{one.name}"
    value = mapped["defaults"].get(one.name, "")
    if sent is not None and name in sent:
        value = sent[name]
    place = one.kind == "place"
    return {
        "name": name,
        "label": one.label.in_language(tongue),
        "place": place,
        "choices": _choices(one, tongue),
        "value": _place(value, tongue) or value if place else value,
        "mapped": one.name in mapped["columns"].values(),
        "needed": one.required and one.name not in mapped["columns"].values(),
    }


def _places(viewer: Viewer, tongue: str) -> list[str]:
    """Return the names offered while one types: the townships around, or of the whole city."""
    around = runs.within_of(viewer)
    cards = [c for c in directory.below(around) if c.level in ("city", "county", "town")]
    return [_place(card.code, tongue) for card in cards]


def _look_told(run: ImportRun, rows: int, taken: int, bad: int) -> str:
    if run.rows <= rows and not bad:
        return _("整张表试了一遍，%(rows)s都能收。") % {"rows": rows_of(rows)}
    said = {"rows": words.number(rows), "taken": rows_of(taken), "bad": rows_of(bad)}
    if run.rows <= rows:
        return _("整张表试了一遍，%(taken)s能收，%(bad)s不能。") % said
    return _("试了前%(rows)s行，%(taken)s能收，%(bad)s不能。") % said


def _look(run: ImportRun, offered: list[Target]) -> dict[str, Any]:
    """Say what the first rows would come to."""
    found = run.look
    if not found:
        return {}
    taken = found["opened"] + found["corrected"] + found["same"]
    return {
        **found,
        "taken": taken,
        "all": run.rows <= found["rows"],
        "told": _look_told(run, found["rows"], taken, found["bad_count"]),
        "lines": [
            {"row": row, "said": sheets.by_column(run, stored)}
            for row, stored in sorted(found["bad"], key=itemgetter(0))[:SHOWN]
        ],
        "more": max(0, found["bad_count"] - SHOWN),
    }
