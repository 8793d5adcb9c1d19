"""How far each estate is: what everybody may read, without an owner, a home or a small building."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from dingzi import law
from dingzi.city import directory
from dingzi.city import selectors as places
from dingzi.city.parameters import overrides
from dingzi.city.viewer import Viewer
from dingzi.core.registry import Bar, Line, Standing
from dingzi.core.text import Text
from dingzi.matters import registry
from dingzi.matters.clocks import local_day
from dingzi.matters.models import Event, Matter
from dingzi.matters.visibility import visible

from .models import Estate, Household, Obstacle

#: What happened is told back to so many acts.
TOLD = 20
#: Estates on the list; those that ended longest ago are left out first.
LISTED = 150
Stages = dict[str, int]
_REST = (
    ("applied", Text("{n}户在登记", "{n} being registered")),
    ("missing", Text("{n}户等补材料", "{n} with papers missing")),
    ("aside", Text("{n}户暂时办不了", "{n} set aside")),
)


def standings(county: str, language: str) -> Sequence[Standing]:
    """Return every estate on the list, those not yet cleared first; ``county`` "" for all."""
    rows = Estate.objects.exclude(outcome="not_stuck").select_related("matter")
    if county:
        rows = rows.filter(county=county)
    found = list(rows.order_by(F("closed_on").desc(nulls_first=True), "filed_on", "pk")[:LISTED])
    stages = _stages([one.pk for one in found])
    made = [_standing(one, _whole(stages[one.pk]), language) for one in found]
    return sorted(made, key=lambda s: s.ended)


def standing(key: str, language: str) -> Standing | None:
    """Return one estate by its number, with its buildings, what is in the way, and what happened."""
    one = Estate.objects.select_related("matter").filter(matter__number=key).first()
    if one is None or one.outcome == "not_stuck":
        return None
    by_building = _stages([one.pk])[one.pk]
    made = _standing(one, _whole(by_building), language)
    return Standing(
        key=made.key,
        title=made.title,
        place=made.place,
        kind=made.kind,
        says=made.says,
        ended=made.ended,
        bars=(*made.bars, *_buildings(one, by_building, language)),
        lines=tuple(_lines(one, language)),
        happened=tuple(_happened(one, language)),
    )


def _stages(estates: list[int]) -> dict[int, dict[str, Stages]]:
    """Count households by estate, building and stage."""
    rows = Household.objects.filter(estate__in=estates).order_by()
    found: dict[int, dict[str, Stages]] = {pk: defaultdict(dict) for pk in estates}
    for pk, building, stage, n in rows.values_list("estate", "building", "stage").annotate(
        n=Count("pk")
    ):
        found[pk][building][stage] = n
    return found


def _whole(by_building: dict[str, Stages]) -> Stages:
    whole: Stages = defaultdict(int)
    for stages in by_building.values():
        for stage, n in stages.items():
            whole[stage] += n
    return whole


# -- what waits at the desk: obstacles by how far they are ----------------------------------------


def _obstacles(viewer: Viewer, where: Q) -> QuerySet[Matter]:
    seen = visible(viewer, parts=True)
    found = Matter.objects.filter(where, seen, process="obstacle").order_by("due_at", "id")
    return found.select_related("obstacle", "parent")


def pursued(viewer: Viewer) -> QuerySet[Matter]:
    """Return the obstacles whose promise was broken, the longest first."""
    return _obstacles(viewer, Q(state="pursued"))


def promised(viewer: Viewer) -> QuerySet[Matter]:
    """Return what was tolerated on a promise whose day is still to come, the next day first."""
    return _obstacles(viewer, Q(state="promised"))


def disowned(viewer: Viewer) -> QuerySet[Matter]:
    return _obstacles(viewer, Q(state="objected"))


def to_clear(viewer: Viewer) -> QuerySet[Matter]:
    """Return what the viewer's own unit has to clear."""
    return _obstacles(viewer, Q(state="listed", holder_unit=viewer.unit))


