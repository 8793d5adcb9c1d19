"""Files that are damaged, gone or cannot be written: refused clearly, named, made anew."""

from __future__ import annotations

import errno
import logging
from pathlib import Path
from typing import Any

import pytest

from dingzi import figures
from dingzi.core.errors import Refusal
from dingzi.figures.period import Period, today
from dingzi.figures.snapshots import doubting, engine, manifest, writing
from dingzi.figures.snapshots.writing import Writer
from tests.ledger.conftest import file
from tests.world import World

from .test_writing import sealed, seen

pytestmark = pytest.mark.django_db


def begin() -> manifest.Manifest:
    """A base of one dispute and a segment of another."""
    file()
    sealed()
    Writer().catch_up()
    file("又一件。")
    sealed()
    Writer().catch_up()
    made = manifest.current(engine.folder())
    assert made and made.base and made.segments
    assert seen() == 2
    return made


def harmed(path: Path, harm: str) -> None:
    data = path.read_bytes()
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(data[: len(data) // 3])
    elif harm == "empty":
        path.write_bytes(b"")
    else:
        kept = 12_288 if path.suffix == ".duckdb" else 4  # so that it still looks like one
        path.write_bytes(data[:kept] + b"\xff" * (len(data) - kept))


@pytest.mark.parametrize("harm", ["gone", "cut", "empty", "overwritten"])
@pytest.mark.parametrize("which", ["manifest", "base", "segment"])
def test_what_is_damaged_is_refused_named_and_made_anew(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: Any, which: str, harm: str
) -> None:
    """Readers are refused with what to do, live numbers go on; the next round makes it whole."""
    made = begin()
    folder = engine.folder()
    name = {
        "manifest": manifest.CURRENT,
        "base": made.base.file if made.base else "",
        "segment": next(iter(made.segments[0].files.values())),
    }[which]
    harmed(folder / name, harm)
    forget(monkeypatch)
    with pytest.raises(Refusal) as refused:
        seen()
    assert refused.value.codes == ("figures_no_snapshot",)
    assert figures.value("disputes.registered", Period.day(today())).number == 2
    with caplog.at_level(logging.ERROR):
        done = Writer().catch_up()
    assert done and done.anew and seen() == 2
    if which != "manifest" and harm != "gone":
        assert name in caplog.text
    assert not doubting.doubted(folder)


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read as a process that begins: what is open already may be read on."""
    from dingzi.figures.snapshots import reading

    monkeypatch.setattr(reading, "_reader", reading._Reader())


def test_a_doubt_without_damage_makes_nothing_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody ran out of file handles: the writer looks, finds all whole and keeps it."""
    begin()
    doubting.doubt(engine.folder(), OSError("too many open files"))
    done = Writer().catch_up()
    assert done == writing.Written(0, done.size if done else 0)
    assert not doubting.doubted(engine.folder()) and seen() == 2


def test_a_full_disk_leaves_what_was_there(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """At each file that cannot be written the error is told, and the edition before stays in place."""
    begin()
    file("第三件。")
    sealed()
    plain, writes = Path.open, []

    def full(self: Path, mode: str = "r", *given: Any, **named: Any) -> Any:
        if "w" in mode and self.is_relative_to(engine.folder()):
            writes.append(self)
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return plain(self, mode, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        with pytest.raises(OSError, match="No space left"):
            Writer().catch_up()
    assert writes and seen() == 2
    with monkeypatch.context() as patched:
        patched.setattr(manifest, "sync", lambda path: full(path, "w"))
        with pytest.raises(OSError, match="No space left"):
            Writer().catch_up()
    assert seen() == 2
    assert Writer().catch_up() and seen() == 3
    left = [path.name for path in engine.folder().iterdir() if path.name.startswith(".")]
    assert left == []
