"""What is worth looking at: all that the guards beside the figures say, and taking it up."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from dingzi import matters
from dingzi.core import registry
from dingzi.core.errors import Forbidden, NotFound, Refusal
from dingzi.core.registry import Birth, Mechanism, Seen
from dingzi.figures import registry as declared
from dingzi.figures.guards import Reading, all_readings
from dingzi.matters import registry as processes
from dingzi.matters.process import Action
from dingzi.matters.visibility import has_role

from .acting import key_of
from .desk import desk, language, page, viewer_of


@desk
@require_safe
def guards(request: HttpRequest) -> HttpResponse:
    """Show what every guard said of the last whole month, what is worth looking at first."""
    viewer, tongue = viewer_of(request), language()
    births = [(one, birth) for one, birth, action in _births() if has_role(viewer, action, True)]
    found = sorted(all_readings(), key=lambda r: ("look", "usual", "few").index(r.says))
    rows = [_row(one, births, tongue) for one in found]
    look = sum(row["look"] for row in rows)
    context = {"rows": rows, "look": look, "month": rows[0]["month"] if rows else ""}
    return page(request, "guards", context, current="guards")


def _births() -> list[tuple[Mechanism, Birth, Action]]:
    found = []
    for one in registry.mechanisms():
        if one.birth is not None:
            action = processes.action(processes.handle(one.process).latest, one.birth.action)
            assert action is not None
            found.append((one, one.birth, action))
    return found


def _row(reading: Reading, births: list[tuple[Mechanism, Birth]], tongue: str) -> dict[str, Any]:
    guard, look = reading.guard, reading.says == "look"
    return {
        "name": guard.name.replace(".", "-"),
        "title": guard.title.in_language(tongue),
        "means": guard.means.in_language(tongue),
        "harmless": guard.harmless.in_language(tongue),
        "beside": [
            {"title": str(one.title), "url": reverse("portal:figure", args=[one.name])}
            for one in guard.beside
            if one.listed
        ],
        "month": str(reading.period.words()),
        "look": look,
        "few": reading.says == "few",
        "value": _percent(reading.value),
        "low": _percent(reading.low),
        "high": _percent(reading.high),
        "ups": [
            {
                "label": birth.label.in_language(tongue),
                "url": reverse("workbench:guard_take_up", args=[guard.name, one.name]),
                "key": uuid4(),
            }
            for one, birth in births
            if look
        ],
    }


def _percent(number: Any) -> str:
    told = Reading.percent(number)
    return "–" if told is None else f"{told:,f}%".replace("-", "−")


@desk
@require_POST
def take_up(request: HttpRequest, name: str, mechanism: str) -> HttpResponse:
    """Open the matter that a guard gives rise to, with what it said, and show it.

    What is not worth looking at cannot be taken up; the same month of a guard is taken up once.
    """
    viewer = viewer_of(request)
    found = next((b for b in _births() if b[0].name == mechanism), None)
    reading = next((r for r in all_readings() if r.guard.name == name), None)
    if found is None or reading is None:
        raise NotFound.of("not_found")
    one, birth, action = found
    if not has_role(viewer, action, True):
        raise Forbidden.of("not_your_role", action=action.label)
    if reading.says != "look":
        raise Refusal.of("guard_says_usual")
    done = matters.open_matter(
        one.process, birth.action, birth.data(seen(reading)), by=viewer, key=key_of(request)
    )
    return redirect("workbench:case", done.number)


def seen(reading: Reading) -> Seen:
    """Put a reading into the words of the record."""
    guard, month = reading.guard, reading.period.first
    figure = next((f for f in guard.beside if f.listed), guard.beside[0])
    group = registry.mechanism(declared.mechanism_of(figure.name))
    of = group.title.zh if group else ""
    text = (
        f"{guard.means.zh}{month.year}年{month.month}月是{_percent(reading.value)}，"
        f"平时在{_percent(reading.low)}到{_percent(reading.high)}之间。"
        f"也可能没有问题：{guard.harmless.zh}旁边的数字：{figure.zh}。"
    )
    return Seen(
        figure=figure.name,
        guard=guard.name,
        month=f"{month:%Y-%m}",
        title=f"{of}：{guard.zh}（{month.year}年{month.month}月）",
        text=text,
    )
