"""Where a declaration stands, for the words of a LoadError."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

_HERE = str(Path(__file__).parent)


def caller() -> str:
    """Return ``file:line`` of the nearest frame outside this package and generated code."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        name = frame.f_code.co_filename
        if not name.startswith(("<", _HERE)):
            break
        frame = frame.f_back
    return f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"


def blamed(error: BaseException) -> str:
    """Return ``file:line`` of the innermost frame of a figures module that an error came through."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{Path(error.filename).name}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "figures" in Path(f.filename).with_suffix("").parts[-2:]]
    outside = [f for f in ours if not f.filename.startswith(_HERE)]
    frame = (outside or frames)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
