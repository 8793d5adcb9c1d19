"""What a reader could not read is looked at by the writer, and made anew where it is damaged."""

from __future__ import annotations

import logging
from pathlib import Path

import duckdb

from . import engine
from .manifest import Manifest

log = logging.getLogger(__name__)

#: Lies in the folder while somebody doubts what is there; says what went wrong.
MARK = "doubted.txt"
#: What DuckDB raises where the file may well be as it was; all else is looked at.
_OTHER = (
    duckdb.OutOfMemoryException,
    duckdb.InterruptException,
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ParserException,
)


def doubt(folder: Path, error: Exception) -> None:
    """Note that something could not be read, for the writer to look at."""
    log.warning("figures: the snapshot cannot be read: %s", error)
    try:
        (folder / MARK).write_text(str(error), "utf-8")
    except OSError as again:
        log.warning("figures: %s: %s", folder / MARK, again)


def is_damage(error: duckdb.Error) -> bool:
    """Tell whether an error may come of a damaged file."""
    return not isinstance(error, _OTHER)


def doubted(folder: Path) -> bool:
    """Tell whether somebody could not read what is there."""
    return (folder / MARK).exists()


def damaged(folder: Path, made: Manifest) -> str:
    """Read everything that a manifest names; return the file that is damaged, "" where none is."""
    with engine.writer(folder) as base:
        for one in made.segments:
            for name in one.files.values():
                try:
                    base.execute(f"SELECT sum(hash(t)) FROM {engine.parquet([folder / name])} t")
                except duckdb.Error as error:
                    return _named(name, error)
        if made.base:
            try:
                base.execute(f"ATTACH {engine.text(folder / made.base.file)} AS kept (READ_ONLY)")
                tables = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'kept'"
                for (table,) in base.execute(tables).fetchall():
                    base.execute(f'SELECT sum(hash(t)) FROM kept."{table}" t')
            except duckdb.Error as error:
                return _named(made.base.file, error)
    return ""


def _named(name: str, error: Exception) -> str:
    log.error("figures: %s is damaged, the snapshot is made anew: %s", name, error)
    return name
