"""A query of parts as one statement over versions: the same text for DuckDB and, carried over, Spark.

Every part adds ``sign`` times what a row holds, over the rows that meet its condition, so files
whose rows take others away need no join. Parts that are dated and kept alike share a statement.
Values stand in the text (codes and days of declarations); what somebody asked for are parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from ..declare import Part
from ..fetching import Key, Query
from ..populations import children, terms
from ..tally import Tally
from . import tables

#: Rows are counted by so many codes at most before conditions choose among them.
CODES = 3
#: Stands in a statement for where its rows come from.
ROWS = "{rows}"
_SIGNS = {"exact": "=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


@dataclass(frozen=True, slots=True)
class Statement:
    """What one statement answers.

    Attributes
    ----------
    sql : text with `ROWS` in it, and a ``?`` for each of ``params``.
    parts : those it answers; each has one column, of ``sum`` two.
    keys : columns before those.
    spread : whether the last of the keys is the value whose rows are counted.
    """

    sql: str
    params: tuple[Any, ...]
    parts: tuple[Part, ...]
    keys: int
    spread: bool


def statements(query: Query, *, signed: bool) -> Iterator[Statement]:
    """Yield the statements that answer a query; ``signed`` where rows may take others away."""
    alike: dict[tuple[str, str], list[Part]] = {}
    for part in query.parts:
        column = part.column if part.keep == "spread" else ""
        alike.setdefault((part.population.on, column), []).append(part)
    for (on, column), parts in alike.items():
        yield _statement(query, on, column, parts, signed)


def _statement(
    query: Query, on: str, column: str, parts: Sequence[Part], signed: bool
) -> Statement:
    """Return what counts rows by days and codes, and around it what chooses by codes and sums days
    to months: of each code there is one row then, not one of each matter."""
    keys = [quoted(one.column) for one in query.by]
    if query.time:
        keys.append(quoted(on))
    if column:
        keys.append(quoted(column))
    every = [list(dict.fromkeys(_conjuncts(part.population.where))) for part in parts]
    codes = tables.codes(parts[0].population.model)
    common = [t for t in every[0] if not t.by <= codes and all(t in terms for terms in every)]
    rest = [[term.sql for term in terms if term not in common] for terms in every]
    by = sorted({n for terms in every for term in terms if term not in common for n in term.by})
    where, params = _where(query, on, column)
    where += [term.sql for term in common]
    if not by or not codes.issuperset(by) or len(by) > CODES:
        told = [
            one for part, terms in zip(parts, rest, strict=True)
            for one in _measures(part, signed, terms)
        ]  # fmt: skip
        kept, by = [f"sum(m{n})" for n in range(len(told))], []
    else:
        told = list(dict.fromkeys(one for part in parts for one in _measures(part, signed)))
        kept = [
            f"sum(m{told.index(one)}){_only(terms)}" for part, terms in zip(parts, rest, strict=True)
            for one in _measures(part, signed)
        ]  # fmt: skip
    named = [f"{key} AS k{n}" for n, key in enumerate(keys)] + [quoted(name) for name in by]
    measures = [f"{one} AS m{n}" for n, one in enumerate(told)]
    sql = _select(named, measures, f"{ROWS} WHERE {' AND '.join(where)}")
    if by or query.time == "month":
        outer = [f"k{n}" for n in range(len(keys))]
        if query.time == "month":
            outer[len(query.by)] = f"date_trunc('month', {outer[len(query.by)]})"
        sql = _select(outer, kept, f"({sql}) AS counted")
    return Statement(sql, tuple(params), tuple(parts), len(keys), bool(column))


def _select(keys: Sequence[str], measures: Sequence[str], rows: str) -> str:
    """Return the statement; without keys it gives one row, which may be of nothing."""
    sql = f"SELECT {', '.join([*keys, *measures])} FROM {rows}"
    if keys:
        sql += f" GROUP BY {', '.join(str(n + 1) for n in range(len(keys)))}"
    return sql


def _where(query: Query, on: str, column: str) -> tuple[list[str], list[Any]]:
    day = quoted(on)
    where, params = [f"{day} <= {literal(query.last)}"], []
    if query.first is not None:
        where.append(f"{day} >= {literal(query.first)}")
    for one, value in query.filters.items():
        where.append(f"{quoted(one.column)} = ?")
        params.append(value)
    if column:
        where.append(f"{quoted(column)} IS NOT NULL")
    return where, params


@dataclass(frozen=True, slots=True)
class _Term:
    """A condition and the columns that it looks at."""

    sql: str
    by: frozenset[str]


def _conjuncts(where: Q) -> Iterator[_Term]:
    """Yield the conditions that must all hold."""
    if where.negated or (where.connector != Q.AND and len(where.children) > 1):
        if found := condition(where):
            yield _Term(found, frozenset(name for name, _, _ in terms(where)))
        return
    for child in children(where):
        if isinstance(child, Q):
            yield from _conjuncts(child)
        else:
            yield _Term(_term(*child), frozenset([child[0].partition("__")[0]]))


def _measures(part: Part, signed: bool, conditions: Sequence[str] = ()) -> Iterator[str]:
    """Yield what counts a part's rows, and for a sum what adds them up."""
    if part.keep == "sum":
        column = quoted(part.column)
        only = _only([f"{column} IS NOT NULL", *conditions])
        yield ("sum(sign)" if signed else "count(*)") + only
        yield f"sum({'sign * ' if signed else ''}{column}){only}"
    else:
        yield ("sum(sign)" if signed else "count(*)") + _only(conditions)


def _only(conditions: Sequence[str]) -> str:
    return f" FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""


def condition(where: Q) -> str:
    """Return a condition as SQL; "" where there is none. Unknown counts as no, as in SQL."""
    found = [
        condition(child) if isinstance(child, Q) else _term(*child) for child in children(where)
    ]
    found = [one for one in found if one]
    if not found:
        return ""
    joined = found[0] if len(found) == 1 else "(" + f" {where.connector} ".join(found) + ")"
    return f"NOT ({joined})" if where.negated else joined


def _term(path: str, value: Any) -> str:
    name, _, lookup = path.partition("__")
    column, lookup = quoted(name), lookup or "exact"
    if lookup == "isnull":
        return f"{column} IS {'' if value else 'NOT '}NULL"
    if lookup == "in":
        several = ", ".join(literal(one) for one in value)
        return f"{column} IN ({several})" if several else "FALSE"
    return f"{column} {_SIGNS[lookup]} {literal(value)}"


def quoted(name: str) -> str:
    """Return the name of a column as SQL; it is one of Django's, so no quote stands in it."""
    return f'"{name}"'


def literal(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    raise TypeError(f"{value!r} is no text, whole number, day or yes and no")


def tallied(
    made: Statement, rows: Sequence[Sequence[Any]], into: dict[Part, dict[Key, Tally]]
) -> None:
    """Add the rows that a statement gave to the tallies by part and key."""
    for row in rows:
        key, column = _key(row[: made.keys - made.spread]), made.keys
        for part in made.parts:
            n = row[column] or 0
            total, column = (row[column + 1], column + 2) if part.keep == "sum" else (0, column + 1)
            if not n and not total:
                continue
            n = int(n)
            tally = Tally.of({row[made.keys - 1]: n}) if made.spread else Tally(n, int(total or 0))
            into[part].setdefault(key, Tally()).add(tally)


def _key(values: Sequence[Any]) -> Key:
    # a month comes as the moment at which it begins
    return tuple(one.date() if hasattr(one, "hour") else one for one in values)


def nothing(query: Query) -> dict[Part, dict[Key, Tally]]:
    return {part: {} for part in query.parts}
