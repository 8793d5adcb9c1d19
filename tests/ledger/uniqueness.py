"""How many cases are alike in what the public log shows: ``python -m tests.ledger.uniqueness``.

Read from the leaves of a log's folder, or with ``--database FILE`` from the events of a SQLite
installation that need not be sealed yet: of each it takes the part that its leaf shows. By what one
may know of a case it prints the cases, those that are alone, the smallest group, and how many stand
in groups below five. Months count that are over: the running one fills up as it goes on.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple


class View(NamedTuple):
    cases: int
    alone: int
    smallest: int
    below_five: int


class Shown(NamedTuple):
    """What a leaf shows of an act: the matter's name, the act's place in it, the public part."""

    matter: Any
    seq: int
    public: dict[str, Any]


def of_log(entries: Iterable[bytes], process: str) -> Iterator[Shown]:
    for entry in entries:
        leaf = json.loads(entry)
        if leaf.get("process") == process:
            yield Shown(leaf["matter"], leaf["seq"], leaf["public"])


def of_database(file: Path, process: str) -> Iterator[Shown]:
    """Yield what the leaves of an installation's events show or will show."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
        rows = database.execute(
            "SELECT stream, seq, header FROM matters_event WHERE process = ? AND header <> '{}' "
            "ORDER BY id",
            [process],
        )
        for stream, seq, header in rows:
            yield Shown(stream, seq, json.loads(header))


def views(acts: Iterable[Shown], until: str = "9999-99") -> dict[str, View]:
    """Return the measure for each of what somebody may know, of cases filed before month ``until``."""
    known: dict[Any, dict[str, list[Any]]] = {}
    for matter, seq, shown in acts:
        case = known.setdefault(matter, {"filed": [], "acts": [], "units": []})
        if seq == 1:
            case["filed"] = [shown["county"], shown["category"], shown["month"]]
        # the category is that which the case has in the end
        case["filed"][1] = shown["category"]
        case["acts"].append(sorted(shown.get("changed", {}).items()))
        case["units"].append(shown.get("unit", ""))
    over = [case for case in known.values() if case["filed"][2] < until]
    return {
        "county, category, month of filing": _view(over, ("filed",)),
        "with units": _view(over, ("filed", "units")),
        "with later months, durations and results": _view(over, ("filed", "acts")),
        "with all of it": _view(over, ("filed", "acts", "units")),
    }


def _view(cases: Iterable[Mapping[str, list[Any]]], parts: tuple[str, ...]) -> View:
    groups = Counter(hash(json.dumps([case[part] for part in parts])) for case in cases)
    sizes = list(groups.values())
    return View(
        sum(sizes), sizes.count(1), min(sizes, default=0), sum(s for s in sizes if s < 5)
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", nargs="?", type=Path)
    parser.add_argument("--database", type=Path)
    parser.add_argument("--process", action="append")
    told = parser.parse_args()
    for process in told.process or ("dispute", "petition"):
        if told.database:
            acts = of_database(told.database, process)
        else:
            from dingzi.tlog.log import TileLog

            acts = of_log(TileLog(told.log).read(), process)
        for name, view in views(acts, f"{datetime.now(UTC):%Y-%m}").items():
            print(f"{process}, {name}: {view}", flush=True)


if __name__ == "__main__":
    main()
