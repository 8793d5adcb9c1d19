"""Processes: the picture first, then who does what, by when, and what each state means."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi import law
from dingzi.city import roles
from dingzi.city.parameters import overrides
from dingzi.core import registry as mechanisms
from dingzi.core.errors import NotFound
from dingzi.matters import bpmn, diagram, registry, slips
from dingzi.matters.clocks import local_day
from dingzi.matters.process import SPECIAL_ROLES, Action, Process

from .desk import desk, language, page


@desk
@require_safe
def processes(request: HttpRequest) -> HttpResponse:
    """List the processes, those of mechanisms first."""
    tongue = language()
    rows = []
    for handle in registry.handles():
        process = handle.latest
        mechanism = mechanisms.of_process(process.name)
        rows.append(
            {
                "name": process.name,
                "title": process.title.in_language(tongue),
                "version": process.version,
                "about": mechanism.about.in_language(tongue) if mechanism else "",
                "states": len(process.states),
                "actions": len(process.actions),
                "child": process.child,
            }
        )
    rows.sort(key=lambda r: (r["child"], r["name"]))
    return page(request, "processes", {"rows": rows}, current="processes")


@desk
@require_safe
def process(request: HttpRequest, name: str, version: int | None = None) -> HttpResponse:
    """Show one process: its picture, then who does what, by when, and what each state means."""
    one, tongue = _process(name, version), language()
    today = local_day(timezone.now())
    context = {
        "process": one,
        "title": one.title.in_language(tongue),
        "versions": sorted(registry.handle(name).versions),
        "drawn": SafeString(diagram.svg(one, tongue)),
        "actions": [_action(one, a, tongue) for a in one.actions.values()],
        "shared": [_action(one, a, tongue) for a in registry.actions(one)
                   if a.name not in one.actions],
        "clocks": [_clock(c, today, tongue) for c in one.clocks.values()],
        "states": [
            {
                "label": s.label.in_language(tongue),
                "public": s.public.in_language(tongue),
                "asks": s.asks.in_language(tongue) if s.asks else "",
                "end": s.end,
            }
            for s in one.states.values()
        ],
        "digest": one.digest[:16],
    }  # fmt: skip
    return page(request, "process", context, current="processes")


@desk
@require_safe
def process_bpmn(request: HttpRequest, name: str, version: int) -> HttpResponse:
    """Give a process as BPMN 2.0."""
    one = _process(name, version)
    answer = HttpResponse(bpmn.bpmn(one, language()), content_type="application/xml")
    answer["Content-Disposition"] = f'attachment; filename="{one.name}.{one.version}.bpmn"'
    return answer


def _process(name: str, version: int | None) -> Process:
    try:
        handle = registry.handle(name)
        return handle.latest if version is None else handle.versions[version]
    except KeyError:
        raise NotFound.of("no_such_process", process=name) from None


def _action(process: Process, action: Action, tongue: str) -> dict[str, Any]:
    sources = [
        process.states[s].label.in_language(tongue) for s in process.states if s in action.sources
    ]
    if not sources:
        sources = [_from(action)]
    target = process.states.get(action.to)
    return {
        "label": action.label.in_language(tongue),
        "sources": sources,
        "target": target.label.in_language(tongue) if target else _("不变"),
        "by": [role_label(name, tongue) for name in sorted(action.by)],
        "clocks": [_op(process, op.op, op.clock, tongue) for op in action.clocks],
        "public": action.public,
    }


def _from(action: Action) -> str:
    if action.opens:
        return _("开头")
    return _("没办结的时候") if "open" in action.sources else _("任何时候")


def _op(process: Process, op: str, clock: str, tongue: str) -> str:
    label = process.clocks[clock].label.in_language(tongue)
    said = {
        "start": _("开始算“%(clock)s”"),
        "stop": _("“%(clock)s”到此为止"),
        "pause": _("“%(clock)s”停下来"),
        "resume": _("“%(clock)s”接着算"),
        "extend": _("“%(clock)s”延长"),
    }
    return said[op] % {"clock": label}


def role_label(name: str, tongue: str) -> str:
    """Return what a role is called; special ones are ours, the rest mechanisms declare."""
    special = {
        "citizen": _("当事人"),
        "anyone": _("任何人"),
        "system": _("系统到点"),
        "staff": _("办事的人"),
    }
    if name in SPECIAL_ROLES:
        return special[name]
    role = roles.role(name)
    if role is None:
        return name
    return role.en if tongue.startswith("en") else role.zh


def _clock(clock: Any, today: date, tongue: str) -> dict[str, str]:
    rule = law.rule(clock.rule, today, overrides())
    return {
        "label": clock.label.in_language(tongue),
        "length": slips.length(rule, tongue),
        "source": slips.cite(rule, tongue),
    }
