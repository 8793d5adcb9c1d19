"""``make bench``: run every benchmark and write docs/benchmarks.md from what they claim.

A benchmark prints, at its end, one JSON object a line for each claim:
``{"claim", "ours", "peer", "unit", "ratio", "goal", "holds", "machine", "size"}``; ``peer`` and
``ratio`` are null for absolute goals, ``holds`` is null for what ``--quick`` cannot judge. Its
exit status is 1 where a claim does not hold. ``tools/bench.py [--quick] [NAME ...]``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
KEYS = {"claim", "ours", "peer", "unit", "ratio", "goal", "holds", "machine", "size"}
HEAD = """# Benchmarks

Written by `make bench` on {day}; each file in `benchmarks/` can be run alone, with `--quick` in under a minute. A goal that does not hold fails the run.

"""


def subjects(names: list[str]) -> list[Path]:
    """Return the benchmarks to run: those named, or all that can be run."""
    found = [
        path
        for path in sorted((ROOT / "benchmarks").rglob("*.py"))
        if '__name__ == "__main__"' in path.read_text("utf-8")
    ]
    return [path for path in found if not names or path.stem in names]


def claims(output: str) -> list[dict[str, Any]]:
    """Read the claims out of what a benchmark printed; a line of another shape is an error."""
    found = []
    for line in output.splitlines():
        if not line.startswith("{"):
            continue
        claim = json.loads(line)
        if set(claim) != KEYS:
            raise ValueError(f"a claim has {sorted(set(claim) ^ KEYS)} too many or too few")
        found.append(claim)
    return found


def run(path: Path, quick: bool) -> tuple[list[dict[str, Any]], bool]:
    print(f"== {path.stem}", flush=True)
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, str(path), *(["--quick"] if quick else [])],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    print(done.stdout, end="")
    print(f"   {time.monotonic() - begin:.0f} s, exit status {done.returncode}", flush=True)
    made = claims(done.stdout)
    if not made:
        print(f"   {path.stem} made no claim", file=sys.stderr)
    return made, done.returncode == 0 and bool(made)


def table(made: list[dict[str, Any]]) -> str:
    rows = [
        "| claim | ours | peer | ratio | goal | holds | size |",
        "|---|---|---|---|---|---|---|",
    ]
    for claim in made:
        holds = {True: "yes", False: "**no**", None: "not judged"}[claim["holds"]]
        peer = "–" if claim["peer"] is None else f"{_short(claim['peer'])} {claim['unit']}"
        ratio = "–" if claim["ratio"] is None else f"{_short(claim['ratio'])}×"
        ours = f"{_short(claim['ours'])} {claim['unit']}"
        rows.append(
            f"| {claim['claim']} | {ours} | {peer} | {ratio} | {claim['goal']} | {holds} "
            f"| {claim['size']} |"
        )
    return "\n".join(rows)


def _short(value: object) -> str:
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def main(argv: list[str]) -> int:
    quick = "--quick" in argv
    parts, machines, sound = [], set(), True
    for path in subjects([arg for arg in argv if not arg.startswith("-")]):
        made, held = run(path, quick)
        sound &= held
        machines |= {str(claim["machine"]) for claim in made}
        parts.append(f"## {path.stem}\n\n{table(made)}\n")
    if not quick:
        head = HEAD.format(day=f"{datetime.now(UTC):%Y-%m-%d}")
        machine = "".join(f"Machine: {name}.\n\n" for name in sorted(machines))
        PAGE.write_text(head + machine + "\n".join(parts), "utf-8")
    return 0 if sound else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
