"""From a request to a Viewer: which posts an account has today, which of them it acts from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from dingzi.core.errors import Forbidden

from . import roles, tokens
from .models import Account, ApiClient, Delegation, Tenure
from .selectors import held_on
from .viewer import PUBLIC, Viewer

SESSION_POST = "post"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A post from which an account may act today.

    ``via`` is the id of the account's own post that stands in for it; None where it sits on it.
    """

    post: int
    code: str
    name: str
    name_en: str
    unit: int
    unit_name: str
    unit_name_en: str
    division: str
    roles: frozenset[str]
    via: int | None = None


_COLUMNS = {
    "post": "pk",
    "code": "code",
    "name": "name",
    "name_en": "name_en",
    "unit": "unit_id",
    "unit_name": "unit__name",
    "unit_name_en": "unit__name_en",
    "division": "unit__division_id",
    "roles": "roles",
}


def posts_of(account: int, today: date | None = None) -> list[Seat]:
    """Return the posts an account sits on today, then those it stands in for; at most 2 queries."""
    today = today or timezone.localdate()
    lent = Delegation.objects.filter(
        held_on(today), held_on(today, "post"), held_on(today, "post__unit")
    )
    rows = Tenure.objects.filter(
        held_on(today), held_on(today, "post"), held_on(today, "post__unit"), account=account
    ).order_by("since", "pk")
    seats, lends = _seats(rows.annotate(lends=Exists(lent.filter(delegate=OuterRef("post")))))
    if not lends:
        return seats
    own = {seat.post for seat in seats}
    stands_in, _ = _seats(lent.filter(delegate__in=own).order_by("since", "pk"), "delegate")
    return seats + [seat for seat in stands_in if seat.post not in own]


def _seats(rows: Any, last: str = "lends") -> tuple[list[Seat], bool]:
    """Return the seats of tenures, and whether other posts are lent to one of them; or, of
    delegations, those that are lent and by what they stand in (``last``)."""
    paths = [f"post__{path}" for path in _COLUMNS.values()]
    seats: dict[int, Seat] = {}
    lends = False
    for *values, other in rows.values_list(*paths, last):
        given: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
        given["roles"] = frozenset(given["roles"])
        if last == "lends":
            lends |= other
        else:
            given["via"] = other
        seat = Seat(**given)
        seats.setdefault(seat.post, seat)
    return list(seats.values()), lends


def viewer_for(
    account: Account,
    post_id: int | None = None,
    today: date | None = None,
    *,
    scope_roles: Collection[str] | None = None,
) -> Viewer:
    """Return the account as a Viewer acting from ``post_id``, or from its first post.

    A post that is not the account's today is taken as none chosen: a tenure that has ended gives
    nothing from that day on. An account without a post sees and does nothing.
    """
    if not account.is_active:
        return PUBLIC
    return viewer_at(account.pk, posts_of(account.pk, today), post_id, scope_roles=scope_roles)


def viewer_at(
    account: int,
    seats: list[Seat],
    post_id: int | None = None,
    *,
    scope_roles: Collection[str] | None = None,
) -> Viewer:
    """Return the viewer who sits on ``seats`` and acts from one of them.

    Posts that have delegated to that one lend it their roles; their scope only where it has none.
    """
    seat = next((seat for seat in seats if seat.post == post_id), seats[0] if seats else None)
    if seat is None:
        return Viewer(kind="staff", account=account)
    lent = [other for other in seats if other.via == seat.post]
    seeing = roles.scope_roles() if scope_roles is None else frozenset(scope_roles)
    places = [one.division for one in (seat, *lent) if one.roles & seeing]
    return Viewer(
        kind="staff",
        post=seat.post,
        unit=seat.unit,
        roles=seat.roles.union(*(other.roles for other in lent)),
        scope=places[0] if places else "",
        stands_for=frozenset(other.post for other in lent),
        account=account,
    )


def client_viewer(client: ApiClient) -> Viewer:
    """Return an API client as a Viewer on its post; nobody stands in for or by a machine."""
    post = client.post
    held = frozenset(post.roles)
    return Viewer(
        kind="client",
        post=post.pk,
        unit=post.unit_id,
        roles=held,
        scope=post.unit.division_id if held & roles.scope_roles() else "",
        client=client.pk,
    )


def viewer_of_token(token: str, today: date | None = None) -> Viewer | None:
    """Return the viewer of a bearer token; None where it is worth nothing today. One query."""
    client = tokens.client_of(token, today or timezone.localdate())
    return None if client is None else client_viewer(client)


def choose_post(request: HttpRequest, post_id: int) -> Viewer:
    """Act from another of one's posts from now on, also in the requests to come.

    Raises Forbidden ``city_not_your_post`` for a post that is not the account's today.
    """
    seats: list[Seat] = getattr(request, "seats", [])
    if post_id not in {seat.post for seat in seats}:
        raise Forbidden.of("city_not_your_post")
    request.session[SESSION_POST] = post_id
    assert isinstance(request.user, Account)
    request.viewer = viewer_at(request.user.pk, seats, post_id)  # type: ignore[attr-defined]
    return request.viewer  # type: ignore[attr-defined]
