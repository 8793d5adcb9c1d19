"""What may be wrong with an installation, and how to mend it. Each check is a function that looks
and returns a Finding; none of them changes anything."""

from __future__ import annotations

import ctypes.util
import importlib.metadata
import os
import re
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import ERROR, run_checks
from django.db import DatabaseError, connection
from django.utils import timezone

from dingzi.core.text import Text
from dingzi.ledger import guards as ledger
from dingzi.matters import envelope, guards

from . import doctor_figures, doctor_ledger, health, roles
from .findings import Finding

Check = Callable[[], Iterator[Finding]]
ROOT = Path(__file__).resolve().parents[3]
SQLITE = (3, 40)
POSTGRES = 15
FREE = 2 << 30  # bytes of disk below which we warn
SKEW = timedelta(seconds=30)


def everything() -> Iterator[Finding]:
    """Run every check; one that breaks is a finding itself and stops no other."""
    for check in CHECKS:
        try:
            yield from check()
        except Exception as error:
            what = Text((check.__doc__ or "").split(" | ")[0], check.__name__)
            yield Finding(what, "bad", f"{type(error).__name__}: {error}")


def python() -> Iterator[Finding]:
    """Python"""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding(
        Text("Python 版本", "Python version"),
        "ok" if sys.version_info >= (3, 11) else "bad",
        version,
        Text(
            "装 Python 3.11 以上，再 make install",
            "install Python 3.11 or later, then make install",
        ),
    )


def packages() -> Iterator[Finding]:
    """软件包"""
    lock = ROOT / "requirements" / "run.lock"
    if not lock.exists():
        yield Finding(Text("软件包与锁文件", "packages and lock"), "warn", f"{lock.name} -")
        return
    wrong = []
    for name, version, marker in re.findall(
        r"^([\w.-]+)==([\w.+!-]+)(?: ; ([^\\\n]+))?", lock.read_text(), re.M
    ):
        if marker:  # for another system or interpreter
            continue
        try:
            held = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            held = "-"
        if held != version:
            wrong.append(f"{name} {held} ≠ {version}")
    yield Finding(
        Text("软件包与锁文件一致", "packages are those of the lock"),
        "bad" if wrong else "ok",
        "; ".join(wrong[:5]) or "✓",
        Text("make install", "make install"),
    )


def keys() -> Iterator[Finding]:
    """密钥"""
    folder: Path = settings.CONFIG.keys
    for name in ("django.key", "event.key"):
        path = folder / name
        what = Text(f"密钥 {name}", f"key {name}")
        if not path.exists():
            mend = Text(
                "从备份放回；没有它旧事件无法核对",
                "put it back from the backup: old events cannot be verified without it",
            )
            yield Finding(what, "bad", "-", mend)
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        size = path.stat().st_size
        yield Finding(
            what,
            "ok" if not mode & 0o077 and size >= 32 else "bad",
            f"{mode:o}, {size} B",
            Text(f"chmod 600 {path}", f"chmod 600 {path}")
            if size >= 32
            else Text(
                "文件不完整：从备份放回", "the file is cut short: put it back from the backup"
            ),
        )


def folders() -> Iterator[Finding]:
    """文件夹"""
    config = settings.CONFIG
    for zh, en, path in (
        ("数据文件夹", "data folder", config.home),
        ("附件文件夹", "folder of papers", config.blobs),
    ):
        present = next(p for p in (path, *path.parents) if p.exists())
        usable = os.access(present, os.W_OK | os.X_OK)
        yield Finding(
            Text(f"{zh}可写", f"{en} is writable"),
            "ok" if usable else "bad",
            str(path),
            Text(
                f"chown 给运行网站的用户：{path}", f"chown it to the user who runs the site: {path}"
            ),
        )
    free = shutil.disk_usage(
        next(p for p in (config.home, *config.home.parents) if p.exists())
    ).free
    yield Finding(
        Text("剩余磁盘", "free disk"),
        "ok" if free > FREE else "warn",
        f"{free / (1 << 30):.1f} GiB",
        Text(
            "清理磁盘，或把 DINGZI_HOME 移到大一些的盘",
            "make room, or move DINGZI_HOME to a larger disk",
        ),
    )


