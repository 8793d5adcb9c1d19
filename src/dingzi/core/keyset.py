"""Pages of a list by key, not by number: the thousandth page costs what the first does.

A list may come from several branches, each answered from its own index (what is mine, what is my
unit's): one query with OR would read neither. The branches are merged here, and what stands in two
of them is shown once.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import total_ordering
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import (
    Tuple,
    TupleGreaterThan,
    TupleLessThan,
    TupleLookupMixin,
)

from .errors import Invalid

M = TypeVar("M", bound=Model)
_SALT = "dingzi.keyset"


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """One page; ``next`` and ``previous`` are cursor texts, None at the ends."""

    items: list[M]
    next: str | None
    previous: str | None

    def __iter__(self) -> Iterator[M]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class Branch(Generic[M]):
    """Rows of a list that have an index of their own.

    ``names`` says under which name a field of the order is asked for in this index, where it is
    kept beside another table's keys.
    """

    rows: QuerySet[M]
    names: Mapping[str, str] = field(default_factory=dict)


Rows = QuerySet[M] | Branch[M]


def page(
    branches: Rows[M] | Sequence[Rows[M]],
    order: Sequence[str] = ("-opened_at", "-id"),
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
    rows: QuerySet[M] | None = None,
) -> Page[M]:
    """Return one page of the merged branches.

    ``order`` names fields that are never null, each with an index in every branch; the last one
    is unique. ``after`` and ``before`` are cursors of an earlier page; at most one is given.
    Each branch costs one query of ``size + 1`` rows. Raises Invalid ``bad_cursor``.

    With ``rows`` the branches are asked for keys alone, which the database reads off the index
    without touching the table, and the page's rows are taken from ``rows`` by the last key, which
    is then the primary one.
    """
    if after and before:
        raise _bad("before")
    back = bool(before)
    place = _read(before or after or "", order, "before" if back else "after")
    keys = [_Key(name, back) for name in order]
    streams = [_hits(one, keys, place, size + 1, rows is None) for one in _branches(branches)]
    hits: dict[Any, _Hit] = {}
    for hit in heapq.merge(*streams, key=lambda hit: _sortable(keys, hit[0])):
        hits.setdefault(hit[0][-1], hit)
        if len(hits) > size:
            break
    found = list(hits.values())
    more = len(found) > size
    del found[size:]
    if back:
        found.reverse()
    onward = bool(found) and (more or back)
    backward = bool(found) and (more if back else bool(after))
    items = [item for _, item in found]
    if rows is not None:
        known = rows.in_bulk([values[-1] for values, _ in found])
        items = [known[values[-1]] for values, _ in found if values[-1] in known]
    return Page(
        items,
        _write(found[-1][0], order) if onward else None,
        _write(found[0][0], order) if backward else None,
    )


def capped_count(branches: Rows[Any] | Sequence[Rows[Any]], cap: int = 1000) -> tuple[int, bool]:
    """Count up to ``cap``; the flag says that there are more. Never takes in more than that.

    Where the first branch alone has more, the others are not asked: put the cheapest one first. A
    branch with an index beside the table is counted in its order: without one the database, asked
    for some hundred of many rows, may well join all of them first.
    """
    several = [
        branch.rows.order_by(*(f"-{name}" for name in branch.names.values()))
        for branch in _branches(branches)
    ]
    if len(several) == 1:
        number = several[0].values("pk")[: cap + 1].count()
    else:
        found: set[Any] = set()
        for rows in several:
            found.update(rows.values_list("pk", flat=True)[: cap + 1])
            if len(found) > cap:
                break
        number = len(found)
    return min(number, cap), number > cap


def _branches(given: Rows[M] | Sequence[Rows[M]]) -> list[Branch[M]]:
    several = [given] if isinstance(given, QuerySet | Branch) else given
    return [one if isinstance(one, Branch) else Branch(one) for one in several]


#: The values of a row's keys, and the row where it was read with them.
_Hit = tuple[tuple[Any, ...], Any]


def _hits(
    branch: Branch[Any], keys: list[_Key], place: list[Any] | None, limit: int, whole: bool
) -> Iterator[_Hit]:
    found = _limited(branch, keys, place, limit)
    if whole:
        for item in found:
            yield tuple(_value(item, key.name) for key in keys), item
    else:
        names = [branch.names.get(key.name, key.name) for key in keys]
        for values in found.values_list(*names):
            yield values, None


def _sortable(keys: list[_Key], values: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(_Falling(v) if k.down else v for k, v in zip(keys, values, strict=True))


class _Key:
    """One field of the order, in the direction in which this page is read."""

    def __init__(self, name: str, back: bool, here: str = "") -> None:
        self.name = name.removeprefix("-")
        self.here = here or self.name
        self.down = name.startswith("-") is not back

    def within(self, names: Mapping[str, str]) -> _Key:
        """Return the key under the name that a branch has for it."""
        key = _Key(self.name, False, names.get(self.name, ""))
        key.down = self.down
        return key

    @property
    def order_by(self) -> str:
        return f"-{self.here}" if self.down else self.here

    @property
    def beyond(self) -> str:
        return f"{self.here}__{'lt' if self.down else 'gt'}"


@total_ordering
class _Falling:
    """A value that sorts the other way round."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Falling) and self.value == other.value

    def __lt__(self, other: _Falling) -> bool:
        return bool(other.value < self.value)


