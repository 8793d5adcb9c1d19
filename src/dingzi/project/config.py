"""What an installation may set, read from the environment once.

Every setting is ``DINGZI_NAME``; ``dingzi doctor`` prints them with their meaning.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit


class ConfigError(Exception):
    """A setting that cannot work; the message says which and what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Config:
    home: Path
    database_url: str
    owner_url: str
    site_url: str
    allowed_hosts: tuple[str, ...]
    debug: bool
    demo: bool
    keys: Path
    blobs: Path

    @property
    def secure(self) -> bool:
        return self.site_url.startswith("https://")


def load(environ: dict[str, str] | None = None) -> Config:
    """Read the environment; raise ConfigError for what cannot work."""
    env = dict(os.environ) if environ is None else environ
    root = Path(__file__).resolve().parents[3]
    home = Path(env.get("DINGZI_HOME") or root / "var").resolve()
    site_url = env.get("DINGZI_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
    split = urlsplit(site_url)
    if split.scheme not in ("http", "https") or not split.hostname:
        raise ConfigError(f"DINGZI_SITE_URL={site_url!r}: write http(s)://host[:port]")
    hosts = [h.strip() for h in env.get("DINGZI_ALLOWED_HOSTS", "").split(",") if h.strip()]
    database = env.get("DINGZI_DATABASE_URL") or f"sqlite:///{home / 'dingzi.sqlite3'}"
    return Config(
        home=home,
        database_url=database,
        owner_url=env.get("DINGZI_DATABASE_OWNER_URL", database),
        site_url=site_url,
        allowed_hosts=tuple(dict.fromkeys([split.hostname, "127.0.0.1", "localhost", *hosts])),
        debug=env.get("DINGZI_DEBUG", "") == "1",
        demo=env.get("DINGZI_DEMO", "") == "1",
        keys=Path(env.get("DINGZI_KEYS") or home / "keys"),
        blobs=Path(env.get("DINGZI_BLOBS") or home / "blobs"),
    )


def database(url: str) -> dict[str, object]:
    """Turn ``sqlite:///PATH`` or ``postgresql://USER:PASSWORD@HOST:PORT/NAME`` into Django's form.

    Raises ConfigError for any other scheme.
    """
    split = urlsplit(url)
    if split.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(split.path.removeprefix("/")) or ":memory:",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=1073741824;"
                    "PRAGMA temp_store=MEMORY;"
                ),
            },
        }
    if split.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(split.path.removeprefix("/")),
            "USER": unquote(split.username or ""),
            "PASSWORD": unquote(split.password or ""),
            "HOST": unquote(split.hostname or ""),
            "PORT": str(split.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ConfigError(f"{url!r}: write sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME")