def database() -> Iterator[Finding]:
    """数据库"""
    what = Text("数据库连得上", "database answers")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        first = str(error).strip().splitlines()[0]
        yield Finding(
            what,
            "bad",
            first,
            Text(
                "检查 DINGZI_DATABASE_URL，看数据库是否在运行",
                "check DINGZI_DATABASE_URL and whether the database runs",
            ),
        )
        return
    yield Finding(what, "ok", connection.vendor)
    yield from _version()
    pending = health.pending_migrations()
    yield Finding(
        Text("数据库表是最新的", "tables are up to date"),
        "bad" if pending else "ok",
        ", ".join(pending[:3]) + (" …" if len(pending) > 3 else "") or "✓",
        Text("dingzi migrate", "dingzi migrate"),
    )
    if pending:
        return
    yield from _guards()
    yield from _events()
    yield from doctor_ledger.sealing()
    yield from doctor_figures.snapshot()
    yield from _clock()
    yield from _steward()


def _version() -> Iterator[Finding]:
    if connection.vendor == "sqlite":
        yield Finding(
            Text("SQLite 版本", "SQLite version"),
            "ok" if sqlite3.sqlite_version_info >= SQLITE else "bad",
            sqlite3.sqlite_version,
            Text(
                "需要 3.40 以上：换新的 Python 或系统",
                "3.40 or later is needed: a newer Python or system",
            ),
        )
        return
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = str(cursor.fetchone()[0])
    yield Finding(
        Text("PostgreSQL 版本", "PostgreSQL version"),
        "ok" if int(version.split(".")[0]) >= POSTGRES else "bad",
        version,
        Text("升级到 15 以上", "upgrade to 15 or later"),
    )


def _guards() -> Iterator[Finding]:
    vendor = connection.vendor
    put_up = [*guards.statements(vendor), *ledger.statements(vendor)]
    wanted = set(re.findall(r"CREATE TRIGGER (\w+)", "\n".join(put_up)))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            # O: fires for whoever writes; D: somebody has switched it off
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')")
        missing = wanted - {row[0] for row in cursor.fetchall()}
    yield Finding(
        Text("触发器守着事件表", "triggers guard the events"),
        "bad" if missing else "ok",
        ", ".join(sorted(missing)) or "✓",
        Text(
            "有人拆了守护：先查清谁动过数据库，再从备份恢复",
            "somebody took the guards down: find out who, then restore from the backup",
        ),
    )
    if connection.vendor != "postgresql":
        return
    what = Text("数据库角色与权限", "roles and rights")
    if not roles.exist(connection):
        yield Finding(what, "bad", "-", Text("dingzi database roles", "dingzi database roles"))
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        user, is_super = cursor.fetchone()
    excess = is_super or user == roles.OWNER
    wrong = [f"{user}!"] if excess else roles.wrong(connection)
    yield Finding(
        what,
        "bad" if wrong else "ok",
        "; ".join(wrong[:3]) or user,
        Text(
            "网站要用 dingzi_web 登录；权限用 dingzi database roles --execute 设好",
            "the site must connect as dingzi_web; set the rights with dingzi database roles --execute",
        ),
    )


def _events() -> Iterator[Finding]:
    """Try the key on the first and the last event: a lost key is made anew without a word."""
    foreign = [str(event) for event in envelope.foreign()]
    yield Finding(
        Text("密钥与事件相符", "the key fits the events"),
        "bad" if foreign else "ok",
        ", ".join(foreign) or "✓",
        Text(
            "event.key 不是写这些事件的那一把：从备份放回原来的",
            "event.key is not the one these events were written with: put that back from the backup",
        ),
    )


