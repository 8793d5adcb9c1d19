"""What an installation may set, read from the environment once.

Every setting is an environment variable and stands in ``SETTINGS``, which ``dingzi doctor --settings``,
docs/operations.md and a house test read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit


class ConfigError(Exception):
    """A setting that cannot work; the message says which and what to write instead."""


class Setting(NamedTuple):
    name: str
    default: str
    zh: str
    en: str


SETTINGS = (
    Setting("DINGZI_HOME", "var/", "数据文件夹", "folder of all data"),
    Setting(
        "DINGZI_DATABASE_URL",
        "sqlite:///HOME/dingzi.sqlite3",
        "数据库（网站的角色）：sqlite:///路径 或 postgresql://用户:口令@主机:端口/库名，套接字用 ?host=/run/postgresql",
        "database, as the web's role: sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME; "
        "?host=/run/postgresql for a socket",
    ),
    Setting(
        "DINGZI_DATABASE_OWNER_URL",
        "DINGZI_DATABASE_URL",
        "同一数据库的所有者角色，只有建表升级用它",
        "the same database as its owner; only migrate, database and rebuild use it",
    ),
    Setting(
        "DINGZI_DATABASE_STEWARD_URL",
        "DINGZI_DATABASE_URL",
        "同一数据库的管家角色",
        "the same database as the steward's role",
    ),
    Setting(
        "DINGZI_SITE_URL",
        "http://127.0.0.1:8000",
        "公众看到的网址，印在回执和二维码上",
        "address the public sees; printed on receipts and QR codes",
    ),
    Setting(
        "DINGZI_ALLOWED_HOSTS",
        "",
        "另外允许的主机名，逗号分开",
        "further host names to answer to, with commas between",
    ),
    Setting(
        "DINGZI_PROXIES",
        "0",
        "网站前面有几层自己的反向代理（决定是否相信 X-Forwarded-For/-Proto）",
        "how many reverse proxies of one's own stand before the site (whether X-Forwarded-For "
        "and -Proto are believed)",
    ),
    Setting(
        "DINGZI_OIDC_ISSUER", "", "本市统一登录(OpenID Connect)的地址", "the city's own sign-on"
    ),
    Setting("DINGZI_OIDC_CLIENT_ID", "", "统一登录发给本站的编号", "our client id there"),
    Setting("DINGZI_OIDC_SECRET", "", "统一登录发给本站的密钥", "our secret there"),
    Setting("DINGZI_OIDC_NAME", "", "登录按钮上的名字", "what its button says"),
    Setting(
        "DINGZI_OIDC_SECOND_FACTOR",
        "",
        "=1 表示统一登录自己查第二重验证",
        "=1 says that it asks for a second factor itself",
    ),
    Setting(
        "DINGZI_SECOND_FACTOR_ROLES",
        "",
        "必须用第二重验证的职责，逗号分开",
        "roles whose holders need a second factor, with commas between",
    ),
    Setting(
        "DINGZI_MAIL",
        "",
        "发通知的邮件服务器：smtp://用户:口令@主机:587?from=地址（先明后密），smtps:// 为全程加密；不写就不发邮件",
        "mail server for notices: smtp://USER:PASSWORD@HOST:587?from=ADDRESS (STARTTLS), smtps:// for "
        "TLS from the start; without it no mail is sent",
    ),
    Setting("DINGZI_KEYS", "HOME/keys", "密钥文件夹，在数据库之外备份", "folder of the keys"),
    Setting("DINGZI_BLOBS", "HOME/blobs", "附件文件夹", "folder of papers"),
    Setting(
        "DINGZI_SM3",
        "",
        "=1 时公开日志另用国密 SM3 算一棵树，一起签署（OpenSSL 要有 SM3）",
        "=1 keeps the public log's tree under 国密 SM3 too and signs its heads (OpenSSL with SM3)",
    ),
    Setting("DINGZI_WORKERS", "2", "网站进程数", "processes of the web server"),
    Setting("DINGZI_THREADS", "8", "每个网站进程的线程数", "threads in each of them"),
    Setting("DINGZI_LOG", "INFO", "日志的详细程度", "how much is logged: INFO, WARNING or ERROR"),
    Setting(
        "DINGZI_LOG_IP", "", "=1 时访问日志记 IP 地址", "=1 writes IP addresses to the access log"
    ),
    Setting(
        "DINGZI_DEMO", "", "=1 时每页标明这是演示", "=1 says on every page that this is a demo"
    ),
    Setting(
        "DINGZI_DEBUG",
        "",
        "=1 时出错页显示内情，只用于开发",
        "=1 shows inner workings; never in use",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """The mail server; ``sender`` "" where there is none."""

    sender: str = ""
    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    ssl: bool = False

    @property
    def backend(self) -> str:
        kind = "smtp" if self.sender else "dummy"
        return f"django.core.mail.backends.{kind}.EmailBackend"

    @property
    def starttls(self) -> bool:
        return bool(self.sender) and not self.ssl


@dataclass(frozen=True, kw_only=True)
class Config:
    home: Path
    database_url: str
    owner_url: str
    steward_url: str
    site_url: str
    allowed_hosts: tuple[str, ...]
    proxies: int
    debug: bool
    demo: bool
    log: str
    log_ip: bool
    workers: int
    threads: int
    keys: Path
    blobs: Path
    sm3: bool
    mail: Mail

    @property
    def secure(self) -> bool:
        return self.site_url.startswith("https://")


def load(environ: dict[str, str] | None = None) -> Config:
    """Read the environment; raise ConfigError for what cannot work."""
    env = dict(os.environ) if environ is None else environ
    root = Path(__file__).resolve().parents[3]
    home = Path(env.get("DINGZI_HOME") or root / "var").resolve()
    site_url = (env.get("DINGZI_SITE_URL") or "http://127.0.0.1:8000").rstrip("/")
    split = urlsplit(site_url)
    if split.scheme not in ("http", "https") or not split.hostname or split.path:
        raise ConfigError(f"DINGZI_SITE_URL={site_url!r}: write http(s)://host[:port]")
    hosts = [h.strip() for h in env.get("DINGZI_ALLOWED_HOSTS", "").split(",") if h.strip()]
    if "*" in hosts:
        raise ConfigError("DINGZI_ALLOWED_HOSTS=*: name the hosts; * would let forged ones in")
    database_url = env.get("DINGZI_DATABASE_URL") or f"sqlite:///{home / 'dingzi.sqlite3'}"
    return Config(
        home=home,
        database_url=database_url,
        owner_url=env.get("DINGZI_DATABASE_OWNER_URL") or database_url,
        steward_url=env.get("DINGZI_DATABASE_STEWARD_URL") or database_url,
        site_url=site_url,
        allowed_hosts=tuple(dict.fromkeys([split.hostname, "127.0.0.1", "localhost", *hosts])),
        proxies=_count(env, "DINGZI_PROXIES", 0, least=0),
        debug=env.get("DINGZI_DEBUG", "") == "1",
        demo=env.get("DINGZI_DEMO", "") == "1",
        log=_one_of(env, "DINGZI_LOG", ("INFO", "WARNING", "ERROR")),
        log_ip=env.get("DINGZI_LOG_IP", "") == "1",
        workers=_count(env, "DINGZI_WORKERS", 2),
        threads=_count(env, "DINGZI_THREADS", 8),
        keys=Path(env.get("DINGZI_KEYS") or home / "keys"),
        blobs=Path(env.get("DINGZI_BLOBS") or home / "blobs"),
        sm3=env.get("DINGZI_SM3", "") == "1",
        mail=_mail(env.get("DINGZI_MAIL", "")),
    )


def _mail(url: str) -> Mail:
    if not url:
        return Mail()
    split = urlsplit(url)
    sender = parse_qs(split.query).get("from", [""])[0]
    try:
        port = split.port
    except ValueError:
        port = 0
    if (
        split.scheme not in ("smtp", "smtps")
        or not split.hostname
        or "@" not in sender
        or port == 0
    ):
        raise ConfigError(
            "DINGZI_MAIL: write smtp://USER:PASSWORD@HOST:587?from=ADDRESS or smtps://..."
        )
    ssl = split.scheme == "smtps"
    return Mail(
        sender=sender,
        host=split.hostname,
        port=port or (465 if ssl else 587),
        user=unquote(split.username or ""),
        password=unquote(split.password or ""),
        ssl=ssl,
    )


def _count(env: dict[str, str], name: str, default: int, *, least: int = 1) -> int:
    text = env.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise ConfigError(f"{name}={text!r}: write a whole number, {least} or more")
    return int(text)


def _one_of(env: dict[str, str], name: str, words: tuple[str, ...]) -> str:
    word = env.get(name) or words[0]
    if word not in words:
        raise ConfigError(f"{name}={word!r}: write one of {', '.join(words)}")
    return word


def database(url: str) -> dict[str, object]:
    """Turn ``sqlite:///PATH`` or ``postgresql://USER:PASSWORD@HOST:PORT/NAME`` into Django's form.

    Raises ConfigError for any other scheme.
    """
    split = urlsplit(url)
    if split.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(split.path.removeprefix("/")) or ":memory:",
            "CONN_MAX_AGE": 600,  # opening one takes longer than an act
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA secure_delete=ON; PRAGMA cache_size=-65536; PRAGMA mmap_size=1073741824;"
                    "PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=8000;"
                ),
            },
        }
    if split.scheme in ("postgresql", "postgres"):
        socket = parse_qs(split.query).get("host", [""])[0]
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(split.path.removeprefix("/")),
            "USER": unquote(split.username or ""),
            "PASSWORD": unquote(split.password or ""),
            "HOST": socket or unquote(split.hostname or ""),
            "PORT": str(split.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ConfigError(f"{url!r}: write sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME")


def environment(database: dict[str, object]) -> dict[str, str]:
    """Return the environment that lets PostgreSQL's programs reach Django's ``database``."""
    names = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    names |= {"HOST": "PGHOST", "PORT": "PGPORT"}
    return {variable: str(database[name]) for name, variable in names.items() if database[name]}
