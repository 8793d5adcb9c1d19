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
from ..populations import children
from ..tally import Tally

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
    keys = [quoted(one.column) for one in query.by]
    if query.time:
        keys.append(quoted(on))
    if column:
        keys.append(quoted(column))
    every = [_conditions(part) for part in parts]
    common = [term for term in every[0] if all(term in terms for terms in every[1:])]
    told = [
        text
        for part, terms in zip(parts, every, strict=True)
        for text in _measures(part, [term for term in terms if term not in common], signed)
    ]
    where, params = _where(query, on, column)
    where += common
    # a grouping without keys gives a row of nothing, which adds nothing
    sql = f"SELECT {', '.join([*keys, *told])} FROM {ROWS} WHERE {' AND '.join(where)}"
    if keys:
        sql += f" GROUP BY {', '.join(keys)}"
    if query.time == "month":
        sql = _by_month(sql, len(keys), len(query.by), len(told))
    return Statement(sql, tuple(params), tuple(parts), len(keys), bool(column))


def _by_month(days: str, keys: int, day: int, told: int) -> str:
    """Sum days to months: of each day there is one row then, not one of each matter."""
    names = [f"c{n}" for n in range(keys + told)]
    kept = [f"date_trunc('month', {n})" if at == day else n for at, n in enumerate(names[:keys])]
    sums = [f"sum({name})" for name in names[keys:]]
    return (
        f"SELECT {', '.join([*kept, *sums])} FROM ({days}) AS days({', '.join(names)}) "
        f"GROUP BY {', '.join(kept)}"
    )


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


def _conditions(part: Part) -> list[str]:
    """Return what must all hold of a part's rows; what all parts ask stands once, where rows are
    chosen, which is quicker than asking it for each part."""
    found = list(_conjuncts(part.population.where))
    if part.keep == "sum":
        found.append(f"{quoted(part.column)} IS NOT NULL")
    return list(dict.fromkeys(found))


def _conjuncts(where: Q) -> Iterator[str]:
    if where.negated or (where.connector != Q.AND and len(where.children) > 1):
        if found := condition(where):
            yield found
        return
    for child in children(where):
        if isinstance(child, Q):
            yield from _conjuncts(child)
        else:
            yield _term(*child)


def _measures(part: Part, conditions: Sequence[str], signed: bool) -> Iterator[str]:
    """Yield what counts a part's rows, and for a sum what adds them up."""
    only = f" FILTER (WHERE {' AND '.join(conditions)})" if conditions else ""
    yield ("sum(sign)" if signed else "count(*)") + only
    if part.keep == "sum":
        yield f"sum({'sign * ' if signed else ''}{quoted(part.column)}){only}"


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
