"""The city's figures: all of them by mechanism, and one with all that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi import figures as counted
from dingzi.core import reasons, registry
from dingzi.core.errors import NotFound, Reason, Refusal
from dingzi.core.text import Text
from dingzi.figures import Comparison, Figure, Period, Table, Value
from dingzi.figures import registry as declared
from dingzi.figures.declare_places import PerCapita
from dingzi.figures.deriving import residents_of
from dingzi.figures.words import versus
from dingzi.ui import words

from . import guarding, proving, showing, tables
from .choices import Chosen, chosen, lists, public_dimensions
from .keeping import kept
from .pages import city_name, language, open_to_all, page

if TYPE_CHECKING:
    from dingzi.figures.snapshots.reading import Tree


@open_to_all
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """List all figures by mechanism, each with its value for the usual period."""
    return page(request, "figures/list", kept("figures", _all), current="figures")


def _all() -> dict[str, Any]:
    period = Period.whole_months()
    groups = [
        {
            "title": str(group.title),
            "rows": [_listed(*one) for one in zip(group.figures, values, strict=True)],
        }
        for group, values in counted.listing(period)
    ]
    return {"groups": groups, "period": str(period.words())}


def _listed(figure: Figure, value: Value) -> dict[str, Any]:
    return {
        "title": str(figure.title),
        "means": str(figure.means),
        "url": showing.figure_url(figure.name),
        "value": value.amount,
        "unit": str(figure.unit) if value.shown is not None else "",
        "stock": figure.is_stock,
    }


@open_to_all
@require_safe
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """Show one figure: value, definition, counts, trend, counties, downloads."""
    shown = declared.get(name)
    if not shown.listed:
        raise NotFound.of("no_such_figure", name=name)
    asked = chosen(shown, request.GET)
    # what was wrong is told from the address itself, and never kept under another's
    place = f"{name}{tables.query(asked)}"
    context = kept(place, lambda: _context(shown, asked))
    context |= {"wrong": [reasons.say(reason) for reason in asked.wrong]}
    context["staff"] = _staff(request, shown, asked)
    return page(request, "figures/figure", context, current="figures")


def _staff(request: HttpRequest, shown: Figure, asked: Chosen) -> str:
    """Return where who has signed in finds the matters behind the number; "" for the public."""
    if not request.user.is_authenticated:
        return ""
    return reverse("workbench:figure", args=[shown.name]) + tables.query(asked)


def _context(shown: Figure, asked: Chosen) -> dict[str, Any]:
    """Return all that the page of a figure says, in built-in values."""
    with asked.answered() as tree:
        return _said(shown, asked, tree)


def _said(shown: Figure, asked: Chosen, tree: Tree | None) -> dict[str, Any]:
    value, compared, refused = _value(shown, asked)
    parts = _parts(shown, asked, language())
    context: dict[str, Any] = {
        "title": str(shown.title),
        "group": _group(shown.name),
        "means": str(shown.means),
        "note": str(shown.note) if shown.note else "",
        "amount": value.amount,
        "unit": str(value.unit) if value.shown is not None else "",
        "why_none": _why_none(value),
        "compared": str(compared.text) if compared else "",
        "then": _then(compared),
        "refused": reasons.say(refused) if refused else "",
        "place": place_of(shown, asked.dims),
        "dates": str(_dates(value)),
        "behind": [
            (str(b.label), b.n) for b in value.behind if b.n is not None and b.name != "residents"
        ],
        "residents": _residents(shown, value),
        "lists": lists(shown, asked),
        "recounted": value.recounted,
        "since": shown.since,
        "so_far": value.so_far,
        "parts": parts,
        "downloads": tables.downloads(
            shown, asked, {one["name"] for one in parts if "rows" in one}
        ),
        "computed_at": value.computed_at,
        # what is told of now does not belong beside what was
        "guards": [] if tree else guarding.rows(shown),
        "guards_of": guarding.OF,
        "proof": proving.box(value, asked, tree),
        "frozen": [] if tree else proving.frozen(shown, asked.dims),
        "as_of": proving.as_of(shown, asked, tree),
        "site_url": settings.SITE_URL.rstrip("/"),
        # a card on another page is always of now
        "embed": reverse("portal:figure_card", args=[shown.name])
        + tables.query(replace(asked, size=None)),
    }
    return context | _trend(shown, asked)


def _value(figure: Figure, asked: Chosen) -> tuple[Value, Comparison | None, Reason | None]:
    """Return the value, and its comparison or the reason why there is none."""
    if asked.other is not None:
        try:
            compared = counted.compare(figure, asked.period, asked.other, asked.dims)
            return compared.now, compared, None
        except Refusal as refusal:
            why = refusal.reasons[0]
    else:
        why = None
    return counted.value(figure, asked.period, asked.dims), None, why


def _then(compared: Comparison | None) -> str:
    if compared is None or compared.then.shown is None:
        return ""
    zh, en = versus(compared.now, compared.then.period)
    text = Text(f"{zh}{compared.then.text.zh}", f"{compared.then.text.en} {en}")
    return str(text)


def _residents(figure: Figure, value: Value) -> str:
    """Say how many residents a value is by, who says so, and whether the number is made up."""
    card = residents_of(figure, value) if isinstance(figure, PerCapita) else None
    if card is None:
        return ""
    said = _("常住人口%(n)s人，出处：%(source)s。") % {
        "n": words.number(card.people),
        "source": card.source,
    }
    return f"{said} {_('这是模拟的数。')}" if card.simulated else said


def _dates(value: Value) -> Text:
    """Say the days that count: of a stock only the last one."""
    period = value.period
    return Period.day(period.last).dates() if value.is_stock else period.dates()


def _why_none(value: Value) -> str:
    return {
        "empty": _("这段时间没有可算的事项。"),
        "small": _("件数太少，说出来可能认出人，不公开。"),
        "future": _("这段时间还没有到。"),
        "uncounted": _("这段时间还没有记录。"),
        "no_residents": _("簿册里没有这里的常住人口，算不出来。"),
        "unranked": _("全市没有名次。名次是县市区之间的，看下面的表。"),
        "definition_changed": _("算法在这两年之间改过，前后不能比。"),
        "period_not_over": _("这段时间还没有过完，不能和去年比。"),
    }.get(value.why_none, "")


def place_of(figure: Figure, dims: Mapping[str, str]) -> str:
    """Name what a value is of: the city, or the one part of it that was chosen."""
    for name, value in dims.items():
        label = str(figure.dimensions[name].labels().get(value, value))
        return f"{city_name()} {label}" if language().startswith("en") else f"{city_name()}{label}"
    return city_name()


def _group(name: str) -> str:
    found = registry.mechanism(declared.mechanism_of(name))
    return str(found.title) if found else ""


def _trend(figure: Figure, asked: Chosen) -> dict[str, Any]:
    try:
        trend = counted.trend(figure, asked.period.last.year, asked.dims)
    except Refusal as refusal:
        return {"trend": None, "no_trend": reasons.say(refusal.reasons[0])}
    shown = showing.trend(trend)
    known = [n for n in (*shown["now"], *shown["then"]) if n is not None]
    withheld = any(p.value and p.value.suppressed for p in (*trend.now, *trend.then))
    return {
        "trend": shown if len(known) > 1 else None,
        "trend_says": str(trend.says),
        "trend_hidden": withheld,
        "trend_places": figure.places,
    }


def _parts(figure: Figure, asked: Chosen, tongue: str) -> list[dict[str, Any]]:
    """Return the figure divided by each thing that the public may divide it by.

    Where a part was chosen there is nothing to divide: one thing at a time.
    """
    found = []
    for one in public_dimensions(figure):
        if asked.dims and one.name not in asked.dims:
            continue
        try:
            table = divided(figure, asked, one.name)
        except Refusal as refusal:
            # days are told of the whole city alone
            why = " ".join(reasons.say_all(refusal))
            found.append({"name": one.name, "says": str(one.title), "sub": why})
            continue
        found.append(
            {
                "name": one.name,
                "says": str(table.says),
                "sub": _("%(by)s，%(title)s（%(unit)s），%(period)s")
                % {
                    "by": table.by_title,
                    "title": table.title,
                    "unit": table.unit,
                    "period": asked.period.words(),
                },
                "by": str(table.by_title),
                "unit": str(table.unit),
                "title": str(table.title),
                "map": showing.county_map(table, tongue, period=asked.asked.get("period", ""))
                if one.name == "county"
                else None,
                "rows": showing.rows(table, period=asked.asked.get("period", "")),
                "behind": showing.behind_titles(table),
                "compared": table.total.comparison is not None,
                "points": table.total.value.scale == 100,
                "hidden": table.hidden,
                "chosen": asked.dims.get(one.name, ""),
                "download": reverse("portal:download", args=[figure.name, one.name, "csv"])
                + tables.query(asked),
            }
        )
    return found


def divided(figure: Figure, asked: Chosen, by: str) -> Table:
    """Return a figure by one dimension, beside the year before where the two can be compared."""
    try:
        compare = asked.compare == "same"
        return counted.table(figure, asked.period, by, compare=compare)
    except Refusal:
        return counted.table(figure, asked.period, by)
