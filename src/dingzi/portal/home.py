"""The front page: two doors, what the city promised, where it stands county by county."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi import figures
from dingzi.core import registry
from dingzi.core.errors import Refusal
from dingzi.figures import Period, Table
from dingzi.figures import registry as declared

from . import drafts, keeping, showing
from .pages import language, open_to_all, page
from .steps import example_number, public_forms

#: Categories that the first door offers.
QUICK = 5


@open_to_all
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    links = [
        (str(label), f"{reverse('portal:begin', args=[form.name])}?category={code}")
        for form in public_forms()
        for code, label in form.filing.quick.items()
    ]
    context: dict[str, Any] = {
        "quick": links[:QUICK],
        "example": example_number(),
        "begun": drafts.begun(request) if request.session.session_key else "",
    }
    return page(request, "home", context | keeping.kept("home", numbers))


def numbers() -> dict[str, Any]:
    """Return the figures of the front page, and what mechanisms show there."""
    period = Period.whole_months()
    cards = figures.cards(period)
    listed = sum(len(group.figures) for group in declared.public())
    shown: dict[str, Any] = {
        "cards": [showing.card(one, _("全市，")) for one in cards],
        "listed": listed,
        "own": [
            (own.home_template, latest)
            for _, own in registry.with_pages()
            if own.home and (latest := own.home())
        ],
        "lead": None,
    }
    if cards and "county" in cards[0].figure.dimensions:
        table = by_county(cards[0].figure.name, period)
        shown["lead"] = lead(table, language())
    return shown


def by_county(name: str, period: Period) -> Table:
    """Return a figure by county, beside the year before where the two can be compared."""
    try:
        return figures.table(name, period, "county", compare=True)
    except Refusal:
        return figures.table(name, period, "county")


def lead(table: Table, tongue: str) -> dict[str, Any]:
    """Return map and table of one figure by county."""
    of = str(table.title)
    return {
        "says": str(table.says),
        "sub": _("%(title)s（%(unit)s），%(period)s")
        % {"title": of, "unit": table.unit, "period": table.period.words()},
        "title": of,
        "by": str(table.by_title),
        "url": showing.figure_url(table.figure),
        "map": showing.county_map(table, tongue),
        "rows": showing.rows(table, period=table.period.code),
        "compared": table.total.comparison is not None,
        "behind": showing.behind_titles(table)[-1:],
        "hidden": table.hidden,
        "download": reverse("portal:download", args=[table.figure, "county", "csv"])
        + f"?period={table.period.code}",
        "points": table.total.value.scale == 100,
        "unit": str(table.unit),
    }
