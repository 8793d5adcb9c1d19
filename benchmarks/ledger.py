"""The public log against pymerkle 7, eventsourcing 9.4 and Django's ``bulk_create``.

Proofs: both logs keep the same entries on disk, ours as C2SP tiles, pymerkle in its SQLite tree, and
come to the same root. A cold proof is the first that a newly opened log gives; warm ones come from a
log that has given the same proofs before. Verification is of the same proofs.

Acts: an act of a clerk through ``matters.act``, with permissions, checks, clocks and MAC, waiting until
it stands under a published head, by the door's own way of waiting (on SQLite its own transaction seals
it, on PostgreSQL the site's steward), against a bare append of eventsourcing with one aggregate in hand,
by 1 and 8 clients, threads of one process on both sides; and how far the sealer is behind 8 writers that
do not wait. Both are as durable: WAL with synchronous=FULL, one fdatasync an append (seen by strace), and
synchronous_commit=on. Ours has the steward with all its jobs beside it, the peer has the machine alone.
Import: old cases through ``matters.record`` until they are sealed, against Django's
``bulk_create`` of the very same rows (a row of every table that one case takes), from values to the
commit. ``--quick``: 65,536 entries, a second of acts, 1,000 cases, nothing judged. ``--only`` and
``--engine`` measure a part.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pymerkle
from claims import Claims, arguments, median
from installation import ENGINES

from dingzi.tlog import proofs
from dingzi.tlog.log import TileLog

ENTRIES, QUICK_ENTRIES = 1_000_000, 65_536
SECONDS, QUICK_SECONDS = 10.0, 1.0
ROWS, QUICK_ROWS = 20_000, 1_000
#: Acts of 1 and 8 clients over the peer's appends; seconds of lag; import over bulk_create.
ACT_GOALS, LAG, IMPORT_GOALS = {1: 0.5, 8: 1}, 1.0, {"sqlite": 3, "postgresql": 5}
BATCH = 50_000
COLD, COLD_PEER, WARM = 100, 3, 300
COLD_GOAL, WARM_GOAL, VERIFY_GOAL = 500, 8, 1


def main(argv: list[str]) -> int:
    parser = arguments(__doc__)
    parser.add_argument("--only", choices=("proofs", "acts", "imports"), help="only this part")
    parser.add_argument("--engine", choices=ENGINES, help="acts: only this one")
    parser.add_argument("--measure", metavar="ENGINE", help="one engine's acts (internal)")
    parser.add_argument("--seal", action="store_true", help="(internal)")
    parser.add_argument("--rows", nargs=2, metavar=("FILE", "ENGINE"), help="(internal)")
    told = parser.parse_args(argv)
    seconds, rows = (QUICK_SECONDS, QUICK_ROWS) if told.quick else (SECONDS, ROWS)
    if told.rows:
        import sealing

        print(json.dumps(sealing.bulk_create(Path(told.rows[0]), told.rows[1])))
        return 0
    if told.seal:
        import sealing

        sealing.seal_alone()
    if told.measure:
        import sealing

        alone = told.only == "imports"
        print(json.dumps(sealing.measure(told.measure, seconds, rows, imports_alone=alone)))
        return 0
    count = QUICK_ENTRIES if told.quick else ENTRIES
    claims = Claims(f"{count:,} entries")
    if told.only in (None, "proofs"):
        with tempfile.TemporaryDirectory() as made:
            _proofs(claims, Path(made), count, judged=not told.quick)
    for engine in (told.engine,) if told.engine else ENGINES:
        if told.only != "proofs":
            _acts(claims, engine, rows, quick=told.quick, alone=told.only == "imports")
    return claims.finish()


def _acts(claims: Claims, engine: str, rows: int, *, quick: bool, alone: bool) -> None:
    """Measure one engine in a process of its own, for an installation is a process's; claim it."""
    call = [sys.executable, __file__, "--measure", engine, *(["--quick"] if quick else [])]
    call += ["--only", "imports"] if alone else []
    done = subprocess.run(call, stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"{engine}: {found}", flush=True)
    claims.against(
        "cases imported and sealed, over bulk_create of the same rows", found["imported"],
        found["bulk"], "cases/s", at_least=IMPORT_GOALS[engine], judged=not quick,
        size=f"{engine}, {rows:,} cases, {found['rows']:,} rows",
    )  # fmt: skip
    if alone:
        return
    for clients, goal in ACT_GOALS.items():
        claims.against(
            f"acts sealed while {clients} client(s) wait, over bare appends",
            found[f"acts {clients}"], found[f"appends {clients}"], "acts/s", at_least=goal,
            judged=not quick, size=engine,
        )  # fmt: skip
    written = f"{engine}, {found['written']:,.0f} acts/s"
    claims.at_most(
        "most that the sealer was behind 8 writers", found["most lag"], LAG, "s",
        judged=not quick, size=written,
    )  # fmt: skip


def _proofs(claims: Claims, folder: Path, count: int, judged: bool) -> None:
    entries = [b'{"index":%d,"action":"accept","county":"360902"}' % n for n in range(count)]
    log = TileLog(folder / "log")
    for at in range(0, count, BATCH):
        log.append(entries[at : at + BATCH])
    path = str(folder / "peer.sqlite")
    with pymerkle.SqliteTree(path) as tree:
        tree.append_entries(entries)
        root = tree.get_root()
    assert log.root(count) == root, "the two trees differ"

    indexes = random.Random(20260101).sample(range(count), WARM)

    opened = [(TileLog(log.folder), index) for index in indexes[:COLD]]
    trees = [(pymerkle.SqliteTree(path), index) for index in indexes[:COLD_PEER]]
    claims.against(
        "first inclusion proof of a newly opened log",
        _a_second(lambda new: new[0].inclusion(new[1], count), opened),
        _a_second(lambda new: new[0].prove_inclusion(new[1] + 1, count), trees),
        "proofs/s", at_least=COLD_GOAL, judged=judged,
    )  # fmt: skip
    for tree, _ in trees:
        tree.close()
    with pymerkle.SqliteTree(path) as tree:
        own = [log.inclusion(index, count) for index in indexes]
        theirs = [tree.prove_inclusion(index + 1, count) for index in indexes]
        claims.against(
            "inclusion proof, warm",
            _a_second(lambda index: log.inclusion(index, count), indexes),
            _a_second(lambda index: tree.prove_inclusion(index + 1, count), indexes),
            "proofs/s", at_least=WARM_GOAL, judged=judged,
        )  # fmt: skip
    leaves = [log.leaf_hash(index) for index in indexes]

    def verify(at: int) -> None:
        proofs.verify_inclusion(leaves[at], indexes[at], count, own[at], root)

    claims.against(
        "verifying an inclusion proof",
        _a_second(verify, range(WARM)),
        _a_second(lambda at: pymerkle.verify_inclusion(leaves[at], root, theirs[at]), range(WARM)),
        "proofs/s", at_least=VERIFY_GOAL, judged=judged,
    )  # fmt: skip


def _a_second(act: Callable[[Any], object], given: Sequence[Any]) -> float:
    """Return how often a second an act can be done, by the median of those given."""
    times = []
    for one in given:
        begin = time.perf_counter()
        act(one)
        times.append(time.perf_counter() - begin)
    return round(1 / median(times), 3)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
