"""The files of the tree, as git knows them."""

from __future__ import annotations

import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "dingzi"
MECHANISMS = SOURCE / "mechanisms"


@functools.cache
def files(*patterns: str) -> tuple[Path, ...]:
    """Return every tracked file that matches one of git's patterns, and that is there."""
    listed = subprocess.run(
        # also where the clone belongs to another user than who runs the tests
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def mechanisms() -> list[Path]:
    return sorted(p.parent for p in MECHANISMS.glob("*/apps.py"))
