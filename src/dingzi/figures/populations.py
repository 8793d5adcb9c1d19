"""Whom a figure counts: rows of a projection that meet a condition, each counted on one of its days.

Conditions are written with ``Q`` in a small vocabulary that means the same in SQL, in Python over
one row, and later over columns: a column of the projection itself with ``exact``, ``in``,
``isnull``, ``gt``, ``gte``, ``lt``, ``lte``, joined by ``&``, ``|`` and ``~``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models import Q

from dingzi.core.text import Text

from .places import caller

Labels = Callable[[], Mapping[str, Text]]
#: Lookups of a condition.
LOOKUPS = frozenset({"exact", "in", "isnull", "gt", "gte", "lt", "lte"})


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way to divide a population: a column of the projection and what its values are called.

    Attributes
    ----------
    name : in queries, addresses and the API; also the column, unless ``column`` says otherwise.
    labels : value -> label in the order of tables; every one of them gets a row, even an empty one.
    public : whether everybody may see figures divided by it (else only staff, on their pages).
    within : name of a dimension whose values begin those of this one (county for town).
    """

    name: str
    zh: str
    en: str
    labels: Labels = field(compare=False, repr=False)
    public: bool = False
    column: str = ""
    within: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "column", self.column or self.name)

    @property
    def title(self) -> Text:
        return Text(self.zh, self.en)


@dataclass(frozen=True, slots=True)
class Population:
    """Rows of ``model`` that meet ``where``, each on the day in column ``on``.

    Attributes
    ----------
    name : as a figure's, ``mechanism.what``.
    zh, en : what its rows are, as a page says beside their number.
    within : the population of which this is a part (``only`` sets it).
    """

    name: str
    model: type[models.Model]
    on: str
    zh: str
    en: str
    where: Q = field(default_factory=Q)
    within: Population | None = field(default=None, repr=False)
    place: str = field(default_factory=caller, compare=False, repr=False)

    def only(self, name: str, where: Q, *, zh: str, en: str) -> Population:
        """Return the part of it that also meets ``where``."""
        return Population(
            name, self.model, self.on, zh, en, self.where & where, self, caller()
        )  # fmt: skip

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def label(self) -> Text:
        return Text(self.zh, self.en)

    @property
    def condition(self) -> Q:
        """``where`` for rows that have the day."""
        return Q(**{f"{self.on}__isnull": False}) & self.where

    def is_within(self, other: Population) -> bool:
        one: Population | None = self
        while one is not None:
            if one == other:
                return True
            one = one.within
        return False


def terms(where: Q) -> Iterable[tuple[str, str, Any]]:
    """Yield the (column, lookup, value) of every condition in it."""
    for child in where.children:
        if isinstance(child, Q):
            yield from terms(child)
        else:
            path, value = child
            column, _, lookup = path.partition("__")
            yield column, lookup or "exact", value


def holds(where: Q, row: Mapping[str, Any]) -> bool:
    """Tell whether a row meets the condition, as SQL does: unknown counts as no.

    ``row`` holds the columns by name; dates as dates or ISO texts, alike on both sides.
    """
    return _truth(where, row) is True


def _truth(where: Q, row: Mapping[str, Any]) -> bool | None:
    found = [_truth(c, row) if isinstance(c, Q) else _term(c[0], c[1], row) for c in where.children]
    result: bool | None
    if where.connector == Q.OR:
        result = True if True in found else None if None in found else not found
    else:
        result = False if False in found else None if None in found else True
    return result if not where.negated or result is None else not result


def _term(path: str, wanted: Any, row: Mapping[str, Any]) -> bool | None:
    column, _, lookup = path.partition("__")
    value = row[column]
    if lookup == "isnull":
        return (value is None) == wanted
    if value is None:
        return None
    match lookup or "exact":
        case "exact":
            return bool(value == wanted)
        case "in":
            return value in wanted
        case "gt":
            return bool(value > wanted)
        case "gte":
            return bool(value >= wanted)
        case "lt":
            return bool(value < wanted)
        case "lte":
            return bool(value <= wanted)
    raise ValueError(f"{path}: no such lookup")


def plain(where: Q) -> Any:
    """Return the condition as built-in values, for its hash and for documents."""
    children = [
        plain(c) if isinstance(c, Q) else [c[0], sorted(c[1]) if _is_many(c[1]) else c[1]]
        for c in where.children
    ]
    return {"not" if where.negated else "all" if where.connector == Q.AND else "any": children}


def _is_many(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset)
