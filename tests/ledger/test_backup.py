"""Backing up while everything runs, and restoring what the public log then bears out."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from dingzi.ledger.sealing import Sealer
from dingzi.matters import numbers
from dingzi.matters.models import Matter
from dingzi.project import archive, backup, restore, roles
from dingzi.project.archive import Trouble
from dingzi.project.config import Config, load
from dingzi.tlog.checkpoints import parse_note
from dingzi.tlog.errors import TlogError
from dingzi.tlog.log import TileLog
from dingzi.tlog.notes import Signer, Verifier, open_note
from dingzi.tlog.writing import SPARES
from tests.databases import acting_as
from tests.installations import Installation
from tests.settings import ENGINE
from tests.world import World

from .conftest import file

PAPER = "一份附件".encode()
DIGEST = hashlib.sha256(PAPER).hexdigest()


@dataclass
class Made:
    """A city with a paper and a log; ``old`` was backed up before its last entry, ``keyless`` after."""

    city: Installation
    old: Path
    keyless: Path


@pytest.fixture(scope="module")
def made(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("backups")
    city = Installation(tmp_path_factory.mktemp("city"))
    city.migrate()
    paper = city.home / "blobs" / DIGEST[:2] / DIGEST[2:4] / DIGEST
    paper.parent.mkdir(parents=True)
    paper.write_bytes(PAPER)
    city.dingzi("seal")
    city.dingzi("keys", "--rotate")
    old, keyless = folder / "old.tar", folder / "new.tar"
    city.dingzi("backup", str(old), "--keys")
    city.dingzi("seal")
    with _busy(city):
        said = city.dingzi("backup", str(keyless)).stdout
    assert "不在里面" in said and "NOT in it" in said
    return Made(city, old, keyless)


@contextmanager
def _busy(city: Installation) -> Iterator[None]:
    """Somebody is writing all the while."""
    sql = "UPDATE django_content_type SET model = model"
    if ENGINE == "sqlite":
        with closing(sqlite3.connect(city.home / "dingzi.sqlite3", isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            writer.execute(sql)
            yield
        return
    with psycopg.connect(city.env["DINGZI_DATABASE_OWNER_URL"]) as server:
        server.execute(sql)
        yield
        server.rollback()


@pytest.fixture
def empty(django_db_setup: None, tmp_path: Path) -> Installation:
    """A folder, and on PostgreSQL a database, with nothing in them."""
    home = tmp_path / "home"
    home.mkdir()
    return Installation(home)


def _config(at: Installation) -> Config:
    return load(at.env)


def _untouched(at: Installation) -> bool:
    """Whether neither a file nor a table is there."""
    if any(path.is_file() for path in at.home.rglob("*")):
        return False
    if ENGINE == "sqlite":
        return True
    with psycopg.connect(at.env["DINGZI_DATABASE_OWNER_URL"]) as server:
        return server.execute(restore.TABLES).fetchone() == (0,)


def _files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, but for what SQLite keeps beside an open database."""
    paths = [p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(("-shm", "-wal"))]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_a_backup_comes_back_whole_and_the_log_bears_it_out(
    made: Made, empty: Installation
) -> None:
    """Record, log, papers and keys are there again, it says so twice, and sealing goes on."""
    said = empty.dingzi("restore", str(made.old)).stdout
    assert "0 differences" in said
    assert "每一条都和这里的公开日志一样" in said and "is what the public log here says" in said
    assert _files(empty.home / "blobs") == _files(made.city.home / "blobs")
    assert _files(empty.home / "keys") == _files(made.city.home / "keys")
    before = parse_note((empty.home / "log" / "checkpoint").read_bytes())
    empty.dingzi("seal")
    after = parse_note((empty.home / "log" / "checkpoint").read_bytes())
    now = parse_note((made.city.home / "log" / "checkpoint").read_bytes())
    assert before.size < after.size == now.size
    assert after.root == now.root  # the very same entries: it had waited in the outbox
    empty.dingzi("audit")


