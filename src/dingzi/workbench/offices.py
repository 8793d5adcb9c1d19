"""Units and posts: who does what since when, who came before; a steward changes it here."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from dingzi.city import directory, selectors
from dingzi.city.models import Post, Tenure, Unit
from dingzi.core.errors import Forbidden, NotFound
from dingzi.matters import handover

from . import office_acts as acts
from . import office_fields as fields
from .desk import desk, language, page

#: Units on a page.
SIZE = 50


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def units(request: HttpRequest) -> HttpResponse:
    """List the units, found by name, place or code; a steward opens one."""
    refused = None
    if request.method == "POST":
        refused = _did(request, (acts.NEW_UNIT,), None)
        if isinstance(refused, dict):
            return redirect("workbench:unit", refused["code"])
    query = request.GET.get("q", "").strip()[:60]
    ended = "ended" in request.GET
    found = Unit.objects.filter(until__isnull=not ended).select_related("division")
    if query:
        place = selectors.find_division(query)
        named = Q(name__icontains=query) | Q(name_en__icontains=query) | Q(code=query)
        found = found.filter(named | Q(division__code__startswith=place.code) if place else named)
    open_posts = Count("posts", filter=Q(posts__until__isnull=True))
    cut = Paginator(found.annotate(n=open_posts).order_by("division", "kind", "code"), SIZE)
    shown = cut.get_page(request.GET.get("page"))
    posts = Post.objects.filter(unit__in=[u.pk for u in shown], until=None)
    by_unit: dict[int, list[int]] = {}
    for post, unit in posts.values_list("id", "unit"):
        by_unit.setdefault(unit, []).append(post)
    held = selectors.holders_of([p for its in by_unit.values() for p in its])
    rows = [
        {
            "unit": unit,
            "name": directory.name_of(unit, language()),
            "kind": fields.kind_label(unit.kind),
            "place": _place(unit),
            "posts": len(by_unit.get(unit.pk, [])),
            "vacant": sum(post not in held for post in by_unit.get(unit.pk, [])),
        }
        for unit in shown
    ]
    context = {
        "rows": rows, "shown": shown, "total": cut.count, "query": query, "ended": ended,
        "offers": _offers(request, (acts.NEW_UNIT,), None, refused),
    }  # fmt: skip
    return page(request, "units", context, current="units", status=422 if refused else 200)


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, code: str) -> HttpResponse:
    """Show a unit with its posts; a steward opens posts, renames, merges or closes it."""
    one = Unit.objects.select_related("division", "parent", "successor").filter(code=code).first()
    if one is None:
        raise NotFound.of("not_found")
    own = acts.UNIT if one.until is None else ()
    refused = None
    if request.method == "POST":
        refused = _did(request, own, one)
        if isinstance(refused, dict):
            return redirect("workbench:unit", one.code)
    posts = list(one.posts.select_related("supervisor__unit").order_by("until", "since", "id"))
    sitting = _sitting(posts)
    context = {
        "unit": one,
        "name": directory.name_of(one, language()),
        "kind": fields.kind_label(one.kind),
        "place": _place(one),
        "after": selectors.successors(one),
        "merged": one.merged.all(),
        "posts": [_post(post, sitting) for post in posts],
        "people": acts.may(request),
        "offers": _offers(request, own, one, refused),
    }
    return page(request, "unit", context, current="units", status=422 if refused else 200)


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def post(request: HttpRequest, code: str) -> HttpResponse:
    """Show a post: its duties, who sits on it and who stands in; a steward changes them."""
    found = Post.objects.select_related("unit__division", "supervisor__unit").filter(code=code)
    one = found.first()
    if one is None:
        raise NotFound.of("not_found")
    own = _acts_of(one)
    refused = None
    if request.method == "POST":
        refused = _did(request, own, one)
        if isinstance(refused, dict):
            return redirect("workbench:post", one.code)
    today = timezone.localdate()
    stands = one.delegations.select_related("delegate__unit").order_by("-since", "-id")
    context = {
        "post": one,
        "name": directory.name_of(one, language()),
        "unit_name": directory.name_of(one.unit, language()),
        "roles": [fields.role_label(name) for name in one.roles],
        "above": fields.post_label(one.supervisor) if one.supervisor else "",
        "vacant": one.until is None and selectors.holder_of(one.pk) is None,
        "waiting": handover.count_on(one.pk),
        "tenures": _tenures(one) if acts.may(request) else None,
        "delegates": [
            {"row": d, "name": fields.post_label(d.delegate), "now": _holds(d, today)}
            for d in stands
        ],
        "offers": _offers(request, own, one, refused),
    }
    return page(request, "post", context, current="units", status=422 if refused else 200)


def _acts_of(one: Post) -> tuple[acts.BookAct, ...]:
    """Return what can be done with a post as it stands, the likeliest first."""
    if one.until is not None:
        return ()
    seated = bool(fields.sitting(one))
    first = (*acts.HELD, *acts.VACANT) if seated else acts.VACANT
    standing = selectors.delegates_of(one.pk)
    delegating = (acts.DELEGATED,) if standing else ()
    return (*first, *delegating, *acts.POST)


def _did(request: HttpRequest, own: tuple[acts.BookAct, ...], subject: Any) -> Any:
    if not acts.may(request):
        raise Forbidden.of("not_your_role", action=_("改单位和岗位"))
    made = acts.done(request, own, subject)
    if isinstance(made, dict):
        messages.success(request, acts.written())
    return made


def _offers(
    request: HttpRequest, own: tuple[acts.BookAct, ...], subject: Any, refused: Any
) -> list[acts.Offer]:
    offers = acts.offers(request, own, subject)
    if not isinstance(refused, acts.Offer):
        return offers
    return [refused if o.act.action == refused.act.action else o for o in offers]


def _place(unit: Unit) -> str:
    return selectors.full_name(unit.division_id, language()) or directory.name_of(
        unit.division, language()
    )


def _sitting(posts: list[Post]) -> dict[int, str]:
    today = timezone.localdate()
    held = Tenure.objects.filter(selectors.held_on(today), post__in=posts).order_by("since")
    return dict(held.values_list("post", "account__username"))


def _post(post: Post, sitting: dict[int, str]) -> dict[str, Any]:
    return {
        "post": post,
        "name": directory.name_of(post, language()),
        "roles": pgettext("标点", "、").join(map(fields.role_label, post.roles)),
        "above": fields.post_label(post.supervisor) if post.supervisor else "",
        "who": sitting.get(post.pk, ""),
    }


def _tenures(one: Post) -> list[dict[str, Any]]:
    today = timezone.localdate()
    rows = one.tenures.select_related("account").order_by("-since", "-id")
    return [{"row": t, "now": _holds(t, today), "ahead": t.since > today} for t in rows]


def _holds(row: Any, today: Any) -> bool:
    return bool(row.since <= today and (row.until is None or row.until > today))
