"""Numbers of matters: 袁纠〔2025〕4172号, gapless by county, process and year."""

from __future__ import annotations

import re
from collections import Counter as Count
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction

from .models import FIRST_MATTER

_SHAPE = re.compile(r"^(?P<where>.{0,3}?)(?P<prefix>.)〔(?P<year>\d{4})〕(?P<n>\d+)号(-\d+)*$")
_BRACKETS = str.maketrans("[]()（）【】［］", "〔〕" * 5)
SEQUENCE = "matters_matter_seq"


def prefix_of(number: str) -> str | None:
    """Return the process's character in a number, None where it is not of our shape."""
    found = _SHAPE.match(number)
    return found["prefix"] if found else None


def tidy(number: str) -> str:
    """Return a number as it is printed, from what people type: other brackets, spaces, no 号."""
    plain = "".join(number.split()).translate(_BRACKETS)
    return f"{plain}号" if prefix_of(plain) is None and prefix_of(f"{plain}号") else plain


def parent_of(number: str) -> str | None:
    """Return the number of the parent of a child matter's number."""
    head, dash, tail = number.rpartition("-")
    return head if dash and tail.isdigit() else None


def series(where: str, prefix: str, day: date) -> str:
    return f"{where}{prefix}〔{day.year}〕"


def place(data: dict[str, Any], scope: str, apart: dict[str, str]) -> str:
    """Return the division in whose series a new matter is numbered: of its place, or who opens it.

    One that is confidential by an answer of ``apart`` is numbered with the city's own, so that no
    county's numbers have a gap that tells of it.
    """
    code = data.get("place") or scope
    if not isinstance(code, str):
        return ""
    return code[:4] if any(data.get(name) == value for name, value in apart.items()) else code


def allocate(wanted: Sequence[str]) -> list[tuple[int, str]]:
    """Take an id and a number for each series in ``wanted``, in one statement.

    A series is what stands before the running number; a parent's number (ending in 号) gives its
    next child. Rolled back with the transaction, so a refusal leaves no gap.
    """
    if not wanted:
        return []
    counts = Count(wanted)
    if connection.vendor == "postgresql":
        ids, last = _postgres(counts, len(wanted))
    else:
        ids, last = _sqlite(counts, len(wanted))
    given = {name: last[name] - n for name, n in counts.items()}
    result = []
    for one, number_id in zip(wanted, ids, strict=True):
        given[one] += 1
        tail = f"-{given[one]}" if "号" in one else f"{given[one]}号"
        result.append((number_id, one + tail))
    return result


def give_back(left: dict[str, int]) -> None:
    """Return the last numbers of series that this transaction took and did not use."""
    with connection.cursor() as cursor:
        for name, n in left.items():
            cursor.execute("UPDATE matters_counter SET last = last - %s WHERE name = %s", [n, name])


def ids(n: int) -> list[int]:
    """Take ids of matters to come, ascending."""
    if connection.vendor == "postgresql":
        return _postgres(Count(), n)[0]
    return _sqlite(Count(), n)[0]


def skip(n: int) -> None:
    """Leave out the next ``n`` ids and numbers: an older database has forgotten to have given them.

    A receipt is as good as its matter's id, so an id given again would let one citizen's receipt
    open another's matter.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, n, 10_000):
            ids(min(10_000, n - start))
        cursor.execute("UPDATE matters_counter SET last = last + %s WHERE name LIKE '%%〕'", [n])


_UPSERT = (
    "INSERT INTO matters_counter (name, last) VALUES {slots} "
    "ON CONFLICT (name) DO UPDATE SET last = matters_counter.last + excluded.last "
    "RETURNING name, last"
)


def _slots(counts: Count[str]) -> tuple[str, list[Any]]:
    # Sorted, so that two writers lock the counters in one order.
    params: list[Any] = []
    for name in sorted(counts):
        params += [name, counts[name]]
    return _UPSERT.format(slots=", ".join(["(%s, %s)"] * len(counts))), params


def _postgres(counts: Count[str], n: int) -> tuple[list[int], dict[str, int]]:
    if not counts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT nextval('{SEQUENCE}') FROM generate_series(1, %s)", [n])  # noqa: S608
            return [row[0] for row in cursor.fetchall()], {}
    sql, params = _slots(counts)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH c AS ({sql}) SELECT name, last FROM c UNION ALL "  # noqa: S608
            f"SELECT '', nextval('{SEQUENCE}') FROM generate_series(1, %s)",
            [*params, n],
        )
        found = cursor.fetchall()
    return [v for k, v in found if not k], {k: v for k, v in found if k}


def _sqlite(counts: Count[str], n: int) -> tuple[list[int], dict[str, int]]:
    sql, params = _slots(counts + Count({"": n}))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        last = dict(cursor.fetchall())
    end = FIRST_MATTER + last.pop("")
    return list(range(end - n, end)), last
