"""The bell: heard at once by who listens, of no consequence where nobody does."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

import pytest

from dingzi.core import bell


@pytest.fixture(autouse=True)
def folder(settings: Any) -> Iterator[Path]:
    """A data folder whose path is short enough for a socket, wherever pytest keeps its own."""
    with TemporaryDirectory(prefix="dz", dir="/tmp") as made:
        settings.CONFIG = SimpleNamespace(home=Path(made))
        yield Path(made)


def test_a_ring_is_heard_at_once_and_several_are_one() -> None:
    """Who waits wakes before its time; what rang meanwhile is taken together."""
    with bell.hung() as hung:
        assert hung is not None
        for _ in range(50):
            bell.ring()
        begin = time.monotonic()
        assert hung.wait(60)
        assert time.monotonic() - begin < 30
        assert not hung.wait(0.01)


def test_nobody_hears_and_nothing_happens(folder: Path) -> None:
    """Without a steward, after one has gone, and in a folder that is not there."""
    bell.ring()
    with bell.hung():
        pass
    assert list(folder.iterdir()) == []
    bell.ring()


def test_where_the_path_is_too_long_the_clock_does_it(settings: Any, tmp_path: Path) -> None:
    """A socket's path has some hundred bytes; nothing fails beyond."""
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    settings.CONFIG = SimpleNamespace(home=deep)
    with bell.hung() as hung:
        assert hung is None
        bell.ring()


def test_who_hangs_it_up_anew_is_heard() -> None:
    """After a kill the socket's file is still there; the next steward takes its place."""
    with bell.hung() as first, bell.hung() as second:
        bell.ring()
        assert first and second
        assert second.wait(30)
        assert not first.wait(0)


def test_who_rings_with_an_ear_open_is_answered() -> None:
    """All who rang are told once that it was seen to; who rang without an ear is not looked for."""
    with bell.hung() as hung, bell.ear() as first:
        assert hung is not None
        bell.ring()
        bell.ring()
        assert hung.wait(1)
        begin = time.monotonic()
        hung.answer()
        first.wait(60)
        assert time.monotonic() - begin < 30
        hung.answer()  # nobody has rung since
        begin = time.monotonic()
        first.wait(0.05)
        assert time.monotonic() - begin >= 0.05


def test_an_ear_that_is_gone_is_passed_over() -> None:
    """A client that did not wait for its answer costs the steward nothing."""
    with bell.hung() as hung:
        assert hung is not None
        with bell.ear():
            bell.ring()
        assert hung.wait(1)
        hung.answer()
        bell.ring()
        assert hung.wait(1)


def test_a_ring_into_a_full_queue_is_heard_by_somebody(folder: Path) -> None:
    """A steward held up for a while does not look as if there were none: who rings looks by the clock."""
    with bell.hung() as hung, ExitStack() as opened:
        full = False
        while not full:
            sender = opened.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
            sender.setblocking(False)
            for sent in count():
                try:
                    sender.sendto(b"1", str(folder / "steward.bell"))
                except BlockingIOError:
                    full = sent == 0  # not for what this one has sent
                    break
        with bell.ear() as ear:
            bell.ring()
            assert ear.heard
            assert ear.wait(0) == b""
        assert hung is not None
        assert hung.wait(60)
