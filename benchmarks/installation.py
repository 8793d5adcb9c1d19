"""An installation of a benchmark's own: folder, keys, database with its roles, this very process.

``install`` sets the environment, makes the tables and sets Django up, ``filled`` puts the sample
city's matters into it too; call either before anything of ``dingzi`` that reads settings is
imported. What was filled can stay for the next benchmark: below ``--keep``, or where
``tools/bench.py`` says in ``BENCH_KEEP``.
"""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.postgres import Cluster  # noqa: E402

ENGINES = ("postgresql", "sqlite")
DATABASE = "dingzi"
#: As an operator of such a machine would set it; all else is PostgreSQL's default.
POSTGRES = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
}


@dataclass(frozen=True, slots=True)
class Installation:
    """Where it lies; ``cluster`` None on SQLite; ``old`` where its database was there before."""

    engine: str
    home: Path
    cluster: Cluster | None
    old: bool


def install(engine: str, folder: Path | None = None, **environment: str) -> Installation:
    """Make or take up an installation and set Django up in this process.

    Parameters
    ----------
    engine : ``postgresql`` or ``sqlite``.
    folder : where it stays for another run; None makes a temporary one.
    environment : further ``DINGZI_...`` settings.
    """
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="dingzi-bench-"))
        folder.chmod(0o755)  # the server runs as another user
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "home"
    for name in [name for name in os.environ if name.startswith("DINGZI_")]:
        del os.environ[name]
    os.environ |= {"DINGZI_HOME": str(home), "DINGZI_DEMO": "1", "DINGZI_LOG": "ERROR"}
    os.environ |= environment
    cluster, data = None, folder / "postgresql"
    old = (data / "PG_VERSION").exists() or (home / "dingzi.sqlite3").exists()
    if engine == "postgresql":
        cluster = Cluster(data, **POSTGRES)
        cluster.start()
        if not old:
            cluster.create(DATABASE)
        for name, role in (("", "web"), ("OWNER_", "owner"), ("STEWARD_", "steward")):
            os.environ[f"DINGZI_DATABASE_{name}URL"] = cluster.url(f"dingzi_{role}", DATABASE)
    dingzi("migrate", "--verbosity", "0")
    dingzi("collectstatic", "--noinput", "--verbosity", "0")
    os.environ["DJANGO_SETTINGS_MODULE"] = "dingzi.project.settings"
    import django

    django.setup()
    return Installation(engine, home, cluster, old)


def keeping(parser: argparse.ArgumentParser) -> None:
    """Give a benchmark the option that says where filled databases stay."""
    place = os.environ.get("BENCH_KEEP")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", default=Path(place) if place else None,
        help="leave filled databases there, or take them up again",
    )  # fmt: skip


def filled(engine: str, count: int, keep: Path | None) -> tuple[Installation, Any]:
    """Install and store ``count`` disputes, or take up what an earlier run has stored in ``keep``.

    Returns the installation and a ``filling.Stored``. What was left half filled is made anew.
    """
    folder = keep / f"{engine}-{count}" if keep else None
    mark = folder / "filled" if folder else None
    if folder and mark and folder.exists() and not mark.exists():
        shutil.rmtree(folder)
    installation = install(engine, folder)
    import filling

    if installation.old:
        return installation, filling.stored()
    stored = filling.fill(count)
    analyse(installation)
    if mark:
        mark.touch()
    return installation, stored


def dingzi(*arguments: str) -> None:
    """Run a command of the installation in a process of its own."""
    subprocess.run([sys.executable, "-m", "dingzi", *arguments], check=True, cwd=ROOT)


def analyse(installation: Installation) -> None:
    """Do what the database's own maintenance does in the night after a large import."""
    if installation.cluster:
        installation.cluster.execute("VACUUM (ANALYZE)", name=DATABASE)
        return
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize=0x10002")
