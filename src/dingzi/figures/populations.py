"""Whom a figure counts: rows of a projection that meet a condition, each counted on one of its days.

Conditions are written with ``Q`` in a small vocabulary that means the same in SQL, in Python over
one row, and later over columns: a column of the projection itself with ``exact``, ``in``,
``isnull``, ``gt``, ``gte``, ``lt``, ``lte``, joined by ``&``, ``|`` and ``~``.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    place : whether its values are divisions of the city: only places have residents and ranks.
    """

    name: str
    zh: str
    en: str
    labels: Labels = field(compare=False, repr=False)
    public: bool = False
    column: str = ""
    within: str = ""
    place: bool = False

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


def children(where: Q) -> list[Any]:
    """Return what a condition joins: further conditions and ``(path, value)`` pairs."""
    return list(where.children)


def terms(where: Q) -> Iterable[tuple[str, str, Any]]:
    """Yield the (column, lookup, value) of every condition in it."""
    for child in children(where):
        if isinstance(child, Q):
            yield from terms(child)
        else:
            path, value = child
            column, _, lookup = path.partition("__")
            yield column, lookup or "exact", value


Row = Sequence[Any]
#: True, False or None for unknown, as in SQL.
Test = Callable[[Row], bool | None]


def compiled(where: Q, columns: Sequence[str]) -> Test:
    """Return the condition as a function of a row that holds ``columns`` in this order.

    It answers as SQL does: what is compared with nothing is unknown, and unknown counts as no.
    """
    tests = [
        compiled(c, columns) if isinstance(c, Q) else _term(c[0], c[1], columns)
        for c in children(where)
    ]
    made = _any(tests) if where.connector == Q.OR and tests else _all(tests)
    return _not(made) if where.negated else made


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def test(row: Row) -> bool | None:
        found: bool | None = True
        for one in tests:
            told = one(row)
            if told is False:
                return False
            if told is None:
                found = None
        return found

    return test


def _any(tests: list[Test]) -> Test:
    def test(row: Row) -> bool | None:
        found: bool | None = False
        for one in tests:
            told = one(row)
            if told is True:
                return True
            if told is None:
                found = None
        return found

    return test


def _not(inner: Test) -> Test:
    def test(row: Row) -> bool | None:
        told = inner(row)
        return None if told is None else not told

    return test


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "in": lambda value, wanted: value in wanted,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def _term(path: str, wanted: Any, columns: Sequence[str]) -> Test:
    column, _, lookup = path.partition("__")
    at = columns.index(column)
    if lookup == "isnull":
        return lambda row: (row[at] is None) is wanted
    compare = _COMPARE[lookup or "exact"]

    def test(row: Row) -> bool | None:
        value = row[at]
        return None if value is None else compare(value, wanted)

    return test


def plain(where: Q) -> Any:
    """Return the condition as built-in values, for its hash and for documents."""
    found = [
        plain(c) if isinstance(c, Q) else [c[0], sorted(c[1]) if _is_many(c[1]) else c[1]]
        for c in children(where)
    ]
    return {"not" if where.negated else "all" if where.connector == Q.AND else "any": found}


def _is_many(value: Any) -> bool:
    return isinstance(value, list | tuple | set | frozenset)
