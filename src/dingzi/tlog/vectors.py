"""Run a folder of public test vectors, wherever in it they lie.

Known are the JSON cases of transparency-dev/merkle's ``testdata`` (inclusion and consistency proofs,
each saying whether it must be refused) and logs such as Tessera's ``testdata/log`` (checkpoints of
many sizes, tiles, bundles): their entries are put into a log of ours, and every file must come out the
same, byte for byte.

A log that is being written is such a folder too, and so is a copy taken in the middle, checkpoint
first: a full tile stands in for a partial one that is gone, what lies beyond the largest checkpoint is
looked at as far as that reaches, and files that are still being written are passed over.
"""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import checkpoints, files, notes, proofs, tiles
from .errors import LogError, Malformed, NotVerified, TlogError
from .hashing import SIZE
from .log import TileLog
from .words import Reason

_INCLUSION = {"leafIdx", "treeSize", "root", "leafHash", "proof", "wantErr"}
_CONSISTENCY = {"size1", "size2", "root1", "root2", "proof", "wantErr"}
#: proofs about subtrees, of a draft that came after RFC 6962
_SUBTREES = {"start", "end", "wantErr"}
_MOST_JSON = 1_000_000


@dataclass(frozen=True, slots=True)
class Case:
    """One case: the file it is from, and why it failed (None: it passed)."""

    path: str
    failure: Reason | None = None
    left_out: bool = False


def run(folder: Path, keys: Sequence[notes.Verifier] = ()) -> Iterator[Case]:
    """Yield every case in the folder; ``keys`` verify the checkpoints that they signed."""
    for at, folders, names in os.walk(folder):
        folders.sort()
        here = Path(at)
        if "checkpoint" in names and "tile" in folders:
            folders.clear()
            yield from _log(here, sorted(names), keys, folder)
            continue
        for name in sorted(names):
            if name.endswith(".json"):
                yield from _json(here / name, _named(here / name, folder))


def _named(path: Path, folder: Path) -> str:
    return files.shown_path(path.relative_to(folder))


def _json(path: Path, name: str) -> Iterator[Case]:
    try:
        case = json.loads(files.read(path, _MOST_JSON) or b"")
    except (ValueError, RecursionError):
        yield Case(name, ("tlog.bad_json", {}))
        return
    except LogError as error:
        yield Case(name, error.reason)
        return
    if not isinstance(case, dict):
        return
    if set(case) >= _INCLUSION or set(case) >= _CONSISTENCY:
        yield Case(name, _proof(case))
    elif set(case) >= _SUBTREES:
        yield Case(name, left_out=True)


def _proof(case: dict[str, Any]) -> Reason | None:
    """Return why a case of a proof failed: accepted and ought not to be, or refused and ought not."""
    try:
        path = [base64.b64decode(one, validate=True) for one in case["proof"] or ()]
        if "leafIdx" in case:
            leaf, root = (base64.b64decode(case[k], validate=True) for k in ("leafHash", "root"))
            given = leaf, int(case["leafIdx"]), int(case["treeSize"]), path, root
            verify: Any = proofs.verify_inclusion
        else:
            old, new = (base64.b64decode(case[k], validate=True) for k in ("root1", "root2"))
            given = int(case["size1"]), int(case["size2"]), old, new, path  # type: ignore[assignment]
            verify = proofs.verify_consistency
    except (ValueError, TypeError, OverflowError):
        return ("tlog.bad_case", {})
    try:
        verify(*given)
    except NotVerified as error:
        return None if case["wantErr"] else error.reason
    return ("tlog.accepted", {}) if case["wantErr"] else None


def _log(
    folder: Path, names: list[str], keys: Sequence[notes.Verifier], top: Path
) -> Iterator[Case]:
    """Yield a case for each checkpoint, tile and bundle of a log."""
    heads = {}
    for name in names:
        if name == "checkpoint" or name.startswith("checkpoint."):
            shown = _named(folder / name, top)
            try:
                heads[shown] = _head(files.read(folder / name, notes.MOST_BYTES) or b"", keys)
            except TlogError as error:
                yield Case(shown, error.reason)
    try:
        entries = _entries(folder, max((head.size for head in heads.values()), default=0))
    except TlogError as error:
        yield Case(_named(folder, top), error.reason)
        return
    with tempfile.TemporaryDirectory() as made:
        ours = TileLog(Path(made) / "log")
        for size in sorted({head.size for head in heads.values()}):
            ours.append(entries[ours.size() : size])
        for name, head in heads.items():
            same = ours.root(head.size) == head.root
            yield Case(name, None if same else ("tlog.other_root", {"size": head.size}))
        for path in sorted((folder / "tile").rglob("*")):
            if path.is_dir() or path.name.startswith("."):
                continue
            alike = _alike(ours, path, str(path.relative_to(folder)))
            if alike is not None:
                yield Case(_named(path, top), None if alike else ("tlog.other_bytes", {}))
        for name in _absent(folder, ours.size()):
            yield Case(_named(folder / name, top), ("tlog.missing", {"path": name}))


def _alike(ours: TileLog, path: Path, name: str) -> bool | None:
    """Tell whether a tile or bundle is as we write it, as far as our log goes; None beyond it."""
    place = tiles.place(name)
    if place is None:
        return False
    level, index, width = place
    count = ours.size() >> tiles.HEIGHT * (level or 0)
    reach = min(width, count - index * tiles.WIDTH)
    if reach <= 0:
        return None
    try:
        data = files.read(path)
        if data is None:
            return None  # gone since it was listed, for the full one
        if level is None:
            return tiles.pack(tiles.unpack(data, width)[:reach]) == ours.tile(level, index, reach)
        whole = len(data) == SIZE * width
        return whole and data[: SIZE * reach] == ours.tile(level, index, reach)
    except TlogError:
        return False


def _head(data: bytes, keys: Sequence[notes.Verifier]) -> checkpoints.Checkpoint:
    """Read a checkpoint, verify what a key is there for, and see that we would write it the same."""
    note = notes.parse(data)
    head = checkpoints.parse(note.text)
    if any(key.made(signature) for key in keys for signature in note.signatures):
        notes.open_note(data, keys)
    elif keys:
        raise NotVerified("no_known_signature")
    if notes.Note(head.text(), note.signatures).encode() != data:
        raise Malformed("other_bytes")
    return head


def _absent(folder: Path, size: int) -> Iterator[str]:
    """Yield the tiles of the largest size that are not there; a full one may stand in."""
    for level in (None, *tiles.levels(size)):
        for index, width in tiles.spans(level, size):
            names = tiles.path(level, index, width), tiles.path(level, index)
            if not any((folder / name).is_file() for name in names):
                yield names[0]


def _entries(folder: Path, size: int) -> list[bytes]:
    return list(tiles.entries(lambda name: files.read(folder / name), size))
