"""The public log against pymerkle 7: proofs at a million entries, cold and warm, and verification.

Both keep the same entries on disk, ours as C2SP tiles, pymerkle in its SQLite tree, and come to the
same root. A cold proof is the first that a newly opened log gives; warm ones come from a log that has
given the same proofs before. Verification is of the same proofs. ``--quick``: 65,536 entries.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pymerkle
from claims import Claims, arguments, median

from dingzi.tlog import proofs
from dingzi.tlog.log import TileLog

ENTRIES, QUICK_ENTRIES = 1_000_000, 65_536
BATCH = 50_000
COLD, COLD_PEER, WARM = 100, 3, 300
COLD_GOAL, WARM_GOAL, VERIFY_GOAL = 500, 8, 1


def main(argv: list[str]) -> int:
    told = arguments(__doc__).parse_args(argv)
    count = QUICK_ENTRIES if told.quick else ENTRIES
    claims = Claims(f"{count:,} entries")
    with tempfile.TemporaryDirectory() as made:
        _proofs(claims, Path(made), count, judged=not told.quick)
    return claims.finish()


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