def test_the_manifest_tells_the_head_it_was_taken_at(made: Made) -> None:
    """Head and database are of one instant, and no key is in it unless asked for."""
    head = parse_note((made.city.home / "log" / "checkpoint").read_bytes())
    told = archive.check(made.keyless)
    assert (told.origin, told.size, told.root) == (head.origin, head.size, head.root.hex())
    assert told.places == told.size
    assert not told.holds_keys
    assert archive.check(made.old).holds_keys
    assert made.keyless.stat().st_mode & 0o077 == 0


def test_a_cut_file_or_a_changed_byte_is_refused(
    made: Made, empty: Installation, tmp_path: Path, campaign: Callable[[int, int], int]
) -> None:
    """Wherever it is cut, whichever byte of whichever member differs: nothing is written."""
    whole = made.keyless.read_bytes()
    broken = tmp_path / "broken.tar"
    with tarfile.open(made.keyless) as tar:
        members = tar.getmembers()
    end = members[-1].offset_data + members[-1].size
    chance = random.Random(7)
    spots = [m.offset + 3 for m in members]
    spots += [m.offset_data + m.size // 2 for m in members if m.size]
    spots += [chance.randrange(end) for _ in range(campaign(5, 300))]
    inside = [at for at in spots if any(_held(m, at) for m in members)]
    assert len(inside) > len(members)
    for at in inside:
        changed = bytearray(whole)
        changed[at] ^= 1 << chance.randrange(8)
        broken.write_bytes(changed)
        _refused(broken, empty)
    for length in [0, 1, 511, *(chance.randrange(end) for _ in range(campaign(5, 100)))]:
        broken.write_bytes(whole[:length])
        _refused(broken, empty)


def _held(member: tarfile.TarInfo, at: int) -> bool:
    """Whether a byte is the member's own: its header or content, not the filling after it."""
    return member.offset <= at < member.offset_data + member.size


def _refused(broken: Path, empty: Installation) -> None:
    with pytest.raises(Trouble, match="cut off or changed"):
        restore.restore(_config(empty), broken)
    assert _untouched(empty)


def test_a_target_that_is_not_empty_is_refused(
    made: Made, empty: Installation, tmp_path: Path
) -> None:
    """A database with tables, papers, or the log of another city: each stays as it is."""
    before = _files(made.city.home)
    done = made.city.dingzi("restore", str(made.old), check=False)
    assert done.returncode == 1 and "not empty" in done.stderr and "不是空的" in done.stderr
    assert _files(made.city.home) == before
    (empty.home / "blobs").mkdir()
    (empty.home / "blobs" / "x").write_bytes(b"x")
    with pytest.raises(Trouble, match="not empty"):
        restore.restore(_config(empty), made.old)
    assert _files(empty.home) == {"blobs/x": b"x"}
    shutil.rmtree(empty.home / "blobs")
    (empty.home / "log").mkdir()
    (empty.home / "log" / "checkpoint").write_bytes(b"?")
    with pytest.raises(Trouble, match="does not go on"):
        restore.restore(_config(empty), made.old)
    assert _files(empty.home) == {"log/checkpoint": b"?"}


def test_keys_that_are_missing_or_others_are_named(made: Made, empty: Installation) -> None:
    """Keys are never made anew unnoticed: the restore waits for those that wrote the events."""
    keys = empty.home / "keys"
    with pytest.raises(Trouble, match=r"event\.key: this key is not here"):
        restore.restore(_config(empty), made.keyless)
    assert _untouched(empty)
    shutil.copytree(made.city.home / "keys", keys)
    (keys / "pseudonym.key").write_bytes(b"0" * 32)
    for backed_up in (made.keyless, made.old):
        with pytest.raises(Trouble, match="not the key of these events"):
            restore.restore(_config(empty), backed_up)
    assert not (empty.home / "log").exists()
    shutil.copy(made.city.home / "keys" / "pseudonym.key", keys)
    restore.restore(_config(empty), made.keyless)
    assert (empty.home / "log" / "checkpoint").exists()


def test_a_backup_older_than_the_log_is_refused_and_then_stops_the_sealer(
    made: Made, empty: Installation
) -> None:
    """With the newer log in its place it is told beforehand; forced, nothing is signed over it."""
    shutil.copytree(made.city.home / "log", empty.home / "log")
    log = _files(empty.home / "log")
    with pytest.raises(Trouble, match="it is older"):
        restore.restore(_config(empty), made.old)
    assert _files(empty.home) == {f"log/{name}": data for name, data in log.items()}
    done = empty.dingzi("restore", str(made.old), "--older", check=False)
    assert done.returncode == 1 and "not what the public log says" in done.stderr
    done = empty.dingzi("seal", check=False)
    assert done.returncode == 1 and "older copy" in done.stderr
    assert _files(empty.home / "log")["checkpoint"] == log["checkpoint"]


def test_who_goes_on_from_an_older_backup_signs_with_new_keys_alone(
    made: Made, empty: Installation
) -> None:
    """The way that docs/ledger.md gives: the old key never signs a second head of one size."""
    empty.dingzi("restore", str(made.old))
    lines = (made.city.home / "keys" / "log.keys").read_text().splitlines()
    old = [Signer.parse(line).verifier for line in lines]
    new = empty.dingzi("keys", "--rotate", "--drop", "--forgotten", "300").stdout.splitlines()[-2]
    empty.dingzi("seal")
    signed = (empty.home / "log" / "checkpoint").read_bytes()
    open_note(signed, [Verifier.parse(new)])
    with pytest.raises(TlogError):
        open_note(signed, old)
    empty.dingzi("audit")


def test_what_is_missing_for_the_engine_is_said(
    made: Made, empty: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without pg_restore, or with a backup of the other engine: what to do, nothing written."""
    if ENGINE == "postgresql":
        monkeypatch.setenv("PATH", "")
        expected = "pg_restore is missing"
    else:
        empty.env["DINGZI_DATABASE_OWNER_URL"] = "postgresql://x@/x?host=/nowhere"
        expected = "set it right"
    with pytest.raises(Trouble, match=expected):
        restore.restore(_config(empty), made.old)
    assert not list(empty.home.iterdir())


def test_a_backup_that_cannot_be_made_leaves_nothing(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An existing file stays as it is; a disk that is full leaves neither half nor hidden file."""
    there = tmp_path / "there.tar"
    there.write_bytes(b"x")
    with pytest.raises(Trouble, match="exists already"):
        backup.make(there)
    assert there.read_bytes() == b"x"

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(backup, "PLACES", "SELECT count(*) FROM no_such_table")
        with pytest.raises(Trouble, match="dingzi migrate"):
            backup.make(tmp_path / "new.tar")
    with pytest.raises(Trouble, match="No such file"):
        backup.make(tmp_path / "no" / "folder.tar")
    monkeypatch.setattr(backup, "_write", full)
    with pytest.raises(Trouble, match="cannot be written: No space"):
        backup.make(tmp_path / "new.tar")
    assert list(tmp_path.iterdir()) == [there]


def test_heads_that_are_signed_meanwhile_do_not_reach_into_a_backup(
    world: World, tmp_path: Path
) -> None:
    """What was set aside stays as it was, however often the log's head is replaced afterwards."""

    def seal() -> None:
        file()
        with acting_as(roles.STEWARD):
            Sealer().seal()

    for _ in range(SPARES + 1):
        seal()
    backup._aside(tmp_path / "log")
    aside = {path: path.read_bytes() for path in (tmp_path / "log").rglob("*") if path.is_file()}
    assert aside[tmp_path / "log" / "checkpoint"] == TileLog(settings.LOG).published()
    for _ in range(SPARES + 1):
        seal()
    assert {path: path.read_bytes() for path in aside} == aside


def test_what_an_older_database_has_forgotten_is_not_given_again(world: World) -> None:
    """Ids and numbers go on beyond the gap: a lost receipt opens nobody else's matter."""
    before = Matter.objects.get(number=file())
    with pytest.raises(CommandError, match="with --drop"):
        call_command("keys", "--forgotten", "50")
    with acting_as(roles.STEWARD):
        numbers.skip(50)
    after = Matter.objects.get(number=file("楼道堆放杂物。"))
    assert after.id == before.id + 51
    assert _running(after.number) == _running(before.number) + 51


def _running(number: str) -> int:
    return int(number.partition("〕")[2].removesuffix("号"))
