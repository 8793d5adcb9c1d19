"""What a viewer may see and do. The same rules as a test on one matter and as a filter on many."""

from __future__ import annotations

from django.db.models import Q

from dingzi.city.viewer import Viewer
from dingzi.core.errors import Forbidden

from .models import Matter
from .process import Action


def sees(viewer: Viewer, matter: Matter) -> bool:
    """Tell whether the matter exists for this viewer."""
    if viewer.kind == "system":
        return True
    if viewer.kind == "receipt":
        return viewer.matter == matter.id
    if viewer.kind == "public" or viewer.post is None:
        return False
    if viewer.unit in matter.units or matter.holder_id in viewer.posts:
        return True
    if matter.confidential or not viewer.scope:
        return False
    return in_scope(viewer.scope, matter.county, matter.town)


def in_scope(scope: str, county: str, town: str) -> bool:
    if len(scope) <= 4:
        return True
    return county == scope if len(scope) == 6 else town == scope[:9]


def visible(viewer: Viewer) -> Q:
    """Return the filter on Matter of all that the viewer sees."""
    if viewer.kind == "system":
        return Q()
    if viewer.kind == "receipt":
        return Q(id=viewer.matter)
    if viewer.kind == "public" or viewer.post is None:
        return Q(pk__in=())
    part = Q(parts__unit=viewer.unit)
    own = Q(holder__in=viewer.posts)
    if not viewer.scope:
        return Q(pk__in=Matter.objects.filter(part | own).values("pk"))
    if len(viewer.scope) <= 4:
        # Confidential matters are few: the branch for them is small.
        hidden = Matter.objects.filter(confidential=True).filter(part | own).values("pk")
        return Q(confidential=False) | Q(pk__in=hidden)
    place = scope_q(viewer.scope) & Q(confidential=False)
    return place | Q(pk__in=Matter.objects.filter(part | own).values("pk"))


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
    if standing == "part":
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
