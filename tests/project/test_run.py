"""``dingzi run`` with real processes: what dies is started again, what is too big is refused."""

from __future__ import annotations

import os
import signal
import socket
import time

import pytest

from tests.installations import Installation, alive

pytestmark = pytest.mark.slow


def test_the_site_survives_the_kill_of_each_process_and_stops_when_asked(
    installation: Installation,
) -> None:
    """kill -9 of web or steward: answered again within seconds; Ctrl-C leaves no process behind."""
    installation.migrate()
    installation.start()
    for name in ("gunicorn", "steward"):
        first = installation.pid_of(name)
        os.kill(first, signal.SIGKILL)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if installation.pid_of(name) != first:
                    break
            except AssertionError:
                time.sleep(0.1)
        installation.wait()
        assert installation.pid_of(name) != first
    children = [installation.pid_of(name) for name in ("gunicorn", "steward")]
    assert installation.stop() == 0
    assert not any(alive(pid) for pid in children)
    assert "route" in installation.log.read_text()


@pytest.mark.one_engine
def test_processes_end_when_their_supervisor_is_killed(installation: Installation) -> None:
    """kill -9 of `dingzi run` itself leaves no server that nobody watches."""
    installation.migrate()
    installation.start()
    children = [installation.pid_of(name) for name in ("gunicorn", "steward")]
    assert installation.server
    installation.server.kill()
    installation.server.wait()
    installation.server = None
    end = time.monotonic() + 60
    while time.monotonic() < end and any(alive(pid) for pid in children):
        time.sleep(0.1)
    assert not any(alive(pid) for pid in children)


@pytest.mark.one_engine
def test_two_gigabytes_are_refused_with_a_page_and_nothing_is_kept(
    installation: Installation,
) -> None:
    """A 2 GB upload gets our 413 page, no file and no memory."""
    installation.migrate()
    installation.start()
    size = 2 * 1024**3
    with socket.create_connection(("127.0.0.1", installation.port), timeout=60) as browser:
        browser.sendall(
            f"POST /work/ HTTP/1.1\r\nHost: 127.0.0.1:{installation.port}\r\n"
            f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {size}\r\n\r\n".encode()
        )
        chunk = b"\0" * (1 << 20)
        try:
            for _ in range(size >> 20):
                browser.sendall(chunk)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has answered and hung up: the answer is in our buffer
        answer = browser.recv(200)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert installation.status("/healthz") == 200
    kept = [p for p in installation.home.rglob("*") if p.is_file() and p.stat().st_size > 50 << 20]
    assert not kept


@pytest.mark.one_engine
def test_without_tables_it_says_what_to_run(installation: Installation) -> None:
    """`dingzi run` before `dingzi migrate` ends with that advice and exit status 1.

    Also behind a proxy, which knows nothing of a site on this machine.
    """
    installation.env |= {"http_proxy": "http://127.0.0.1:9", "no_proxy": "", "NO_PROXY": ""}
    with pytest.raises(AssertionError, match="dingzi migrate"):
        installation.start()
    assert installation.server
    assert installation.server.wait(30) == 1


@pytest.mark.one_engine
def test_a_taken_port_is_named(installation: Installation) -> None:
    """A port in use ends the start at once with a way out."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = installation.dingzi("run", "--port", str(taken.getsockname()[1]), check=False)
    assert done.returncode == 1
    assert "--port" in done.stderr
