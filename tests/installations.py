"""A whole installation beside the test: its own folder, database, keys and processes.

For what only real processes show: restarts, ``kill -9``, uploads of gigabytes, shutting down.
"""

from __future__ import annotations

import atexit
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from dingzi.project import roles
from dingzi.project.run import static_digest
from tests.settings import CLUSTER, ENGINE


class Installation:
    """``dingzi`` with an environment of its own, on the engine of this run."""

    #: A folder and a PostgreSQL database with tables, made once in the run and copied.
    template: Path | None = None

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("DINGZI_", "DJANGO_"))}
        self.env |= {"DINGZI_HOME": str(home), "DINGZI_WORKERS": "1", "PYTHONWARNINGS": "default"}
        if ENGINE == "postgresql":
            assert CLUSTER
            CLUSTER.start()
            self.database = f"other_{time.monotonic_ns()}"
            CLUSTER.create(self.database)
            self.env |= {
                "DINGZI_DATABASE_URL": CLUSTER.url(roles.WEB, self.database),
                "DINGZI_DATABASE_OWNER_URL": CLUSTER.url(roles.OWNER, self.database),
                "DINGZI_DATABASE_STEWARD_URL": CLUSTER.url(roles.STEWARD, self.database),
            }
        self.server: subprocess.Popen[str] | None = None
        self.port = 0
        self.log = home / "run.log"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def dingzi(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one command and return what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "dingzi", *args],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def migrate(self) -> None:
        """Make the tables and gather the static files: once, then from the template."""
        if Installation.template is None:
            self.dingzi("migrate", "--verbosity", "0")
            self.dingzi("collectstatic", "--noinput", "--verbosity", "0")
            Installation.template = Path(tempfile.mkdtemp(prefix="dingzi-template-"))
            atexit.register(shutil.rmtree, Installation.template, ignore_errors=True)
            shutil.copytree(self.home, Installation.template, dirs_exist_ok=True)
            if CLUSTER:
                CLUSTER.copy(self.database, "template_dingzi")
            return
        shutil.copytree(Installation.template, self.home, dirs_exist_ok=True)
        if CLUSTER:
            CLUSTER.copy("template_dingzi", self.database)

    def start(self, *args: str) -> None:
        """``dingzi run``, and wait until it answers."""
        (self.home / "static").mkdir(exist_ok=True)
        (self.home / "static" / ".collected").write_text(static_digest())
        self.port = free_port()
        with self.log.open("w") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "dingzi", "run", "--port", str(self.port), *args],
                env=self.env,
                stdout=log,
                stderr=log,
                text=True,
            )
        self.wait()

    def wait(self, seconds: float = 120) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.server and self.server.poll() is not None:
                break
            if self.status("/healthz") == 200:
                return
            time.sleep(0.1)
        raise AssertionError(f"the site does not answer:\n{self.log.read_text()}")

    def status(self, path: str) -> int:
        """Return the HTTP status of a page, 0 where nothing answers."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return 0

    def pid_of(self, name: str) -> int:
        """Return the pid of the child whose command line holds ``name``."""
        assert self.server
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
                line = (stat.parent / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self.server.pid and name.encode() in line:
                return int(stat.parent.name)
        raise AssertionError(f"no {name} under {self.server.pid}")

    def stop(self) -> int:
        """Ask it to stop as Ctrl-C does; return its exit status."""
        if not self.server:
            return 0
        self.server.send_signal(signal.SIGINT)
        status = self.server.wait(60)
        self.server = None
        return status


def free_port() -> int:
    """Return a port below those that the system gives to whoever asks for any: it stays free."""
    for port in random.SystemRandom().sample(range(10_000, 32_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def alive(pid: int) -> bool:
    """Say whether a process runs; one that has ended and that nobody has taken note of does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """An installation without tables yet; ``.migrate()``, ``.start()``, ``.dingzi("doctor")``."""
    made = Installation(tmp_path)
    yield made
    if made.server:
        made.server.send_signal(signal.SIGTERM)
        made.server.wait(60)
