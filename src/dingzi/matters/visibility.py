"""What a viewer may see and do. The same rules as a test on one matter and as a filter on many."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core.errors import Forbidden, Invalid

from .models import Matter, Part, PostPart
from .process import Action


def sees(viewer: Viewer, matter: Matter) -> bool:
    """Tell whether the matter exists for this viewer.

    Who sees a matter sees its parts, tasks and the rulings on them: one rule for the case page, its
    timeline, search and the API. The receipt opens the matter alone.
    """
    if _sees_itself(viewer, matter):
        return True
    above = matter.parent if matter.parent_id is not None and viewer.post is not None else None
    return above is not None and sees(viewer, above)


def _sees_itself(viewer: Viewer, matter: Matter) -> bool:
    if viewer.kind == "system":
        return True
    if viewer.kind == "receipt":
        return viewer.matter == matter.id
    if viewer.kind == "public" or viewer.post is None:
        return False
    if matter.confidential:
        barred = viewer.post in matter.barred.get("posts", ())
        return not barred and not viewer.posts.isdisjoint(matter.posts)
    if viewer.unit in matter.units or matter.holder_id in viewer.posts:
        return True
    if not viewer.scope:
        return False
    return in_scope(viewer.scope, matter.county, matter.town)


def in_scope(scope: str, county: str, town: str) -> bool:
    if len(scope) <= 4:
        return True
    return county == scope if len(scope) == 6 else town == scope[:9]


def visible(viewer: Viewer, *, parts: bool = False) -> Q:
    """Return the filter on Matter of all that the viewer sees: beside another condition that an
    index answers. Alone it reads every row; lists take ``selectors.listed``.

    Parts of matters that he sees are among them only where ``parts`` are asked for: most filters
    name a process that has none.
    """
    if viewer.kind == "system":
        return Q()
    if viewer.kind == "receipt":
        return Q(id=viewer.matter)
    if viewer.kind == "public" or viewer.post is None:
        return Q(pk__in=())
    ways = ("", "parent__", "parent__parent__") if parts else ("",)
    found = Q()
    for way in ways:
        units = Part.objects.filter(unit=viewer.unit).values("matter")
        seen = Q(**{f"{way}pk__in": units}) | Q(**{f"{way}holder__in": viewer.posts})
        found |= seen & Q(**{f"{way}confidential": False}) | confided(viewer, way)
    if not viewer.scope:
        return found
    return scope_q(viewer.scope) & Q(confidential=False) | found


def confided(viewer: Viewer, way: str = "") -> Q:
    """Return the filter on Matter of the confidential ones in which the viewer's posts have a part."""
    parts = PostPart.objects.filter(post__in=viewer.posts, barred=False).values("matter")
    hidden = Q(**{f"{way}confidential": True})
    return hidden & Q(**{f"{way}pk__in": parts}) & ~Q(**{f"{way}pk__in": barred(viewer)})


def barred(viewer: Viewer) -> QuerySet[PostPart, int]:
    """Return the ids of the matters that must not reach the viewer."""
    rows = PostPart.objects.filter(post=viewer.post, barred=True)
    return rows.values_list("matter", flat=True)


def parted(viewer: Viewer) -> list[tuple[int, int | None]]:
    """Return the units in whose parts the viewer's matters lie, wherever these are.

    Each with the post that must hold the matter, None for any: of other units than his own he sees
    only what is on a post that he stands in for, or on his own since before it came to his unit.
    """
    found: list[tuple[int, int | None]] = [] if viewer.unit is None else [(viewer.unit, None)]
    for post in sorted(viewer.posts):
        card = directory.post(post)
        units = [card.unit, *directory.predecessors(card.unit)] if card else []
        found += [(unit, post) for unit in units if unit != viewer.unit]
    return found


def scope_q(scope: str) -> Q:
    if len(scope) <= 4:
        return Q()
    return Q(county=scope) if len(scope) == 6 else Q(town=scope[:9])


def has_role(viewer: Viewer, action: Action, opening: bool) -> bool:
    """Tell whether ``action`` is among the viewer's duties, wherever the matter is."""
    if viewer.kind == "system":
        return True
    if "anyone" in action.by and opening:
        return True
    if viewer.kind == "receipt":
        return "citizen" in action.by
    if viewer.post is None:
        return False
    return "staff" in action.by or bool(viewer.roles & action.by)


def reads_phones(viewer: Viewer, matter: Matter) -> bool:
    """Tell whether the viewer gets whole telephone numbers: who has the matter in hand or leads."""
    return stands(viewer, "unit", matter) or stands(viewer, "lead", matter)


def stands(viewer: Viewer, standing: str, matter: Matter) -> bool:
    """Tell whether the matter is where the viewer may touch it."""
    if viewer.kind in ("system", "receipt"):
        return True
    if standing == "post":
        return matter.holder_id in viewer.posts
    if standing == "unit":
        return matter.holder_unit_id == viewer.unit or matter.holder_id in viewer.posts
    if standing == "lead":
        return matter.lead_unit_id == viewer.unit
    if standing == "part" and not matter.confidential:
        return viewer.unit in matter.units or matter.holder_id in viewer.posts
    return sees(viewer, matter)


def may(viewer: Viewer, action: Action, matter: Matter) -> bool:
    """Tell whether role and standing let the viewer do ``action`` (its state and guards aside)."""
    return has_role(viewer, action, False) and stands(viewer, action.standing, matter)


def demand_role(viewer: Viewer, action: Action, opening: bool) -> None:
    if not has_role(viewer, action, opening):
        raise Forbidden.of("not_your_role", action=action.label)


def demand_standing(viewer: Viewer, action: Action, matter: Matter) -> None:
    """Raise Forbidden where another unit has the matter in hand."""
    if not stands(viewer, action.standing, matter):
        raise Forbidden.of("not_in_your_hands", action=action.label)


def demand_clear(barred: dict[str, list[int]], facts: dict[str, Any]) -> None:
    """Raise Invalid where an act would give a part in the matter to whoever it must not reach."""
    if not barred:
        return
    units = {facts.get("holder_unit"), facts.get("lead_unit"), *facts.get("units", ())}
    posts = {facts.get("holder"), *facts.get("posts", ())}
    if not units.isdisjoint(barred.get("units", ())) or not posts.isdisjoint(
        barred.get("posts", ())
    ):
        raise Invalid.of("barred_from_matter")
