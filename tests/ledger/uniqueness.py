"""How many cases are alike in what the public log shows: ``python -m tests.ledger.uniqueness``.

Read from the leaves of an installation's log (``DINGZI_HOME``), by what one knows of a case. Of each
view it prints the cases, those that are alone, and the smallest group.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple


class View(NamedTuple):
    cases: int
    alone: int
    smallest: int
    below_five: int


def views(entries: Iterable[bytes], process: str = "dispute") -> dict[str, View]:
    """Return the measure for each of what somebody may know."""
    known: dict[str, dict[str, list[Any]]] = {}
    for entry in entries:
        leaf = json.loads(entry)
        if leaf.get("process") != process:
            continue
        shown = leaf["public"]
        case = known.setdefault(leaf["matter"], {"filed": [], "acts": [], "units": []})
        if leaf["seq"] == 1:
            case["filed"] = [shown["county"], shown["category"], shown["month"]]
        if not case["filed"][1:2] or case["filed"][1] == "":
            case["filed"][1:2] = [shown["category"]]
        case["acts"].append(sorted(shown.get("changed", {}).items()))
        case["units"].append(shown.get("unit", ""))
    return {
        "county, category, month of filing": _view(known, ("filed",)),
        "with units": _view(known, ("filed", "units")),
        "with later months, durations and results": _view(known, ("filed", "acts")),
        "with all of it": _view(known, ("filed", "acts", "units")),
    }


def _view(known: Mapping[str, Mapping[str, list[Any]]], parts: tuple[str, ...]) -> View:
    groups = Counter(json.dumps([case[part] for part in parts]) for case in known.values())
    sizes = list(groups.values())
    return View(
        sum(sizes), sizes.count(1), min(sizes, default=0), sum(s for s in sizes if s < 5)
    )  # fmt: skip


def main() -> None:
    from dingzi.tlog.log import TileLog

    for name, view in views(TileLog(Path(sys.argv[1])).read()).items():
        print(f"{name}: {view}")


if __name__ == "__main__":
    main()