def _limited(
    branch: Branch[M], keys: list[_Key], place: list[Any] | None, rows: int
) -> QuerySet[M]:
    keys = [key.within(branch.names) for key in keys]
    found = branch.rows.order_by(*(key.order_by for key in keys))
    if place is not None:
        found = found.filter(_beyond(keys, place))
    return found[:rows]


def _beyond(keys: list[_Key], place: list[Any]) -> Any:
    """Only what lies beyond a place: ``(a, b) < (x, y)``, which both databases read off an index.

    Where directions differ it is ``a <= x and (a < x or (a = x and b > y))``.
    """
    if len({key.down for key in keys}) == 1:
        fields = Tuple(*(F(key.here) for key in keys))
        return (_Below if keys[0].down else _Above)(fields, tuple(place))
    first, rest = keys[0], keys[1:]
    beyond = Q(**{first.beyond: place[0]})
    if rest:
        beyond |= Q(**{first.here: place[0]}) & Q(_beyond(rest, place[1:]))
    return Q(**{first.beyond + "e": place[0]}) & beyond


class _Below(TupleLessThan):
    """Row comparison; Django writes it out in ORs for SQLite, which then uses less of the index."""

    def get_fallback_sql(self, compiler: Any, connection: Any) -> Any:
        return super(TupleLookupMixin, self).as_sql(compiler, connection)


class _Above(TupleGreaterThan):
    def get_fallback_sql(self, compiler: Any, connection: Any) -> Any:
        return super(TupleLookupMixin, self).as_sql(compiler, connection)


def _value(item: Model, name: str) -> Any:
    value: Any = item
    for part in name.split("__"):
        value = getattr(value, part)
    return value


def _write(place: Sequence[Any], order: Sequence[str]) -> str:
    values = []
    for value in place:
        if isinstance(value, datetime):
            values.append({"t": value.isoformat()})
        elif isinstance(value, date):
            values.append({"d": value.isoformat()})
        else:
            values.append(value)
    return signing.Signer(salt=_SALT).sign_object([",".join(order), *values])


def _read(cursor: str, order: Sequence[str], field: str) -> list[Any] | None:
    if not cursor:
        return None
    try:
        told, *values = signing.Signer(salt=_SALT).unsign_object(cursor)
        place = [_plain(value) for value in values]
    except Exception as error:  # whatever a stranger wrote
        raise _bad(field) from error
    if told != ",".join(order) or len(place) != len(order):
        raise _bad(field)
    return place


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if "t" in value:
            return datetime.fromisoformat(value["t"])
        return date.fromisoformat(value["d"])
    return value


def _bad(field: str) -> Invalid:
    return Invalid(("bad_cursor", {"field": field}))
