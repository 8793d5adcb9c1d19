"""Reading nodes and entries from the tiles in a folder, with a small cache."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import files, tiles
from .errors import LogError, Malformed
from .hashing import SIZE, Hashing

#: tiles kept with their inner nodes: 16 KB each
CACHED_TILES = 1024
CACHED_BUNDLES = 64


class TileReader:
    """Reads a log's tiles; ``size`` tells how many leaves there are now.

    Full tiles never change and a wider partial one begins with the narrower, so whatever was read
    once serves every later size.
    """

    def __init__(self, folder: Path, hashing: Hashing, size: Callable[[], int]) -> None:
        self.folder = folder
        self.hashing = hashing
        self._ask_size = size
        self._size = 0
        self._tiles: dict[tuple[int, int], list[bytes]] = {}
        self._bundles: dict[int, list[bytes]] = {}
        self._lock = threading.Lock()

    def known(self, size: int | None) -> int:
        """Return a size that is surely written (None: all of it); raises LogError beyond that."""
        if size is None or size > self._size:
            self._size = self._ask_size()
            if size is None:
                return self._size
        if not 0 <= size <= self._size:
            raise LogError("size_outside", size=size, written=self._size)
        return size

    def node(self, height: int, index: int) -> bytes:
        """Return the hash of a perfect subtree; raises LogError, or Malformed for a damaged tile."""
        level, row = divmod(height, tiles.HEIGHT)
        tile, at = divmod(index << row, tiles.WIDTH)
        rows = self._tiles.get((level, tile))
        at = (at >> row) * SIZE
        if rows is None or row >= len(rows) or len(rows[row]) <= at:
            rows = self._load(level, tile)
            if row >= len(rows) or len(rows[row]) <= at:
                raise Malformed("tile_short", path=tiles.path(level, tile))
        return rows[row][at : at + SIZE]

    def bundle(self, index: int) -> list[bytes]:
        """Return the entries of a bundle, as many as are written; raises LogError or Malformed."""
        found = self._bundles.get(index)
        wanted = self._width(None, index)
        if found is None or len(found) < wanted:
            data, width = self._file(None, index)
            found = tiles.unpack(data, width)
            self._keep(self._bundles, index, found, CACHED_BUNDLES)
        return found

    def hashes(self, level: int, index: int) -> bytes:
        """Return the bytes of a tile, as many hashes as are written."""
        data, width = self._file(level, index)
        if len(data) != width * SIZE:
            raise Malformed("tile_length", path=tiles.path(level, index, width), found=len(data),
                            expected=width * SIZE)  # fmt: skip
        return data

    def first(self, level: int | None, index: int, width: int) -> bytes:
        """Return the bytes of the tile or bundle as it was when so wide."""
        if level is None:
            return tiles.pack(self.bundle(index)[:width])
        return self.hashes(level, index)[: width * SIZE]

    def _load(self, level: int, index: int) -> list[bytes]:
        rows = tiles.grow(self.hashes(level, index), self.hashing)
        self._keep(self._tiles, (level, index), rows, CACHED_TILES)
        return rows

    def _width(self, level: int | None, index: int) -> int:
        count = self._size >> tiles.HEIGHT * (level or 0)
        return max(0, min(tiles.WIDTH, count - index * tiles.WIDTH))

    def _file(self, level: int | None, index: int) -> tuple[bytes, int]:
        """Return a tile or bundle and its width; a partial one may meanwhile have become full."""
        for width in (self._width(level, index), tiles.WIDTH):
            data = files.read(self.folder / tiles.path(level, index, width)) if width else None
            if data is not None:
                return data, width
        raise LogError("missing", path=tiles.path(level, index, self._width(level, index)))

    def _keep(self, cache: dict[Any, Any], key: Any, value: Any, most: int) -> None:
        with self._lock:
            cache.pop(key, None)
            while len(cache) >= most:
                del cache[next(iter(cache))]
            cache[key] = value
