"""Files of VRPLIB (CVRPLIB): capacities, and where the file says so time windows and more.

Rounding as in the literature of these files: planar distances (``EUC_2D``) to the nearest whole
number; unrounded for the sets of Christofides, Golden, Li and Taillard, which are told by their
names and held in thousandths; given matrices as they stand.
"""

from __future__ import annotations

import math
import re
from argparse import Namespace
from pathlib import Path
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray

from ..errors import BadProblem
from ..tokens import number_of, text_of
from .problem import (
    FOREVER,
    LARGEST,
    MOST_PLACES,
    MOST_VANS,
    NO_WAY,
    RoutingProblem,
    Stops,
    Vans,
    without_breaks,
)

_UNROUNDED = re.compile(r"(CMT|Golden_|Li_|tai|Tai)\d")
_KNOWN_TYPES = ("CVRP", "VRPTW", "DCVRP", "CVRPTW")
_SECTIONS = (
    "NODE_COORD_SECTION", "DEMAND_SECTION", "DEPOT_SECTION", "EDGE_WEIGHT_SECTION",
    "TIME_WINDOW_SECTION", "SERVICE_TIME_SECTION",
)  # fmt: skip
_SPECS = (
    "NAME", "COMMENT", "TYPE", "DIMENSION", "CAPACITY", "VEHICLES", "SERVICE_TIME", "DISTANCE",
    "EDGE_WEIGHT_TYPE", "EDGE_WEIGHT_FORMAT", "NODE_COORD_TYPE", "DISPLAY_DATA_TYPE",
)  # fmt: skip


def read(path: Path, options: Namespace) -> RoutingProblem:
    """Read one instance; BadProblem with the line where it is cut off or wrong."""
    return _File(path).problem()


