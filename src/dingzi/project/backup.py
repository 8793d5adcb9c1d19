"""Making a backup while everything runs.

The sealer rests for the moment in which the log's files are linked aside and the database's snapshot
is fixed, so both are of the same instant; then it goes on, and the copying takes what time it takes.
Papers come last: whatever the snapshot names was stored before it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from dingzi.core.filelock import FileLock
from dingzi.ledger import sealing
from dingzi.tlog.checkpoints import parse_note
from dingzi.tlog.log import TileLog

from .archive import DATABASES, NEEDED_KEYS, Archive, Manifest, Trouble
from .config import environment

PATIENCE = 60.0  # seconds that we wait for the sealer to finish its batch
PLACES = 'SELECT coalesce(max("index") + 1, 0) FROM ledger_leaf'
_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch


def make(file: Path, *, keys: bool = False) -> Manifest:
    """Write a backup to ``file``, whole or not at all; return what it holds. Raises Trouble."""
    if file.exists():
        raise Trouble(f"{file}: 已经有了，换个名字 | exists already: choose another name")
    home: Path = settings.CONFIG.home
    lock = FileLock(home / "backup.lock")
    if not lock.take():
        raise Trouble("另一个备份正在做，等它做完 | another backup is being made: wait for it")
    stage, part = home / ".backup", file.with_name(file.name + ".part")
    try:
        shutil.rmtree(stage, ignore_errors=True)  # what a kill left
        stage.mkdir(mode=0o700)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as out:
            manifest = _write(Archive(out, _manifest()), stage, keys=keys)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        where = error.filename or part
        raise Trouble(f"{where}: 写不了 | cannot be written: {error.strerror or error}") from None
    except (DatabaseError, sqlite3.Error) as error:
        raise Trouble(
            f"数据库读不了（{error}）；没有表就先 dingzi migrate | the database cannot be read; "
            f"where it has no tables yet, there is nothing to back up: dingzi migrate"
        ) from None
    finally:
        part.unlink(missing_ok=True)
        shutil.rmtree(stage, ignore_errors=True)
        lock.release()
    return manifest


def _manifest() -> Manifest:
    sums = {}
    for name in NEEDED_KEYS:
        sums[name] = hashlib.sha256((settings.KEYS / name).read_bytes()).hexdigest()
    return Manifest(
        engine=connection.vendor,
        release=importlib.metadata.version("dingzi"),
        made=timezone.now().isoformat(timespec="seconds"),
        key_sums=sums,
    )


def _write(archive: Archive, stage: Path, *, keys: bool) -> Manifest:
    manifest = archive.manifest
    copy = {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor]
    database = stage / DATABASES[connection.vendor]
    manifest.places = copy(database, lambda: _aside(stage / "log"))
    signed = TileLog(stage / "log").published()
    if signed is not None:
        head = parse_note(signed)
        manifest.origin, manifest.size, manifest.root = head.origin, head.size, head.root.hex()
    archive.add(database.name, database)
    for path in _files(stage / "log"):
        archive.add(f"log/{path.relative_to(stage / 'log').as_posix()}", path)
    for path in _files(settings.BLOBS):
        if _DIGEST(path.name):
            try:
                archive.add(f"blobs/{path.relative_to(settings.BLOBS).as_posix()}", path)
            except FileNotFoundError:
                continue  # erased meanwhile
    if keys:
        for path in _files(settings.KEYS):
            if not path.name.endswith(".new"):
                archive.add(f"keys/{path.relative_to(settings.KEYS).as_posix()}", path)
    archive.close()
    return manifest


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@contextmanager
def _sealer_rests() -> Iterator[None]:
    lock = sealing.lock(settings.LOG)
    end = time.monotonic() + PATIENCE
    while not lock.take():
        if time.monotonic() > end:
            raise Trouble(
                "封存一直没有停下来，过一会儿再备份 | the sealer did not rest: try again later"
            )
        time.sleep(0.005)
    try:
        yield
    finally:
        lock.release()


def _aside(target: Path) -> None:
    """Link the log's files aside: they are replaced, never written into, but for the writer's own.

    A head is the writer's own too: the file of an earlier one is written over for a later one.
    """
    for path in _files(settings.LOG):
        inside = path.relative_to(settings.LOG)
        if path.name.startswith(".") and path.name.endswith(".new"):
            continue
        into = target / inside
        into.parent.mkdir(parents=True, exist_ok=True)
        if ".state" in inside.parts or path.name == "checkpoint":
            shutil.copy2(path, into)
            continue
        try:
            os.link(path, into)
        except OSError:  # a file system without links, or another user's files
            shutil.copy2(path, into)


def _sqlite(target: Path, aside: Callable[[], None]) -> int:
    name = str(connection.settings_dict["NAME"])
    with (
        closing(sqlite3.connect(name, isolation_level=None, timeout=20)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.execute("BEGIN")
        with _sealer_rests():
            aside()
            (places,) = source.execute(PLACES).fetchone()  # fixes the snapshot
        source.backup(copy)
    return int(places)


def _postgresql(target: Path, aside: Callable[[], None]) -> int:
    program = shutil.which("pg_dump")
    if program is None:
        raise Trouble(
            "找不到 pg_dump：装 postgresql-client | pg_dump is missing: install postgresql-client"
        )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with _sealer_rests():
            aside()
            cursor.execute(PLACES)  # fixes the snapshot
            (places,) = cursor.fetchone()
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
        done = subprocess.run(
            [program, "--format=custom", f"--snapshot={snapshot}", f"--file={target}"],
            env=os.environ | environment(connection.settings_dict),
            capture_output=True,
            text=True,
        )
    if done.returncode:
        raise Trouble(f"pg_dump: {done.stderr.strip()}")
    return int(places)
