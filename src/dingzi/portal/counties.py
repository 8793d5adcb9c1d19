"""The map: one figure, county by county."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dingzi.core.errors import NotFound
from dingzi.figures import Figure, Period, today
from dingzi.figures import registry as declared

from . import choices, home
from .keeping import kept
from .pages import language, open_to_all, page


def by_county() -> list[Figure]:
    """Return the listed figures that the public may see by county, those of the home page first."""
    front = declared.home()
    rest = [one for group in declared.public() for one in group.figures if one not in front]
    return [one for one in (*front, *rest) if _has_counties(one)]


def _has_counties(figure: Figure) -> bool:
    return any(one.name == "county" for one in choices.public_dimensions(figure))


@open_to_all
@require_safe
def counties(request: HttpRequest) -> HttpResponse:
    """Show a figure on the map; ``?figure=`` and ``?period=`` choose."""
    known = by_county()
    wanted = request.GET.get("figure", "")
    figure = next((one for one in known if one.name == wanted), known[0] if known else None)
    if figure is None or (wanted and figure.name != wanted):
        raise NotFound.of("no_such_figure", name=wanted)
    asked = choices.chosen(figure, request.GET)
    shown = kept(f"map:{figure.name}:{asked.period.code}", lambda: _lead(figure, asked.period))
    context: dict[str, Any] = shown | {
        "figures": [(one.name, str(one.title)) for one in known],
        "chosen": figure.name,
        "periods": choices.periods(today(), asked.period),
        "period": asked.period.code,
        "means": str(figure.means),
    }
    return page(request, "figures/map", context, current="map")


def _lead(figure: Figure, period: Period) -> dict[str, Any]:
    return {"lead": home.lead(home.by_county(figure.name, period), language())}