def obstacle(matter: Matter) -> Text:
    """Say of which kind it is, and what was promised by which day."""
    own: Obstacle = matter.obstacle
    label = _kinds().get(own.kind, Text(own.kind, own.kind))
    if own.promised_for is None:
        return label
    day = own.promised_for.isoformat()
    if own.broken_on is not None:
        return Text(
            f"{label.zh}，承诺{day}前补齐，没有补齐", f"{label.en}, promised by {day}, broken"
        )
    return Text(f"{label.zh}，承诺{day}前补齐", f"{label.en}, promised by {day}")


def _kinds() -> Mapping[str, Text]:
    fields = registry.handle("estate").latest.actions["list_obstacle"].fields
    return next(f for f in fields if f.name == "obstacle").choices


def _standing(one: Estate, stages: Stages, language: str) -> Standing:
    matter = one.matter
    process = registry.process(matter.process, matter.version)
    of = max(one.households, sum(stages.values()))
    bars = (_bar(_text("全部", "All", language), stages, of, language),) if of else ()
    return Standing(
        key=matter.number,
        title=one.name,
        place=places.full_name(one.town or one.county, language),
        kind=_category(one.category, language),
        says=process.states[matter.state].public.in_language(language),
        bars=bars,
        ended=matter.closed_at is not None,
    )


def _category(code: str, language: str) -> str:
    fields = registry.handle("estate").latest.actions["file"].fields
    label = next(f for f in fields if f.name == "category").choices.get(code)
    return label.in_language(language) if label else code


def _text(zh: str, en: str, language: str) -> str:
    return Text(zh, en).in_language(language)


def _bar(label: str, stages: Stages, of: int, language: str) -> Bar:
    rest = [
        text.in_language(language).format(n=stages[stage])
        for stage, text in _REST
        if stages.get(stage)
    ]
    joint = ", " if language.startswith("en") else "，"
    return Bar(label=label, done=stages.get("issued", 0), of=of, rest=joint.join(rest))


def _buildings(one: Estate, by_building: dict[str, Stages], language: str) -> list[Bar]:
    """Return a bar a building; those too small to be told are told together, or not at all.

    How each household of a building stands is not told where a stage has so few that one could
    tell who: the bar shows done and whole alone.
    """
    least = _smallest()
    small: Stages = defaultdict(int)
    bars, small_of = [], 0
    for name, told in one.buildings.items():
        stages = by_building.get(name, {})
        of = max(told["households"], sum(stages.values()))
        if of < least:
            small_of += of
            for stage, n in stages.items():
                small[stage] += n
            continue
        bars.append(_bar(name, {"issued": stages.get("issued", 0)}, of, language))
    if small_of >= least:
        label = _text("户数少的几栋", "Small buildings together", language)
        bars.append(_bar(label, {"issued": small["issued"]}, small_of, language))
    return bars


def _smallest() -> int:
    found = law.parameter("figures.smallest_cell", local_day(timezone.now()), overrides())
    return int(found.value)


def _lines(one: Estate, language: str) -> list[Line]:
    """Return the obstacles that are not cleared: kind, unit, by when."""
    rows = Obstacle.objects.filter(matter__parent=one.pk, cleared_on=None).select_related("matter")
    choices = _kinds()
    found = []
    for row in rows.order_by("listed_on", "pk"):
        matter = row.matter
        if not matter.active:
            continue
        process = registry.process(matter.process, matter.version)
        label = choices.get(row.kind)
        due = local_day(matter.due_at) if matter.due_at else None
        found.append(
            Line(
                what=label.in_language(language) if label else row.kind,
                who=directory.name_of(directory.unit(matter.holder_unit_id), language),
                state=process.states[matter.state].label.in_language(language),
                due=due,
                late=matter.overdue,
            )
        )
    return found


def _happened(one: Estate, language: str) -> list[tuple[date, str]]:
    """Return the public acts on the estate, the newest first."""
    matter: Matter = one.matter
    process = registry.process(matter.process, matter.version)
    found = []
    for event in Event.objects.of(matter.id).order_by("-seq"):
        action = registry.action(process, event.action)
        if action is None or not action.public or action.told is None:
            continue
        found.append((local_day(event.occurred_at), action.told.in_language(language)))
        if len(found) == TOLD:
            break
    return found
