"""``make bench``: run benchmarks, keep what they claim, write docs/benchmarks.md from it.

A benchmark prints, at its end, one JSON object a line for each claim:
``{"claim", "ours", "peer", "unit", "ratio", "goal", "holds", "machine", "size"}``; ``peer`` and
``ratio`` are null for absolute goals, ``holds`` is null for what ``--quick`` cannot judge. Its
exit status is 1 where a claim does not hold.

``tools/bench.py [--quick] [--keep DIR] [NAME ...] [-- ARGUMENT ...]``: all subjects, or those
named (``pages``, ``engines/siting``); what follows ``--`` goes to them. What was claimed is kept in
docs/benchmarks.json, by subject and arguments: a subject run without arguments replaces all that
is kept of it, one run with arguments only what the same arguments gave before, so that much can be
measured piece by piece. ``--quick`` keeps nothing. Filled databases stand in a temporary folder
that all subjects of the run share, or with ``--keep`` in one that stays for the next run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks"
KEPT = ROOT / "docs" / "benchmarks.json"
PAGE = ROOT / "docs" / "benchmarks.md"
KEYS = {"claim", "ours", "peer", "unit", "ratio", "goal", "holds", "machine", "size"}
HEAD = """# Benchmarks

Written by `make bench`: one line for each claim, and for each part when and on what it was measured. Each file in `benchmarks/` can be run alone, with `--quick` in under a minute; `make bench ONLY=pages` measures one of them anew. A goal that does not hold fails the run.
"""

#: What one run of a subject claimed: ``{"day", "load", "arguments", "claims"}``; ``load`` is the
#: machine's load average when it began: above 1 others worked beside it.
Piece = dict[str, Any]


def subjects(names: list[str]) -> dict[str, Path]:
    """Return the benchmarks to run by name: those named, or all that can be run.

    Raises ValueError for a name that no benchmark has.
    """
    found = {
        path.relative_to(BENCHMARKS).with_suffix("").as_posix(): path
        for path in sorted(BENCHMARKS.rglob("*.py"))
        if '__name__ == "__main__"' in path.read_text("utf-8")
    }
    if unknown := set(names) - set(found):
        raise ValueError(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    return {name: path for name, path in found.items() if not names or name in names}


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


def run(name: str, path: Path, arguments: list[str]) -> tuple[list[dict[str, Any]], bool]:
    """Run one benchmark; return its claims, and whether it made some and all of them hold."""
    print(f"== {name} {' '.join(arguments)}", flush=True)
    begin = time.monotonic()
    lines = []
    with subprocess.Popen(
        [sys.executable, str(path), *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as going:
        for line in going.stdout or ():
            print(line, end="", flush=True)
            lines.append(line)
    print(f"   {time.monotonic() - begin:.0f} s, exit status {going.returncode}", flush=True)
    made = claims("".join(lines))
    if not made:
        print(f"   {name} made no claim", file=sys.stderr)
    return made, going.returncode == 0 and bool(made)


def keep(kept: dict[str, list[Piece]], name: str, piece: Piece) -> None:
    """Put a new piece of a subject in the place of what it measured anew."""
    old = kept.get(name, []) if piece["arguments"] else []
    same = [p for p in old if p["arguments"] not in ("", piece["arguments"])]
    kept[name] = sorted([*same, piece], key=lambda p: str(p["arguments"]))


def page(kept: dict[str, list[Piece]]) -> str:
    """Return the text of docs/benchmarks.md."""
    parts = [HEAD]
    for name, pieces in sorted(kept.items()):
        parts.append(f"## {name}\n")
        for piece in pieces:
            machines = sorted({str(claim["machine"]) for claim in piece["claims"]})
            how = f" with `{piece['arguments']}`" if piece["arguments"] else ""
            load = f"load average {piece['load']} before"
            parts.append(f"Measured on {piece['day']}{how}; {', '.join(machines)}; {load}.\n")
            parts.append(f"{table(piece['claims'])}\n")
    return "\n".join(parts)


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
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, nothing is kept")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where filled databases stay")
    cut = argv.index("--") if "--" in argv else len(argv)
    told, theirs = parser.parse_args(argv[:cut]), argv[cut + 1 :]
    try:
        wanted = subjects(told.names)
    except ValueError as error:
        parser.error(str(error))
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    sound = True
    # open to all: the database's server runs as another user
    folder = tempfile.TemporaryDirectory(prefix="dingzi-bench-", dir="/tmp")
    with nullcontext(told.keep) if told.keep else folder as place:
        if not told.keep:
            Path(place).chmod(0o755)
        os.environ["BENCH_KEEP"] = str(place)
        for name, path in wanted.items():
            load = round(os.getloadavg()[0], 1)
            made, held = run(name, path, [*theirs, *(["--quick"] if told.quick else [])])
            sound &= held
            if made and not told.quick:
                day = f"{datetime.now(UTC):%Y-%m-%d}"
                piece = {"day": day, "load": load, "arguments": " ".join(theirs), "claims": made}
                keep(kept, name, piece)
                KEPT.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", "utf-8")
                PAGE.write_text(page(kept), "utf-8")
    return 0 if sound else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