def declarations() -> Iterator[Finding]:
    """声明"""
    faults = [f for f in run_checks(databases=["default"]) if f.level >= ERROR]
    yield Finding(
        Text("流程、参数、文字的声明", "declarations of processes, parameters, words"),
        "bad" if faults else "ok",
        "; ".join(fault.msg for fault in faults[:3]) or "✓",
        Text("改好所指的文件", "mend the file it names"),
    )


def _clock() -> Iterator[Finding]:
    now = datetime.now(UTC)
    told = now
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            told = cursor.fetchone()[0]
    skew = abs(told - now)
    sane = now.year >= 2025 and skew < SKEW
    yield Finding(
        Text("时钟", "clock"),
        "ok" if sane else "bad",
        f"{timezone.localtime(now):%Y-%m-%d %H:%M %Z} ±{skew.total_seconds():.1f} s",
        Text(
            "打开时间同步（timedatectl set-ntp true）",
            "switch time synchronisation on (timedatectl set-ntp true)",
        ),
    )


def _steward() -> Iterator[Finding]:
    what = Text("管家在工作", "the steward works")
    mend = Text(
        "dingzi run，或启动 dingzi-steward 服务", "dingzi run, or start the service dingzi-steward"
    )
    beat = health.last_beat()
    if beat is None:
        yield Finding(what, "warn", "-", mend)
        return
    age = timezone.now() - beat.at
    yield Finding(what, "ok" if age < health.LATE else "bad", f"{age.total_seconds():.0f} s", mend)
    failing = {n: j for n, j in beat.jobs.items() if isinstance(j, dict) and j.get("error")}
    for name, job in sorted(failing.items()):
        yield Finding(
            Text(f"定时工作 {name}", f"job {name}"),
            "bad",
            f"{job['error']} ×{job.get('failures', 1)}",
            Text("看管家的日志", "look into the steward's log"),
        )


def address() -> Iterator[Finding]:
    """网址"""
    split = urlsplit(settings.SITE_URL)
    local = split.hostname in ("127.0.0.1", "localhost", "::1")
    plain = split.scheme == "http" and not local
    yield Finding(
        Text("对外网址 DINGZI_SITE_URL", "public address DINGZI_SITE_URL"),
        "warn" if local or plain else "ok",
        settings.SITE_URL,
        Text(
            "正式使用要写公众能打开的 https 地址：它印在回执和二维码上",
            "for real use write the https address the public opens: receipts and QR codes carry it",
        ),
    )
    if settings.DEBUG:
        mend = Text("去掉 DINGZI_DEBUG", "take DINGZI_DEBUG away")
        yield Finding(Text("调试模式", "debug mode"), "bad", "DINGZI_DEBUG=1", mend)


def pdf() -> Iterator[Finding]:
    """PDF"""
    found = ctypes.util.find_library("pango-1.0") and ctypes.util.find_library("pangoft2-1.0")
    yield Finding(
        Text("PDF 回执（Pango）", "receipts as PDF (Pango)"),
        "ok" if found else "warn",
        str(found or "-"),
        Text(
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-cjk",
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 fonts-noto-cjk",
        ),
    )


def static_files() -> Iterator[Finding]:
    """样式与脚本"""
    try:
        found = staticfiles_storage.url("ui/dingzi.css")
    except ValueError:
        found = ""
    yield Finding(
        Text("样式与脚本已收集", "styles and scripts are gathered"),
        "ok" if found else "warn",
        found or "-",
        Text(
            "dingzi run 会自动收集；用服务时先 dingzi collectstatic",
            "dingzi run gathers them; for services: dingzi collectstatic",
        ),
    )


CHECKS: tuple[Check, ...] = (
    python,
    packages,
    keys,
    folders,
    database,
    declarations,
    address,
    pdf,
    static_files,
)
