"""What a list shows: read from the address, checked against what there is, told as a sentence."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core.registry import Mechanism
from dingzi.matters import registry
from dingzi.matters.process import Process

#: What ``stage`` may be: how far along, beside the states of the process.
STAGES = ("open", "overdue", "closed")
DOORS = ("web", "desk", "api", "import", "sample")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """A list's filters as they stand in its address; "" where nothing is asked."""

    state: str = ""
    stage: str = ""
    category: str = ""
    facet: str = ""
    county: str = ""
    town: str = ""
    door: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None

    def asked(self, mechanism: Mechanism) -> dict[str, Any]:
        """Return what ``selectors.listed`` takes."""
        found: dict[str, Any] = {
            name: getattr(self, name)
            for name in ("state", "category", "county", "town", "door", "outcome")
        }
        found |= {"opened_from": self.since, "opened_to": self.until}
        if self.facet and mechanism.facet:
            found[mechanism.facet.column] = self.facet
        if self.stage == "overdue":
            found["overdue"] = True
        elif self.stage:
            found["closed_at__isnull"] = self.stage == "open"
        return found

    def query(self) -> dict[str, str]:
        """Return the filters as they are written into an address."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in values.items() if v}


@dataclass(frozen=True, slots=True)
class Choice:
    """One word of the sentence that can be changed: its input, its options."""

    name: str
    label: str
    options: list[tuple[str, str]]
    value: str


def read(query: QueryDict, process: Process, mechanism: Mechanism, viewer: Viewer) -> Filters:
    """Read the filters; a value that does not exist is as if nothing was asked."""
    known = {
        "state": set(process.states),
        "stage": set(STAGES),
        "category": set(mechanism.categories),
        "facet": set(mechanism.facet.choices) if mechanism.facet else set(),
        "county": {code for code, _name in counties(viewer, "zh-hans")},
        "door": set(DOORS),
        "outcome": set(outcomes(process)),
    }
    given = {name: value for name in known if (value := query.get(name, "")) in known[name]}
    towns_there = {code for code, _name in towns(viewer, given.get("county", ""), "zh-hans")}
    if (town := query.get("town", "")) in towns_there:
        given["town"] = town
    return Filters(**given, since=_day(query.get("since")), until=_day(query.get("until")))


def _day(text: str | None) -> date | None:
    """Return a day; None for none, and for one so far away that no hour of it can be reckoned."""
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    return day if day and 1000 < day.year < 9999 else None


def counties(viewer: Viewer, language: str) -> list[tuple[str, str]]:
    """Return the counties that the viewer may ask for: one is none to choose from."""
    around = _around(viewer)
    if len(around) > 4:
        return []
    return [(c.code, directory.name_of(c, language)) for c in directory.divisions("county")]


def towns(viewer: Viewer, county: str, language: str) -> list[tuple[str, str]]:
    """Return the townships of the county that is asked for, or of the viewer's own."""
    around = _around(viewer)
    code = county or (around if len(around) == 6 else "")
    if not code:
        return []
    return [(t.code, directory.name_of(t, language)) for t in directory.children(code)]


def _around(viewer: Viewer) -> str:
    """Return the code of the place that the viewer's lists cover."""
    if viewer.scope:
        return viewer.scope
    unit = directory.unit(viewer.unit)
    return unit.division if unit else ""


def outcomes(process: Process) -> list[str]:
    return list(dict.fromkeys(a.outcome for a in process.actions.values() if a.outcome))


def outcome_label(process: Process, outcome: str, language: str) -> str:
    """Return an outcome in the words of the act that leads to it."""
    for action in registry.actions(process):
        if action.outcome == outcome:
            target = process.states.get(action.to)
            shared = [a for a in process.actions.values() if a.to == action.to and a.outcome]
            label = target.label if target and len(shared) == 1 else action.label
            return label.in_language(language)
    return outcome


def door_label(door: str) -> str:
    labels = {
        "web": pgettext("来路", "网上"),
        "desk": pgettext("来路", "工作台"),
        "api": pgettext("来路", "接口"),
        "import": pgettext("来路", "导入"),
        "sample": pgettext("来路", "模拟"),
        "timer": pgettext("来路", "系统"),
    }
    return labels.get(door, door)


def choices(
    asked: Filters, process: Process, mechanism: Mechanism, viewer: Viewer, language: str
) -> dict[str, Choice]:
    """Return the words of the sentence, by the name of their input."""
    labelled = {
        "county": (_("县"), [("", pgettext("列表", "全市")), *counties(viewer, language)]),
        "town": (
            _("乡镇"),
            [("", pgettext("列表", "全县")), *towns(viewer, asked.county, language)],
        ),
        "category": (
            pgettext("栏", "类别"),
            [("", _("各类"))]
            + [(k, t.in_language(language)) for k, t in mechanism.categories.items()],
        ),
        "facet": _facet(mechanism, language),
        "stage": (
            _("办没办结"),
            [
                ("", _("办没办结都算")),
                ("open", _("还在办的")),
                ("overdue", _("逾期的")),
                ("closed", _("办结的")),
            ],
        ),
        "state": (
            _("进度"),
            [("", _("哪一步都行"))]
            + [(s.name, s.label.in_language(language)) for s in process.states.values()],
        ),
        "outcome": (
            _("结果"),
            [("", _("不管结果"))]
            + [(o, outcome_label(process, o, language)) for o in outcomes(process)],
        ),
        "door": (
            _("来路"),
            [("", _("不管怎么来的"))] + [(d, door_label(d)) for d in DOORS if d != "sample"],
        ),
    }
    return {
        name: Choice(name, label, options, getattr(asked, name))
        for name, (label, options) in labelled.items()
        if len(options) > 1
    }


def _facet(mechanism: Mechanism, language: str) -> tuple[str, list[tuple[str, str]]]:
    one = mechanism.facet
    if one is None:
        return "", []
    options = [(code, label.in_language(language)) for code, label in one.choices.items()]
    return one.label.in_language(language), [("", one.every.in_language(language)), *options]


def told(
    asked: Filters, process: Process, mechanism: Mechanism, viewer: Viewer, language: str
) -> str:
    """Say the filters in one line, for a saved view and for an export's heading."""
    found = []
    for name, choice in choices(asked, process, mechanism, viewer, language).items():
        value = getattr(asked, name)
        found += [label for code, label in choice.options if value and code == value]
    if asked.since:
        found.append(_("%(day)s起登记") % {"day": asked.since.isoformat()})
    if asked.until:
        found.append(_("%(day)s以前登记") % {"day": asked.until.isoformat()})
    return (", " if language.startswith("en") else "，").join(found)
