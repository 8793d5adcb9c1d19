"""A unit's list of obligations, and what of it waits for whom."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from dingzi.city.viewer import Viewer
from dingzi.core.text import Text
from dingzi.matters.models import Matter
from dingzi.matters.visibility import visible

from .models import Debt


def _rows(where: Q) -> QuerySet[Matter]:
    found = Matter.objects.filter(where, process="debt").select_related("debt", "parent")
    return found.order_by("due_at", "id")


def of_unit(viewer: Viewer) -> QuerySet[Matter]:
    """Return what the viewer's unit owes and has not made good."""
    return _rows(Q(lead_unit=viewer.unit, active=True) & ~Q(state="performed"))


def reported(viewer: Viewer) -> QuerySet[Matter]:
    return _rows(Q(lead_unit=viewer.unit, state="performed"))


def _elsewhere(viewer: Viewer, states: tuple[str, ...]) -> QuerySet[Matter]:
    return _rows(Q(state__in=states) & ~Q(lead_unit=viewer.unit) & visible(viewer))


def to_rule(viewer: Viewer) -> QuerySet[Matter]:
    return _rows(Q(holder__in=viewer.posts, state="disputed"))


def to_check(viewer: Viewer) -> QuerySet[Matter]:
    """Return what others report as made good: to ask the other side, or to check."""
    return _elsewhere(viewer, ("performed",))


def counts(viewer: Viewer) -> list[tuple[Text, int]]:
    """Return how much the viewer's unit owes, by kind; one query."""
    held = Debt.objects.filter(matter__lead_unit=viewer.unit, matter__active=True)
    found = list(held.values_list("category", flat=True))
    return [(label, found.count(code)) for code, label in KINDS.items()]


KINDS = {
    "promise": Text("承诺", "Promises"),
    "contract": Text("合同、协议", "Contracts"),
    "ruling": Text("生效裁判", "Court rulings"),
    "unfinished": Text("没有办完的事", "Unfinished matters"),
}


def owed(matter: Matter) -> Text:
    """Say of what kind it is, since when, and what is still to be paid."""
    own: Debt = matter.debt
    kind = KINDS[own.category]
    zh, en = [kind.zh, f"{own.arose_on.year}年起"], [kind.en, f"since {own.arose_on.year}"]
    if own.amount is not None:
        rest = own.amount - own.paid
        if not rest:
            return Text("，".join([*zh, "已经付清"]), ", ".join([*en, "paid in full"]))
        yuan = f"{rest // 100:,}.{rest % 100:02d}"
        zh.append(f"还欠{yuan}元")
        en.append(f"{yuan} yuan owed")
    return Text("，".join(zh), ", ".join(en))
