"""Checks that problem arrays share: length, range, kind; each fault names the field."""

from __future__ import annotations

from typing import Any

import numpy as np

from .errors import BadProblem


def checked(
    owner: object, name: str, dtype: Any, low: int, high: int, shape: tuple[int, ...]
) -> None:
    """Store a field as a read-only contiguous array, or raise BadProblem naming it."""
    where = type(owner).__name__
    given = np.asarray(getattr(owner, name))
    if given.shape != shape:
        found = "×".join(map(str, given.shape))
        wanted = "×".join(map(str, shape))
        shapes = {"name": name, "found": found, "wanted": wanted}
        raise BadProblem(where, None, "array_shape", shapes)
    if given.size and given.dtype.kind not in "iub":
        raise BadProblem(where, None, "array_whole", {"name": name})
    if given.size:
        outside = (given < low) | (given > high)
        if outside.any():
            row = int(np.flatnonzero(outside.reshape(len(given), -1).any(axis=1))[0])
            found = str(given[outside].flat[0])
            fault = {"name": name, "row": row, "found": found, "low": low, "high": high}
            raise BadProblem(where, None, "array_range", fault)
    made = np.ascontiguousarray(given, dtype=dtype)
    if made is given or made.base is not None:
        made = made.view()
    made.setflags(write=False)
    object.__setattr__(owner, name, made)
