"""``dingzi restore``: a backup into an empty installation, held against the public log afterwards.

All of the file is checked before anything is written. No Django here, because settings make the
keys they do not find, and those of the backup must come first. A log that is there already stays:
it may be newer than the backup, and what was published must not be taken back unseen.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import psycopg

from dingzi.tlog.errors import TlogError
from dingzi.tlog.log import TileLog

from . import archive
from .archive import Manifest, Trouble
from .config import Config, ConfigError, database, environment, load

TABLES = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="dingzi restore",
        description="把备份恢复到空的安装里，再拿公开日志核对 | "
        "a backup into an empty installation, then held against the public log",
    )
    parser.add_argument("file", type=Path, help="备份文件 | the backup")
    parser.add_argument(
        "--older",
        action="store_true",
        help="这里的公开日志比备份新，也要恢复：封存会停 | "
        "although the public log that is here is newer: the sealer will stop",
    )
    parser.add_argument(
        "--lost-keys",
        action="store_true",
        help="密钥确实丢了，没有它们也要恢复 | although the keys are lost",
    )
    args = parser.parse_args(argv)
    try:
        config = load()
        manifest = restore(config, args.file, older=args.older, lost_keys=args.lost_keys)
    except (Trouble, ConfigError) as error:
        print(error, file=sys.stderr)
        return 1
    return _verify(manifest)


def restore(
    config: Config, file: Path, *, older: bool = False, lost_keys: bool = False
) -> Manifest:
    """Check ``file`` and the installation, then write; return what the backup held.

    Raises Trouble, and has then written nothing.
    """
    manifest = archive.check(file)
    into = database(config.owner_url)
    stage = config.home / ".restore"
    moved: list[Path] = []
    try:
        _check_database(into, manifest)
        if _holds_files(config.blobs):
            raise _not_empty(config.blobs)
        _check_keys(config.keys, manifest, lost_keys)
        keeps_log = _check_log(config.home / "log", manifest, older)
        shutil.rmtree(stage, ignore_errors=True)  # what a kill left
        stage.mkdir(parents=True, mode=0o700)
        archive.unpack(file, stage)
        _check_held(file, stage, manifest)
        if not keeps_log:
            _move(stage / "log", config.home / "log", moved)
        _move(stage / "blobs", config.blobs, moved)
        _move(stage / "keys", config.keys, moved)
        _fill(into, stage / manifest.database)  # last: where it is, all is
    except BaseException as error:
        for path in moved:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            told = f"{error.filename or stage}: {error.strerror or error}"
            raise Trouble(f"读写不了，没有恢复 | nothing was restored: {told}") from None
        raise
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    return manifest


def _holds_files(folder: Path) -> bool:
    return any(not path.is_dir() for path in folder.rglob("*"))


# -- what must hold before anything is written --------------------------------------------------


def _check_database(into: dict[str, object], manifest: Manifest) -> None:
    engine = str(into["ENGINE"]).rpartition(".")[2].replace("sqlite3", "sqlite")
    if engine != manifest.engine:
        raise Trouble(
            f"备份是 {manifest.engine} 的，DINGZI_DATABASE_URL 是 {engine} 的：改设置 | "
            f"the backup is of {manifest.engine}, DINGZI_DATABASE_URL of {engine}: set it right"
        )
    if engine == "postgresql":
        if shutil.which("pg_restore") is None:
            raise Trouble(
                "找不到 pg_restore：装 postgresql-client | "
                "pg_restore is missing: install postgresql-client"
            )
        tables = _postgresql_tables(into)
    else:
        tables = _sqlite_tables(Path(str(into["NAME"])))
    if tables:
        raise _not_empty(into["NAME"])


def _postgresql_tables(into: dict[str, object]) -> int:
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    names |= {"host": "HOST", "port": "PORT"}
    try:
        with psycopg.connect(**{k: str(into[v]) for k, v in names.items() if into[v]}) as server:  # type: ignore[arg-type]
            row = server.execute(TABLES).fetchone()
    except psycopg.Error as error:
        raise Trouble(
            f"数据库连不上：先建库和角色 | the database does not answer: make it and its roles first: "
            f"{str(error).strip()}"
        ) from None
    return int(row[0]) if row else 0


def _sqlite_tables(path: Path) -> int:
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as there:
            return int(there.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
    except sqlite3.Error:
        return 1  # whatever that file is, it is not ours to replace


def _not_empty(what: object) -> Trouble:
    return Trouble(
        f"{what}: 不是空的，没有恢复。换一个空的 DINGZI_HOME 和空的数据库，旧的先留着 | "
        f"not empty, nothing was restored. Take an empty DINGZI_HOME and an empty database, and "
        f"keep what is here"
    )


def _check_keys(folder: Path, manifest: Manifest, lost: bool) -> None:
    """Refuse keys that did not write these events, and their absence."""
    for name, wanted in manifest.key_sums.items():
        path = folder / name
        if not path.exists():
            if not (manifest.holds_keys or lost):
                raise Trouble(
                    f"{path}: 没有这把密钥，备份里也没有。先从保管处放回；"
                    f"确实丢了，看 docs/ledger.md“恢复”，再加 --lost-keys\n"
                    f"{path}: this key is not here, nor in the backup. Put it back from where it "
                    f"is kept; if it is lost, read docs/ledger.md, “Restoring”, then --lost-keys"
                )
        elif not lost and hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            raise Trouble(
                f"{path}: 不是写这些事件的那一把。移开它，放回原来的 | "
                f"not the key of these events. Move it away and put the right one back"
            )


def _check_held(file: Path, stage: Path, manifest: Manifest) -> None:
    """The file may have been exchanged since it was checked."""
    if archive.sums(stage) != {name: one[1] for name, one in manifest.files.items()}:
        raise Trouble(f"{file}: 恢复时变了 | changed while it was restored")


def _check_log(folder: Path, manifest: Manifest, older: bool) -> bool:
    """Say whether a log is there that stays; raise Trouble for one that does not fit the backup."""
    if not _holds_files(folder):
        return False
    log = TileLog(folder)
    try:
        size = log.size()
        whole = (folder / ".state" / "size").exists() and size >= manifest.size
        ours = whole and (not manifest.size or log.root(manifest.size).hex() == manifest.root)
    except TlogError:
        ours = False
    if not ours:
        raise Trouble(
            f"{folder}: 这里的公开日志不完整，或不是备份那个日志的延续。移到别处留着，再恢复 | "
            f"the public log here is not whole, or does not go on from the backup's. Move it away, "
            f"keep it, and restore again"
        )
    if size > manifest.places and not older:
        raise Trouble(
            f"公开日志有 {size} 条，备份只记得 {manifest.places} 条：备份是旧的，什么都没有写。"
            f"找更新的备份；没有，看 docs/ledger.md“恢复”，再加 --older\n"
            f"The public log holds {size} entries, the backup knows {manifest.places}: it is older, "
            f"nothing was written. Find a newer one; if there is none, read docs/ledger.md, "
            f"“Restoring”, then --older"
        )
    return True


# -- writing ------------------------------------------------------------------------------------


def _fill(into: dict[str, object], source: Path) -> None:
    """Put the database there, all of it or nothing."""
    name = str(into["NAME"])
    if source.suffix == ".sqlite3":
        for rest in ("-wal", "-shm"):  # of the empty file that we replace
            Path(name + rest).unlink(missing_ok=True)
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, name)
        return
    how = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    done = subprocess.run(
        ["pg_restore", *how, f"--dbname={name}", str(source)],
        env=os.environ | environment(into),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Trouble(f"pg_restore: {done.stderr.strip()}")


def _move(source: Path, target: Path, moved: list[Path]) -> None:
    """Move what lies in ``source`` below ``target``, noting it; what is there already stays."""
    for path in sorted(source.rglob("*")):
        into = target / path.relative_to(source)
        if path.is_dir():
            into.mkdir(parents=True, exist_ok=True)
            if source.name != "log":
                into.chmod(0o700)
        elif not into.exists():
            into.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            moved.append(into)
            shutil.move(path, into)


# -- afterwards ---------------------------------------------------------------------------------


def _verify(manifest: Manifest) -> int:
    """Bring the tables to this release, run the audit, say in both languages what holds."""
    print(
        f"写好了：{manifest.made} 的备份，总印 {manifest.size:,} 条 {manifest.root}\n"
        f"Written: the backup of {manifest.made}, head {manifest.size:,} {manifest.root}",
        flush=True,
    )
    if _run("migrate", "--verbosity", "0"):
        print("表没有建好，见上 | the tables could not be upgraded: see above", file=sys.stderr)
        return 1
    differs = _run("audit")
    if differs:
        print(
            "恢复了，但和公开日志不一样，见上。先不要启动；看 docs/ledger.md“恢复”\n"
            "Restored, but it is not what the public log says, see above. Do not start it yet; "
            "read docs/ledger.md, “Restoring”",
            file=sys.stderr,
        )
        return 1
    print(
        "恢复了：每一条都和这里的公开日志一样。启动之前，问见证方、看公众手里的总印："
        f"谁见过超过 {manifest.places:,} 条的，备份就是旧的（docs/ledger.md“恢复”）。\n"
        "Restored: every record is what the public log here says. Before you start, ask the "
        f"witnesses: if anybody has seen a head beyond {manifest.places:,} entries, this backup is "
        "older than what was published (docs/ledger.md, “Restoring”).\n"
        "然后 then: dingzi doctor"
    )
    return 0


def _run(*args: str) -> int:
    return subprocess.run([sys.executable, "-m", "dingzi", *args]).returncode
