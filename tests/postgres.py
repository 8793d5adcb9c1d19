"""A PostgreSQL server of the test run's own: made in a temporary folder, stopped with the run."""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

import psycopg

from dingzi.project import roles

SUPERUSER = "postgres"


def programs() -> Path | None:
    """Return the folder of the newest installed PostgreSQL's programs."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3])
    )
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere else None


class Cluster:
    """One server on a socket in its own folder: no port, no password, fsync as in use.

    ``data`` is where its data lie and stay (a benchmark's, to be used again); else they go with it.
    """

    def __init__(self, data: Path | None = None, **options: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="dz", dir="/tmp"))
        self.data = data or self.folder / "data"
        self.options = {"shared_buffers": "128MB", "max_connections": "60"} | options
        self.server: subprocess.Popen[bytes] | None = None
        atexit.register(self.stop)

    def url(self, role: str, name: str) -> str:
        return f"postgresql://{role}@/{name}?host={quote(str(self.folder))}"

    def start(self) -> None:
        """Make and start it; as user ``postgres`` where we are root (the server refuses root)."""
        if self.server:
            return
        binaries = programs()
        assert binaries, "PostgreSQL is missing: make system"
        user = "postgres" if os.geteuid() == 0 else None
        if user:
            shutil.chown(self.folder, user, user)
        if not (self.data / "PG_VERSION").exists():
            self._make(binaries, user)
        options = {"listen_addresses": ""} | self.options
        log = (self.folder / "log").open("wb")
        self.server = subprocess.Popen(
            [
                binaries / "postgres",
                "-D",
                self.data,
                "-k",
                self.folder,
                *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
            ],
            user=user,
            cwd=self.folder,
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent,
        )
        log.close()
        self._wait()

    def _make(self, binaries: Path, user: str | None) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        if user:
            shutil.chown(self.data, user, user)
        subprocess.run(
            [
                binaries / "initdb",
                "-D",
                self.data,
                "-U",
                SUPERUSER,
                "--auth=trust",
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ],
            check=True,
            user=user,
            cwd=self.folder,
            capture_output=True,
        )

    def _wait(self) -> None:
        for _ in range(200):
            try:
                psycopg.connect(self.url(SUPERUSER, "postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self) -> None:
        if self.server:
            self.server.send_signal(signal.SIGINT)
            self.server.wait(30)
            self.server = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def execute(self, *statements: str, name: str = "postgres") -> None:
        with psycopg.connect(self.url(SUPERUSER, name), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[arg-type]

    def create(self, name: str) -> None:
        """Make an empty database with the roles of an installation.

        For the tests alone the web's role may *change into* the others (``SET ROLE``) but inherits
        nothing: as it connects, it has its own rights only.
        """
        self.execute(f'CREATE DATABASE "{name}"', *roles.cluster_statements(name))
        others = f"{roles.OWNER}, {roles.STEWARD}, {roles.ERASER}"
        self.execute(
            f"ALTER ROLE {roles.WEB} NOINHERIT",
            f"GRANT {others} TO {roles.WEB}",
            f"GRANT SET ON PARAMETER session_replication_role TO {roles.OWNER}",
        )

    def copy(self, source: str, to: str) -> None:
        """Make ``to`` anew as a copy of ``source``; nobody may be connected to either."""
        self.execute(
            f'DROP DATABASE IF EXISTS "{to}"',
            f'CREATE DATABASE "{to}" TEMPLATE "{source}"',
            *roles.cluster_statements(to),
        )


def _die_with_parent() -> None:
    """Stop the server also when the test run is killed (Linux: PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGINT)
