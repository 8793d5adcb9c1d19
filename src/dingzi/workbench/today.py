"""What needs attention today on a post: late and due matters, figures that changed, guards.

Of matters and of figures, never of people.
"""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.figures import attention, today
from dingzi.figures.answers import Comparison, rounded
from dingzi.figures.corrections import Correction
from dingzi.figures.guards.monthly import Reading
from dingzi.matters import selectors
from dingzi.ui import words

from .desk import desk, language, page, viewer_of
from .inbox import many, title_of
from .rows import row

#: Lines of each group, and seconds for which what figures say is kept.
SHOWN, KEPT = 6, 120


@desk
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Show what is late or due today, what ran late below, figures that changed, guards."""
    viewer, now = viewer_of(request), timezone.now()
    mine = selectors.desk_counts(viewer, now=now)
    counts = {group: sum(n[group] for n in mine.values()) for group in selectors.GROUPS}
    groups = selectors.inbox(viewer, limit=SHOWN, now=now, counts=counts)
    due = [group for group in groups if group.name in ("overdue", "today") and group.count]
    late = selectors.supervised(viewer, limit=SHOWN)
    context: dict[str, Any] = {
        "now": now,
        "groups": [
            {
                "key": group.name,
                "title": title_of(group.name),
                "sub": many(group.count),
                "rows": [row(m, viewer, language()) for m in group.rows],
            }
            for group in due
        ],
        "waiting": sum(counts.values()),
        "supervised": [
            {
                "key": "supervised",
                "title": _("督办"),
                "sub": _("下级岗位超期、报到您这里的"),
                "rows": [row(m, viewer, language()) for m in late],
            }
        ] if late else [],
        **_figures(viewer),
    }  # fmt: skip
    return page(request, "today", context, current="today", counts=mine)


def _figures(viewer: Viewer) -> dict[str, Any]:
    """Return what figures say about the place of the viewer's post, kept for a while."""
    place = viewer.scope or _county(viewer)
    county = place[:6] if len(place) >= 6 else ""
    own = bool(county) and len(viewer.scope) in (4, 6)
    key = f"today:{language()}:{today()}:{county}:{own}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = _said(county, own)
        cache.set(key, found, KEPT)
    return found


def _county(viewer: Viewer) -> str:
    unit = directory.unit(viewer.unit)
    return unit.division[:6] if unit else ""


def _said(county: str, own: bool) -> dict[str, Any]:
    dims = {"county": county} if county else {}
    where = directory.division(county) if county else directory.city()
    return {
        "place": directory.name_of(where, language()),
        "changed": [_changed(one, dims) for one in attention.changed(dims, public=not own)],
        "looks": [_look(one) for one in attention.looks()],
        "corrected": [_corrected(one) for one in attention.corrected()],
    }


def _changed(one: Comparison, dims: dict[str, str]) -> dict[str, Any]:
    return {
        "title": str(one.now.title),
        "url": _url(one.now.figure, period=one.now.period.code, **dims),
        "period": str(one.now.period.words()),
        "value": str(one.now.text),
        "text": str(one.text),
        "worse": one.good is False,
    }


def _look(one: Reading) -> dict[str, Any]:
    share = "–" if one.value is None else f"{rounded(one.value * 100, 1):,f}%".replace("-", "−")
    figure = one.guard.beside[0]
    return {
        "title": str(one.guard.title),
        "means": str(one.guard.means),
        "harmless": str(one.guard.harmless),
        "beside": str(figure.title),
        "value": share,
        "period": str(one.period.words()),
        "url": reverse("portal:figure", args=[figure.name]) + "#guards",
    }


def _corrected(one: Correction) -> dict[str, Any]:
    figure = one.now
    return {
        "title": str(figure.title),
        "period": str(one.period.words()),
        "then": words.number(rounded(one.then * figure.scale, figure.places)),
        "now": figure.amount,
        "url": reverse("portal:figure", args=[figure.figure]) + "#frozen",
    }


def _url(name: str, **asked: str) -> str:
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return f"{reverse('workbench:figure', args=[name])}?{query}"
