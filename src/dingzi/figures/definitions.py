"""The definitions of figures in the city's book: each version, its digest, since when.

A declaration says its ``version``. What is counted may only change together with it: then the new
version is recorded in the book as one event. Where it changed without one, or names a version that
cannot follow, nothing starts: ``faults`` names the figure, its file and line.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from dingzi.city import book
from dingzi.city.viewer import SYSTEM
from dingzi.core.errors import Invalid, LoadError
from dingzi.matters.book import put

from . import registry
from .declare import Figure
from .models import Definition

ACTION = "figures_defined"
#: Definitions in one event; the public log shows them.
BATCH = 200
Row = dict[str, Any]


def known() -> dict[str, Definition]:
    """Return the newest definition of every figure that the book has."""
    return {one.figure: one for one in Definition.objects.order_by("figure", "version")}


def history(name: str) -> list[Definition]:
    """Return all versions of a figure's definition, the newest first."""
    return list(Definition.objects.filter(figure=name).order_by("-version"))


def faults() -> list[str]:
    """Say which declarations cannot follow what the book has, each with its file and line."""
    held = known()
    found = []
    for figure in registry.load().values():
        if (one := held.get(figure.name)) and (fault := _fault(figure, one)):
            found.append(f"{figure.place}: figure {figure.name}: {fault}")
        elif one is None and figure.version != 1:
            found.append(
                f"{figure.place}: figure {figure.name}: version {figure.version}, but the city's "
                "book has none; begin with 1"
            )
    return found


def _fault(figure: Figure, held: Definition) -> str | None:
    if figure.version == held.version:
        if figure.definition == held.definition:
            return None
        return (
            f"what it counts has changed ({held.definition} is now {figure.definition}): "
            f"declare version={held.version + 1} and since= the day from which it holds"
        )
    if figure.version != held.version + 1:
        return f"version {figure.version} cannot follow {held.version}, the newest in the book"
    if figure.definition == held.definition:
        return f"version {figure.version} counts as {held.version} does; leave it at that"
    if figure.since <= held.since:
        return f"since {figure.since} must be later than {held.since}, that of {held.version}"
    return None


def settle() -> int:
    """Record definitions that the book does not have yet; return how many.

    Raises LoadError with all `faults`; nothing is recorded then.
    """
    if found := faults():
        raise LoadError("\n".join(found))
    held = known()
    rows = [
        _row(one)
        for one in registry.load().values()
        if one.name not in held or held[one.name].version != one.version
    ]
    for first in range(0, len(rows), BATCH):
        book.record(ACTION, {"rows": rows[first : first + BATCH]}, by=SYSTEM)
    return len(rows)


def _row(figure: Figure) -> Row:
    return {
        "figure": figure.name,
        "version": figure.version,
        "definition": figure.definition,
        "since": figure.since.isoformat(),
    }


# -- in the book --------------------------------------------------------------------------------


def check(facts: Row) -> None:
    """Refuse what does not follow the newest version: Invalid ``figure_version``."""
    held = known()
    for row in _rows(facts):
        one = held.get(row["figure"])
        follows = row["version"] == (one.version + 1 if one else 1)
        if not follows or (one and row["definition"] == one.definition):
            raise Invalid.of("figure_version", field="version", name=row["figure"])


def apply(facts: Row, at: datetime) -> None:
    """Add the versions; one that a rebuild meets again stays as it is."""
    for row in _rows(facts):
        since = date.fromisoformat(row["since"])
        said = {"definition": row["definition"], "since": since, "at": at}
        put(Definition, said, figure=row["figure"], version=row["version"])


def _rows(facts: Row) -> list[Row]:
    """Return the rows; Invalid ``figure_version`` where they are no definitions."""
    rows = facts.get("rows")
    if not isinstance(rows, list) or not rows:
        raise Invalid.of("figure_version", field="rows", name="")
    for row in rows:
        try:
            date.fromisoformat(row["since"])
            fine = isinstance(row["version"], int) and len(row["definition"]) == 16
        except (TypeError, KeyError, ValueError):
            fine = False
        if not fine:
            raise Invalid.of("figure_version", field="rows", name=str(row)[:80])
    return rows
