"""Figures at the staff's door: the matters behind a number as far as one may see them, and
freezing a period."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from dingzi import figures as counted
from dingzi.city.viewer import Viewer
from dingzi.core import reasons
from dingzi.core.errors import Forbidden, NotFound, Refusal
from dingzi.figures import Figure, Period, freezing, snapshots, today
from dingzi.figures import registry as declared
from dingzi.figures.declare import Share
from dingzi.figures.models import Frozen
from dingzi.ui import words

from .desk import desk, language, page, viewer_of
from .more import pager, state_row

SIZE = 50


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: HttpRequest) -> HttpResponse:
    """List all figures with their values; a steward freezes a period."""
    viewer, wrong, status = viewer_of(request), "", 200
    if request.method == "POST":
        if not freezing.may(viewer):
            raise Forbidden.of("not_your_role", action=_("封定数字"))
        try:
            period = Period.parse(request.POST.get("period", "")[:40])
            done = freezing.freeze(period, by=viewer)
        except Refusal as refusal:
            wrong, status = "；".join(reasons.say_all(refusal)), 422
        else:
            said = ngettext("封定了%(n)s个数字。", "封定了%(n)s个数字。", done)
            messages.success(request, said % {"n": words.number(done)})
            return redirect("workbench:figures")
    period = Period.whole_months()
    context = {
        "groups": [
            {
                "title": str(group.title),
                "rows": [_line(*one) for one in zip(group.figures, values, strict=True)],
            }
            for group, values in counted.listing(period)
        ],
        "period": str(period.words()),
        "may": freezing.may(viewer),
        "periods": _freezable(),
        "wrong": wrong,
        "frozen": _frozen(),
    }
    return page(request, "figures", context, current="figures", status=status)


def _line(figure: Figure, value: counted.Value) -> dict[str, Any]:
    return {
        "title": str(figure.title),
        "means": str(figure.means),
        "url": reverse("workbench:figure", args=[figure.name]),
        "value": value.amount,
        "unit": str(figure.unit) if value.shown is not None else "",
    }


def _freezable() -> list[tuple[str, str]]:
    """Return the usual periods that are over, the latest first."""
    now = today()
    year = now.year
    wanted = [Period.month(y, m) for y in (year, year - 1) for m in range(12, 0, -1)]
    wanted = [p for p in wanted if p.last < now][:6]
    wanted += [p for n in (4, 3, 2, 1) if (p := Period.quarter(year, n)).last < now]
    wanted += [Period.year(year - 1), Period.year(year - 2)]
    return [(one.code, str(one.words(now))) for one in wanted]


def _frozen() -> list[dict[str, Any]]:
    rows = Frozen.objects.order_by("-at").values_list("first", "last", "at", "size")
    found: dict[tuple[Any, Any], dict[str, Any]] = {}
    for first, last, at, size in rows:
        period = str(Period(first, last).words())
        one = found.setdefault((first, last), {"period": period, "at": at, "size": size, "n": 0})
        one["n"] += 1
    return list(found.values())


@desk
@require_safe
def figure(request: HttpRequest, name: str) -> HttpResponse:
    """Show the matters that a figure counts and the viewer may see, under a chosen part of it."""
    viewer, shown = viewer_of(request), declared.get(name)
    if not shown.listed:
        raise NotFound.of("no_such_figure", name=name)
    asked = {one.name: request.GET.get(one.name, "").strip()[:40] for one in shown.by}
    dims = {k: v for k, v in asked.items() if v and v in shown.dimensions[k].labels()}
    wrong: list[str] = []
    try:
        text = request.GET.get("period", "").strip()[:40]
        period = Period.parse(text) if text else Period.whole_months()
    except Refusal as refusal:
        wrong, period = reasons.say_all(refusal), Period.whole_months()
    which: Any = request.GET.get("which", "")
    if not isinstance(_base(shown), Share) or which not in ("of", "over", "rest"):
        which = ""
    size = _size(request.GET.get("as_of", ""), wrong)
    cut = counted.rows(
        shown, period, dims, viewer=viewer, which=which,
        after=request.GET.get("after"), before=request.GET.get("before"), size=SIZE,
    )  # fmt: skip
    context = {
        "title": str(shown.title),
        "means": str(shown.means),
        "url": reverse("portal:figure", args=[shown.name]),
        "wrong": wrong,
        "lists": _lists(shown, period, dims, which),
        "now": timezone.now(),
        "rows": [state_row(m, language()) for m in cut],
        "as_of": size,
        **_value(shown, period, dims, viewer, size),
        **pager(request, cut),
    }
    return page(request, "figure", context, current="figures")


def _size(text: str, wrong: list[str]) -> int | None:
    text = text.strip()[:20]
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return int(text)
    wrong.append(reasons.say(("figures_bad_size", {"value": text})))
    return None


def _value(
    figure: Figure, period: Period, dims: dict[str, str], viewer: Viewer, size: int | None
) -> dict[str, Any]:
    """Return the value, small or inner ones only of the viewer's own place; as of any leaf."""
    try:
        with nullcontext() if size is None else snapshots.as_of(size):
            value = counted.value(figure, period, dims, public=not own(viewer, dims))
    except Refusal as refusal:
        return {"amount": "", "why": reasons.say(refusal.reasons[0])}
    small = _("件数太少，或者分得太细，不在您管的地方，不告诉。") if value.suppressed else ""
    return {
        "amount": value.amount,
        "unit": str(value.unit) if value.shown is not None else "",
        "period": str(value.period.words()),
        "why": small,
    }


def own(viewer: Viewer, dims: dict[str, str]) -> bool:
    """Tell whether a part of a figure lies within the place that the viewer's post answers for."""
    scope = viewer.scope
    if not scope:
        return False
    return len(scope) <= 4 or max(dims.get("county", ""), dims.get("town", ""), key=len).startswith(
        scope
    )


def _base(figure: Figure) -> Figure:
    while isinstance(of := getattr(figure, "of", None), Figure):
        figure = of
    return figure


def _lists(
    figure: Figure, period: Period, dims: dict[str, str], which: str
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in figure.by:
        around = dims.get(one.within, "") if one.within else ""
        labels = {k: v for k, v in one.labels().items() if k.startswith(around)}
        if one.within and not around:
            continue  # two hundred towns are chosen from within their county
        options = [("", _("全部%(what)s") % {"what": one.title})]
        options += [(code, str(label)) for code, label in labels.items()]
        found.append(
            {
                "name": one.name,
                "label": str(one.title),
                "options": options,
                "value": dims.get(one.name, ""),
            }
        )
    now = today()
    periods = [Period.whole_months(now), Period.to_date(now)]
    periods += [p for n in range(12, 0, -1) if (p := Period.month(now.year, n)).over(now)]
    periods += [Period.year(now.year - 1)]
    options = [(p.code, str(p.words(now))) for p in dict.fromkeys([period, *periods])]
    found.append({"name": "period", "label": _("时间"), "options": options, "value": period.code})
    base = _base(figure)
    if isinstance(base, Share):
        parts = [("of", base.of.label), ("rest", None), ("over", base.over.label)]
        options = [(k, str(label) if label else _("全部里其余的")) for k, label in parts]
        found.append(
            {"name": "which", "label": _("哪一份"), "options": options, "value": which or "of"}
        )
    return found
