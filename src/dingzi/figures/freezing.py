"""Freezing a period: what the figures said of it is noted in the city's book, and stays.

Later corrections go on changing the figures; what was frozen is shown beside what they say now,
with the difference and why there is one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.db import transaction

from dingzi.city import book, directory
from dingzi.city.viewer import Viewer
from dingzi.core.errors import Invalid, Refusal
from dingzi.ledger import receipts
from dingzi.matters.book import STEWARD, put

from . import asking, definitions, members, proving, registry
from .answers import Value
from .declare import Figure, Number
from .models import Frozen
from .period import Period, today

ACTION = "figures_frozen"
#: Figures in one event; the public log shows them.
BATCH = 100
#: What they are frozen by, beside the whole city.
BY = "county"
Row = dict[str, Any]


def may(viewer: Viewer) -> bool:
    """Tell whether the viewer may freeze a period."""
    return viewer.kind == "system" or STEWARD in viewer.roles


def freezable(period: Period) -> list[Value]:
    """Return the values that freezing a period would note: of every listed figure with a number
    that is not frozen for it, of the city and of each county whose number is public.

    Raises
    ------
    Refusal
        ``freeze_not_whole``, ``freeze_not_over``, ``freeze_no_head`` (nothing sealed yet),
        ``freeze_again`` (nothing is left to freeze).
    """
    if not period.is_whole_months:
        raise Refusal.of("freeze_not_whole", period=period.words())
    if period.last >= today():
        raise Refusal.of("freeze_not_over", period=period.words())
    if receipts.head() is None:
        raise Refusal.of("freeze_no_head")
    rows = Frozen.objects.filter(first=period.first, last=period.last)
    done = set(rows.values_list("figure", "place"))
    found = [
        value
        for group in registry.public()
        for one in group.figures
        for value in _values(one, period)
        if value.number is not None and (one.name, place_of(value)) not in done
    ]
    if not found:
        raise Refusal.of("freeze_again", period=period.words())
    return found


def _values(figure: Figure, period: Period) -> list[Value]:
    if BY not in figure.dimensions:
        return [asking.value(figure, period)]
    table = asking.table(figure, period, BY)
    counties = [replace(row.value, dims=((BY, row.key),)) for row in table.rows if row.key]
    return [table.total.value, *counties]


def place_of(value: Value) -> str:
    """Return the county that a value is of; "" for the whole city."""
    return dict(value.dims).get(BY, "")


def freeze(period: Period, *, by: Viewer) -> int:
    """Freeze a period and return how many figures were; Forbidden but for a steward.

    Raises what `freezable` raises.
    """
    definitions.settle()
    with transaction.atomic():
        with proving.at_head() as tree:
            found = freezable(period)
            head = tree or receipts.head()
        assert head is not None
        root = head.root if isinstance(head.root, str) else head.root.hex()
        unit = directory.unit(by.unit)
        for first in range(0, len(found), BATCH):
            facts = {
                "first": period.first.isoformat(),
                "last": period.last.isoformat(),
                "size": head.size,
                "root": root,
                "unit": unit.code if unit else "",
                "rows": [_row(value) for value in found[first : first + BATCH]],
            }
            book.record(ACTION, facts, by=by)
        members.keep({registry.get(value.figure) for value in found}, period)
    return len(found)


def _row(value: Value) -> Row:
    return {
        "figure": value.figure,
        "place": place_of(value),
        "number": str(value.number),
        "behind": [[one.name, one.n] for one in value.behind],
        "definition": value.definition,
        "version": value.version,
    }


# -- in the book --------------------------------------------------------------------------------


def check(facts: Row) -> None:
    """Refuse what cannot be frozen: Invalid ``freeze_facts``, ``freeze_again``."""
    try:
        first, last = date.fromisoformat(facts["first"]), date.fromisoformat(facts["last"])
        names = [(row["figure"], row.get("place", "")) for row in facts["rows"]]
        for row in facts["rows"]:
            Fraction(row["number"])
            assert len(row["definition"]) == 16
            assert isinstance(row["version"], int)
            assert isinstance(row.get("place", ""), str) and len(row.get("place", "")) <= 12
        assert names and len(set(names)) == len(names)
        assert isinstance(facts["size"], int) and len(bytes.fromhex(facts["root"])) == 32
    except (AssertionError, TypeError, KeyError, ValueError):
        raise Invalid.of("freeze_facts", field="rows") from None
    rows = Frozen.objects.filter(first=first, last=last)
    if {*names} & {*rows.values_list("figure", "place")}:
        raise Invalid.of("freeze_again", field="period", period=Period(first, last).words())


def apply(facts: Row, at: datetime) -> None:
    """Note what was frozen; a rebuild brings it back as it was."""
    for row in facts["rows"]:
        said = {
            "number": row["number"],
            "behind": row["behind"],
            "definition": row["definition"],
            "version": row["version"],
            "size": facts["size"],
            "root": facts["root"],
            "unit": facts.get("unit", ""),
            "at": at,
        }
        put(
            Frozen,
            said,
            figure=row["figure"],
            place=row.get("place", ""),
            first=date.fromisoformat(facts["first"]),
            last=date.fromisoformat(facts["last"]),
        )


def number_of(one: Frozen) -> Number:
    """Return a frozen number, exact."""
    number = Fraction(one.number)
    return number.numerator if number.denominator == 1 else number
