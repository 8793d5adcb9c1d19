"""A very small city for tests: one county, two towns, the units that a dispute passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dingzi.city import directory
from dingzi.city.models import Division, Post, Unit
from dingzi.city.viewer import Viewer

SINCE = date(2020, 1, 1)
TOWN, OTHER_TOWN, OTHER_COUNTY = "360902001", "360902002", "360921"


@dataclass(frozen=True)
class World:
    """Viewers of a town: window, mediator, bureau, the county's supervisor, a stranger."""

    window: Viewer
    mediator: Viewer
    bureau: Viewer
    supervisor: Viewer
    stranger: Viewer
    other_window: Viewer
    mediation: int
    housing: int
    centre: int


def build() -> World:
    """Make the divisions, units and posts, straight into their tables."""
    city = Division.objects.create(
        code="3609", name="宜春市", short="宜", level="city", since=SINCE
    )
    county = Division.objects.create(
        code="360902", name="袁州区", short="袁", level="county", parent=city, since=SINCE
    )
    other = Division.objects.create(
        code=OTHER_COUNTY, name="奉新县", short="奉", level="county", parent=city, since=SINCE
    )
    town = Division.objects.create(
        code=TOWN, name="灵泉街道", level="town", parent=county, since=SINCE
    )
    town2 = Division.objects.create(
        code=OTHER_TOWN, name="秀江街道", level="town", parent=county, since=SINCE
    )
    Division.objects.create(
        code=TOWN + "001", name="东门社区", level="village", parent=town, since=SINCE
    )
    centre_county = _unit("cz-360902", "袁州区综治中心", "centre", county, "county")
    supervisor = _post(centre_county, "督办岗", ["supervisor", "window", "backdate"])
    centre = _unit("cz-town", "灵泉街道综治中心", "centre", town, "town")
    window = _post(centre, "受理岗", ["window", "backdate"], supervisor)
    mediation = _unit("tj-town", "灵泉街道人民调解委员会", "mediation", town, "town")
    mediator = _post(mediation, "调解一岗", ["mediator"], supervisor)
    housing = _unit("zj-360902", "区住房和城乡建设局", "bureau", county, "county")
    bureau = _post(housing, "物业科", ["handler"], supervisor)
    centre2 = _unit("cz-town2", "秀江街道综治中心", "centre", town2, "town")
    window2 = _post(centre2, "受理岗", ["window"], supervisor)
    far = _unit("cz-far", "奉新县综治中心", "centre", other, "county")
    stranger = _post(far, "受理岗", ["window"])
    directory.forget()
    return World(
        window=_viewer(window, TOWN),
        mediator=_viewer(mediator),
        bureau=_viewer(bureau),
        supervisor=_viewer(supervisor, "360902"),
        stranger=_viewer(stranger, OTHER_COUNTY),
        other_window=_viewer(window2, OTHER_TOWN),
        mediation=mediation.id,
        housing=housing.id,
        centre=centre.id,
    )


def _unit(code: str, name: str, kind: str, division: Division, level: str) -> Unit:
    return Unit.objects.create(
        code=code, name=name, kind=kind, division=division, level=level, since=SINCE
    )


def _post(unit: Unit, name: str, roles: list[str], supervisor: Post | None = None) -> Post:
    return Post.objects.create(
        code=f"{unit.code}-{roles[0]}", unit=unit, name=name, roles=roles, supervisor=supervisor,
        since=SINCE,
    )  # fmt: skip


def _viewer(post: Post, scope: str = "") -> Viewer:
    return Viewer(
        kind="staff", post=post.id, unit=post.unit_id, roles=frozenset(post.roles), scope=scope
    )