class _File:
    """The specifications and sections of a file, each with its line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.specs: dict[str, tuple[int, str]] = {}
        self.sections: dict[str, tuple[int, list[tuple[int, list[str]]]]] = {}
        self.last = 0
        ended = False
        rows: list[tuple[int, list[str]]] | None = None
        for number, raw in enumerate(text_of(path).splitlines(), 1):
            line = raw.strip()
            if not line:
                continue
            self.last = number
            if ended:
                self.refuse(number, "file_goes_on", found=line[:40])
            name = line.split(":")[0].strip().upper()
            if name == "EOF":
                ended = True
            elif name in _SECTIONS:
                if name in self.sections:
                    self.refuse(number, "routing_section_twice", name=name)
                rows = []
                self.sections[name] = (number, rows)
            elif name.endswith("_SECTION"):
                self.refuse(number, "routing_section_unknown", name=name)
            elif ":" in line and rows is None:
                if name not in _SPECS:
                    self.refuse(number, "routing_spec_unknown", name=name)
                self.specs[name] = (number, line.split(":", 1)[1].strip())
            elif rows is None:
                self.refuse(number, "routing_not_vrplib", found=line[:40])
            else:
                rows.append((number, line.split()))
        if not ended:
            self.refuse(self.last, "file_cut_off", what="EOF")

    def refuse(self, line: int, code: str, **params: object) -> NoReturn:
        raise BadProblem(self.path, line or 1, code, dict(params))

    def number(self, line: int, text: str, what: str, low: float, high: float = LARGEST) -> float:
        value = number_of(text)
        if not math.isfinite(value):
            self.refuse(line, "number_expected", what=what, found=text)
        if not low <= value <= high:
            told = {"low": f"{low:g}", "high": f"{high:g}"}
            self.refuse(line, "number_range", what=what, found=text, **told)
        return value

    def whole(self, line: int, text: str, what: str, low: float = 0, high: float = LARGEST) -> int:
        value = self.number(line, text, what, low, high)
        if value != int(value):
            self.refuse(line, "integer_expected", what=what, found=text)
        return int(value)

    def spec(self, name: str) -> tuple[int, str]:
        if name not in self.specs:
            self.refuse(self.last, "file_cut_off", what=name)
        return self.specs[name]

    def rows(self, name: str, count: int, width: int) -> NDArray[np.float64]:
        """Return (count, width - 1) numbers of a section whose rows begin with 1, 2, 3 ..."""
        if name not in self.sections:
            self.refuse(self.last, "file_cut_off", what=name)
        begin, rows = self.sections[name]
        spots = name == "NODE_COORD_SECTION"
        made = np.zeros((count, width - 1))
        for at, (line, words) in enumerate(rows):
            if at >= count:
                self.refuse(line, "file_goes_on", found=" ".join(words)[:40])
            if len(words) != width:
                self.refuse(line, "routing_row_width", name=name, wanted=width, found=len(words))
            if self.whole(line, words[0], name, 1) != at + 1:
                self.refuse(line, "routing_number_order", wanted=at + 1, found=words[0])
            made[at] = [
                self.number(line, word, name, -LARGEST) if spots else self.whole(line, word, name)
                for word in words[1:]
            ]
        if len(rows) < count:
            line = rows[-1][0] if rows else begin
            self.refuse(line, "file_cut_off", what=f"{name} {len(rows) + 1}")
        return made

    def problem(self) -> RoutingProblem:
        line, kind = self.specs.get("TYPE", (1, "CVRP"))
        if kind not in _KNOWN_TYPES:
            self.refuse(line, "routing_type", found=kind, known=", ".join(_KNOWN_TYPES))
        count = self.whole(*self.spec("DIMENSION"), "DIMENSION", 1, MOST_PLACES)
        capacity = self.whole(*self.spec("CAPACITY"), "CAPACITY", 0)
        self._depot()
        unrounded = bool(_UNROUNDED.match(self.specs.get("NAME", (1, ""))[1]))
        scale = 1000 if unrounded else 1
        ways, spots = self._ways(count, scale)
        demand = self.rows("DEMAND_SECTION", count, 2).astype(np.int64)
        early, late = np.zeros(count, np.int64), np.full(count, FOREVER)
        if "TIME_WINDOW_SECTION" in self.sections:
            early, late = scale * self.rows("TIME_WINDOW_SECTION", count, 3).astype(np.int64).T
        service = scale * self._service(count)
        vans, most = max(count - 1, 1), FOREVER
        if "VEHICLES" in self.specs:
            vans = self.whole(*self.spec("VEHICLES"), "VEHICLES", 1, MOST_VANS)
        if "DISTANCE" in self.specs:
            most = scale * self.whole(*self.spec("DISTANCE"), "DISTANCE", 0)
        return RoutingProblem(
            stops=Stops(
                place=np.arange(1, count),
                demand=demand[1:],
                early=early[1:],
                late=late[1:],
                service=service[1:],
                skip_cost=np.full(count - 1, -1),
                usual_van=np.full(count - 1, -1),
            ),
            vans=Vans(
                depot=np.zeros(1, int),
                count=np.array([vans]),
                capacity=np.array([[capacity]]),
                early=early[:1],
                late=late[:1],
                most_time=np.array([most]),
                **without_breaks(1),
                trips=np.ones(1, int),
                fixed_cost=np.zeros(1, int),
            ),
            cost=ways,
            time=ways,
            spots=spots,
            scale=scale,
        )

    def _depot(self) -> None:
        """The first node is the depot; a file that says another is not read as if it did not."""
        if "DEPOT_SECTION" not in self.sections:
            self.refuse(self.last, "file_cut_off", what="DEPOT_SECTION")
        begin, rows = self.sections["DEPOT_SECTION"]
        words = [(line, word) for line, some in rows for word in some]
        if [word for _, word in words] != ["1", "-1"]:
            self.refuse(words[0][0] if words else begin, "routing_depot", found=_found(words))

    def _service(self, count: int) -> NDArray[np.int64]:
        if "SERVICE_TIME_SECTION" in self.sections:
            return self.rows("SERVICE_TIME_SECTION", count, 2).astype(np.int64)[:, 0]
        service = np.zeros(count, np.int64)
        if "SERVICE_TIME" in self.specs:
            service[1:] = self.whole(*self.spec("SERVICE_TIME"), "SERVICE_TIME", 0)
        return service

    def _ways(self, count: int, scale: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        line, kind = self.spec("EDGE_WEIGHT_TYPE")
        spots = np.zeros((count, 2))
        if kind == "EUC_2D" or "NODE_COORD_SECTION" in self.sections:
            spots = self.rows("NODE_COORD_SECTION", count, 3)
        if kind == "EUC_2D":
            apart = np.sqrt(((spots[:, None] - spots[None]) ** 2).sum(axis=2))
            return np.round(scale * apart).astype(np.int64), spots
        if kind != "EXPLICIT":
            self.refuse(line, "routing_weights", found=kind, known="EUC_2D, EXPLICIT")
        line, form = self.spec("EDGE_WEIGHT_FORMAT")
        if form not in ("FULL_MATRIX", "LOWER_ROW"):
            self.refuse(line, "routing_weights", found=form, known="FULL_MATRIX, LOWER_ROW")
        if "EDGE_WEIGHT_SECTION" not in self.sections:
            self.refuse(self.last, "file_cut_off", what="EDGE_WEIGHT_SECTION")
        begin, rows = self.sections["EDGE_WEIGHT_SECTION"]
        flat = [self.whole(at, word, "EDGE_WEIGHT_SECTION") for at, words in rows for word in words]
        wanted = count * count if form == "FULL_MATRIX" else count * (count - 1) // 2
        if len(flat) != wanted:
            last = rows[-1][0] if rows else begin
            told = {"name": "EDGE_WEIGHT_SECTION", "wanted": wanted, "found": len(flat)}
            self.refuse(last, "routing_row_width", **told)
        made = np.zeros((count, count), np.int64)
        if form == "FULL_MATRIX":
            made[:] = np.array(flat, np.int64).reshape(count, count)
        else:
            made[np.tril_indices(count, -1)] = flat
            made += made.T
        np.fill_diagonal(made, 0)
        return np.minimum(scale * made, NO_WAY), spots


def _found(words: list[tuple[int, str]]) -> str:
    return " ".join(word for _, word in words)[:40]
