"""How far public things are, estate by estate, project by project: lists and a page for each."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dingzi.city import directory
from dingzi.core import registry
from dingzi.core.errors import NotFound
from dingzi.core.registry import Mechanism, Progress, Standing

from .keeping import kept
from .pages import language, open_to_all, page


def offered() -> list[tuple[Mechanism, Progress]]:
    """Return the mechanisms that tell how far their things are."""
    return [(m, m.progress) for m in registry.mechanisms() if m.progress is not None]


@open_to_all
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """List what has such pages."""
    rows = [
        {
            "title": str(one.title),
            "about": str(one.about),
            "url": reverse("portal:progress_list", args=[mechanism.name]),
        }
        for mechanism, one in offered()
    ]
    return page(request, "progress/overview", {"rows": rows}, current="progress")


@open_to_all
@require_safe
def listed(request: HttpRequest, name: str) -> HttpResponse:
    """List the things of one mechanism, those that are not done first; ``?county=`` chooses."""
    mechanism, one = _of(name)
    county = request.GET.get("county", "")
    counties = directory.divisions("county")
    if county and county not in {c.code for c in counties}:
        raise NotFound.of("not_found")
    tongue = language()
    context: dict[str, Any] = kept(
        f"progress:{name}:{county}", lambda: {"rows": [_row(mechanism, s) for s in one.all(county, tongue)]}
    )  # fmt: skip
    context |= {
        "title": str(one.title),
        "about": str(one.about),
        "unit": str(one.unit),
        "more": one.most if len(context["rows"]) >= one.most else 0,
        "county": county,
        "counties": [(c.code, directory.name_of(c, tongue)) for c in counties],
    }
    return page(request, "progress/list", context, current="progress")


@open_to_all
@require_safe
def standing(request: HttpRequest, name: str, key: str) -> HttpResponse:
    """Show how far one thing is: the whole, its parts, what stands in the way, what happened."""
    mechanism, one = _of(name)
    found = one.one(key, language())
    if found is None:
        raise NotFound.of("not_found")
    context = _row(mechanism, found) | {
        "unit": str(one.unit),
        "list_title": str(one.title),
        "list_url": reverse("portal:progress_list", args=[name]),
        "lines": [asdict(line) for line in found.lines],
        "happened": found.happened,
    }
    return page(request, "progress/one", context, current="progress")


def _of(name: str) -> tuple[Mechanism, Progress]:
    for mechanism, one in offered():
        if mechanism.name == name:
            return mechanism, one
    raise NotFound.of("not_found")


def _row(mechanism: Mechanism, found: Standing) -> dict[str, Any]:
    bars = [asdict(bar) for bar in found.bars]
    return {
        "number": found.key,
        "title": found.title,
        "url": reverse("portal:progress", args=[mechanism.name, found.key]),
        "place": found.place,
        "kind": found.kind,
        "says": found.says,
        "ended": found.ended,
        "whole": bars[0] if bars else None,
        "parts": bars[1:],
    }
