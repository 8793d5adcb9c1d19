"""What a benchmark says at its end: one JSON line for each claim, and whether all of them hold.

``{"claim", "ours", "peer", "unit", "ratio", "goal", "holds", "machine", "size"}``. ``peer`` and
``ratio`` are null for absolute goals; ``holds`` is null, without failing, for what ``--quick``
cannot judge. ``tools/bench.py`` reads the lines.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

Number = int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One line. ``goal`` is a text with its direction and unit: ``≤ 30 ms``."""

    claim: str
    ours: Number
    peer: Number | None
    unit: str
    ratio: float | None
    goal: str
    holds: bool | None
    machine: str
    size: str


class Claims:
    """The claims of one run; ``size`` says how much was stored or read."""

    def __init__(self, size: str) -> None:
        self.size = size
        self.made: list[Claim] = []

    def at_most(
        self, claim: str, ours: Number, limit: Number, unit: str, *, judged: bool = True,
        size: str = "",
    ) -> None:  # fmt: skip
        """Claim that ``ours`` is no more than ``limit``; where not ``judged``, holds is null."""
        self._absolute(claim, ours, f"≤ {limit:g} {unit}", ours <= limit, unit, judged, size)

    def at_least(
        self, claim: str, ours: Number, limit: Number, unit: str, *, judged: bool = True,
        size: str = "",
    ) -> None:  # fmt: skip
        """Claim that ``ours`` is no less than ``limit``."""
        self._absolute(claim, ours, f"≥ {limit:g} {unit}", ours >= limit, unit, judged, size)

    def against(
        self, claim: str, ours: Number, peer: Number, unit: str, *, at_least: Number | None = None,
        at_most: Number | None = None, judged: bool = True, size: str = "",
    ) -> None:  # fmt: skip
        """Claim a ratio of ours to a peer's number of the same run (or a published one)."""
        ratio = ours / peer
        goal = f"≥ {at_least:g}×" if at_least is not None else f"≤ {at_most:g}×"
        holds = ratio >= at_least if at_least is not None else ratio <= (at_most or 0)
        self._add(claim, ours, peer, unit, round(ratio, 3), goal, holds, judged, size)

    def _absolute(
        self, claim: str, ours: Number, goal: str, holds: bool, unit: str, judged: bool, size: str
    ) -> None:
        self._add(claim, ours, None, unit, None, goal, holds, judged, size)

    def _add(
        self, claim: str, ours: Number, peer: Number | None, unit: str, ratio: float | None,
        goal: str, holds: bool, judged: bool, size: str,
    ) -> None:  # fmt: skip
        self.made.append(
            Claim(
                claim=claim,
                ours=round(ours, 3),
                peer=peer,
                unit=unit,
                ratio=ratio,
                goal=goal,
                holds=holds if judged else None,
                machine=machine(),
                size=size or self.size,
            )
        )

    def finish(self) -> int:
        """Print every claim; return the exit status."""
        for one in self.made:
            print(json.dumps(asdict(one), ensure_ascii=False), flush=True)
        return int(any(one.holds is False for one in self.made))


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return a parser that knows ``--quick``."""
    first = (description or "").strip().split("\n", 1)[0]
    parser = argparse.ArgumentParser(description=first)
    parser.add_argument("--quick", action="store_true", help="smaller sizes, under a minute")
    return parser


def machine() -> str:
    """Name the machine by what bears on speed: processor, cores, memory."""
    cores = len(os.sched_getaffinity(0))
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {cores} cores, {memory:.0f} GB, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    found = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(found, platform.machine())


def median(values: Sequence[float]) -> float:
    return percentile(values, 50)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which ``share`` percent of them lie (the nearest one)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]
