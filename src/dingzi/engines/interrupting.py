"""Ending early on SIGINT with the best answer so far.

Who listens turns the first SIGINT into a request, which every ``Watch`` and every running solver
hears; one more, a second later, interrupts as usual. Who does not listen is interrupted as usual.
"""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from types import FrameType
from typing import TypeVar

T = TypeVar("T")
_EACH_SECONDS = 0.1
#: a terminal and a wrapper such as ``timeout`` may both send the same SIGINT
_AGAIN_SECONDS = 1.0
_listening, _asked = threading.Event(), threading.Event()


def interrupted() -> bool:
    """Whether an end was asked for; only while somebody listens."""
    return _asked.is_set()


def listened() -> bool:
    """Whether anybody listens: then a solver must ask now and then."""
    return _listening.is_set()


@contextlib.contextmanager
def listening(wanted: bool = True) -> Iterator[None]:
    """Take the first SIGINT as a request to end with the best answer so far, where ``wanted``.

    Only in the main thread; elsewhere nothing is heard.
    """
    if not wanted or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    since = 0.0

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal since
        if not _asked.is_set():
            since = time.monotonic()
            _asked.set()
        elif time.monotonic() - since > _AGAIN_SECONDS:
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, ask)
    _listening.set()
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        _listening.clear()
        _asked.clear()


def heard(run: Callable[[], T], stop: Callable[[], object]) -> T:
    """Return ``run()``, called in another thread, so that signals are heard while a solver is busy.

    ``stop`` ends it early; called where an end is asked for or an exception comes between.
    """
    if threading.current_thread() is not threading.main_thread():
        return run()
    with ThreadPoolExecutor(1) as worker:
        running = worker.submit(run)
        try:
            while not wait([running], _EACH_SECONDS).done:
                if interrupted():
                    stop()
        except BaseException:
            stop()
            raise
    return running.result()
