"""The map of what is being done: county by county, open and done; nobody's home, no small number."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi.city import directory, outlines
from dingzi.core import registry
from dingzi.core.errors import NotFound
from dingzi.core.registry import Mechanism
from dingzi.figures import suppression, today
from dingzi.matters import abroad

from .keeping import kept
from .pages import language, open_to_all, page

#: Whole months that are looked back, this one among them.
MONTHS = 12


@open_to_all
@require_safe
def status_map(request: HttpRequest) -> HttpResponse:
    """Show how many are open and how many done, by county; ``?of=`` and ``?category=`` choose."""
    offered = [m for m in registry.mechanisms() if m.categories]
    if not offered:
        raise NotFound.of("not_found")
    wanted = request.GET.get("of", "") or offered[0].name
    chosen = next((m for m in offered if m.name == wanted), None)
    category = request.GET.get("category", "")
    if chosen is None or (category and category not in chosen.categories):
        raise NotFound.of("not_found")
    tongue = language()
    place = f"status:{chosen.name}:{category}"
    context: dict[str, Any] = kept(place, lambda: _context(chosen, category, tongue))
    context |= {
        "offered": [(m.name, str(m.title)) for m in offered],
        "of": chosen.name,
        "categories": [(code, str(label)) for code, label in chosen.categories.items()],
        "category": category,
    }
    return page(request, "status", context, current="map")


def first_day(now: date) -> date:
    """Return the first day of the months that are counted."""
    day = now.replace(day=1)
    for _month in range(MONTHS - 1):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def _context(chosen: Mechanism, category: str, tongue: str) -> dict[str, Any]:
    now, least = today(), suppression.smallest_cell()
    first = first_day(now)
    counted = abroad.standing(chosen.process, category, first, now)
    shapes = outlines.counties(tongue)
    rows, values, hidden = [], {}, False
    for card in directory.divisions("county"):
        open_, done = counted.get(card.code, (0, 0))
        small = any(0 < n < least for n in (open_, done))
        hidden = hidden or small
        name = directory.name_of(card, tongue)
        rows.append({"name": name, "open": open_, "done": done, "small": small})
        label = _("少于%(n)s件") % {"n": least} if small else _("%(n)s件在办") % {"n": open_}
        values[card.code] = (None if small else Decimal(open_), label)
    known = {code: value for code, value in values.items() if code in shapes.shapes}
    return {
        "title": str(chosen.title),
        "shapes": shapes.shapes,
        "values": known,
        "box": shapes.box,
        "rows": rows,
        "hidden": hidden,
        "least": least,
        "first": first,
    }
