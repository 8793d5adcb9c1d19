"""Tiles and entry bundles, after C2SP tlog-tiles: their paths, bytes and inner nodes.

A tile of level L holds up to 256 consecutive hashes of height 8 * L. A bundle holds the entries
below a tile of level 0, each behind its length in two bytes, big-endian.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Iterator

from .errors import LogError, Malformed
from .hashing import SIZE, Hashing

HEIGHT = 8
WIDTH = 256
LONGEST_ENTRY = 0xFFFF
#: levels that a tree of at most 2**64 leaves can have
LEVELS = 8


def path(level: int | None, index: int, width: int = WIDTH) -> str:
    """Return a tile's path below the log's folder; level None is for entry bundles.

    >>> path(0, 1234067), path(None, 5, 17)
    ('tile/0/x001/x234/067', 'tile/entries/005.p/17')
    """
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.append(f"x{index % 1000:03d}")
    name = "/".join(reversed(parts)) + ("" if width == WIDTH else f".p/{width}")
    return f"tile/{'entries' if level is None else level}/{name}"


_NAME = re.compile(r"tile/(entries|[0-7])/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?", re.ASCII)


def place(name: str) -> tuple[int | None, int, int] | None:
    """Return level, index and width of a tile by its path; None for what is no tile's path.

    >>> place("tile/0/x001/x234/067"), place("tile/entries/005.p/17"), place("tile/0/5")
    ((0, 1234067, 256), (None, 5, 17), None)
    """
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    index = int(found[2].replace("x", "").replace("/", ""))
    level = None if found[1] == "entries" else int(found[1])
    width = int(found[3] or WIDTH)
    return (level, index, width) if path(level, index, width) == name else None


def spans(level: int | None, size: int, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield (index, width) of each tile of a level in a tree of ``size``, the partial one last.

    ``start`` is a size of the tree: tiles already complete at it are left out.
    """
    count = size >> HEIGHT * (level or 0)
    first = (start >> HEIGHT * (level or 0)) // WIDTH
    for index in range(first, -(-count // WIDTH)):
        yield index, min(WIDTH, count - index * WIDTH)


def levels(size: int) -> Iterator[int]:
    """Yield the levels that a tree of ``size`` has tiles on."""
    level = 0
    while size >> HEIGHT * level:
        yield level
        level += 1


def pack(entries: Iterable[bytes]) -> bytes:
    """Return the bytes of a bundle; raises Malformed for an entry longer than 65,535 bytes."""
    parts = []
    for number, entry in enumerate(entries):
        if len(entry) > LONGEST_ENTRY:
            raise Malformed("entry_too_long", number=number, bytes=len(entry), most=LONGEST_ENTRY)
        parts.append(struct.pack(">H", len(entry)) + entry)
    return b"".join(parts)


def unpack(data: bytes, width: int) -> list[bytes]:
    """Return the entries of a bundle; raises Malformed unless there are exactly ``width``."""
    found: list[bytes] = []
    at = 0
    while at < len(data):
        begin = at + 2
        at = begin + int.from_bytes(data[at:begin], "big")
        if begin > len(data) or at > len(data):
            raise Malformed("bundle_cut", number=len(found))
        found.append(data[begin:at])
    if len(found) != width:
        raise Malformed("bundle_width", found=len(found), expected=width)
    return found


def entries(read: Callable[[str], bytes | None], size: int) -> Iterator[bytes]:
    """Yield the first ``size`` entries of a log whose files ``read`` gives, None for what is not there.

    A partial bundle may meanwhile have become full. Raises LogError for a missing one, Malformed.
    """
    for index, width in spans(None, size):
        name = path(None, index, width)
        data, there = read(name), width
        if data is None and width < WIDTH:
            data, there = read(path(None, index)), WIDTH
        if data is None:
            raise LogError("missing", path=name)
        yield from unpack(data, there)[:width]


def grow(row: bytes, hashing: Hashing) -> list[bytes]:
    """Return the rows of nodes within a tile: row r holds those of height r, perfect ones only."""
    rows = [row]
    digest, pair = hashing.digest, 2 * SIZE
    while len(row) >= pair:
        ends = range(pair, len(row) + 1, pair)
        row = b"".join([digest(b"\x01" + row[end - pair : end]) for end in ends])
        rows.append(row)
    return rows
