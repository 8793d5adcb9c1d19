"""The ``dingzi`` command: a lazy dispatcher.

``law``, ``decide``, ``bid``, ``tlog``, ``run``, ``restore``, ``bundle`` load only their package: no
Django, no settings. ``check`` loads the site only where a text is compared with its figures.
Everything else is a Django management command.
"""

from __future__ import annotations

import importlib
import os
import sys

#: name -> (module with ``main(argv) -> int``, zh, en)
BARE = {
    "law": ("dingzi.law.cli", "查参数、算期限", "look up parameters, compute deadlines"),
    "decide": ("dingzi.engines.cli", "用引擎求解一个文件", "let an engine decide on a file"),
    "bid": ("dingzi.engines.award.bid_cli", "密封报价、开封", "seal a bid, open a sealed one"),
    "tlog": ("dingzi.tlog.cli", "核对公开日志、验证证明", "check the public log, verify proofs"),
    "check": (
        "dingzi.project.checking",
        "读一篇文字，核对里面的数",
        "read a text and check the numbers in it",
    ),
    "run": ("dingzi.project.run", "启动网站和管家", "start the site and the steward"),
    "witness": ("dingzi.ledger.witnessing", "见证一个公开日志", "witness a public log"),
    "restore": (
        "dingzi.project.restore",
        "把备份恢复到空的安装里",
        "a backup into an empty installation",
    ),
    "bundle": ("dingzi.project.bundle", "打离线安装包", "pack an offline installation"),
    "mechanism": ("dingzi.project.scaffold", "新机制的骨架", "scaffold a mechanism"),
}
#: management commands that an operator uses, in the order in which they are needed
MANAGED = {
    "migrate": ("建表、升级表", "create and upgrade tables"),
    "demo": ("建一座模拟城市", "make the sample city"),
    "doctor": ("看安装哪里不对、怎么改", "what is wrong with an installation and how to mend it"),
    "divisions": ("载入一座城市的区划", "load a city's divisions"),
    "residents": ("载入各区划的人口", "load how many people live in each division"),
    "client": ("接口客户端与令牌", "API clients and their tokens"),
    "steward": ("只启动管家", "start the steward alone"),
    "rebuild": ("从事件重算全部表", "recompute every projection from its events"),
    "figures": ("看数字、重算、写说明", "show figures, recount, document them"),
    "database": ("PostgreSQL 的角色与权限", "roles and rights in PostgreSQL"),
    "seal": ("把等着的事件封进公开日志", "seal the events that wait into the public log"),
    "keys": ("公开日志的密钥", "the keys of the public log"),
    "recount": ("从公开日志重算公布的数字", "recompute the public figures from a public log"),
    "audit": ("拿公开日志核对全部记录", "compare every record with the public log"),
    "erase": ("执行已决定的删除", "carry out the erasures that were decided"),
    "backup": ("在线备份到一个文件", "back up into one file, while everything runs"),
}
#: The steward, and commands that do its work by hand: they connect as the steward.
AS_STEWARD = {"steward", "seal", "keys", "audit", "erase"}
#: Commands that alter tables or empty them: they connect as the owner.
AS_OWNER = {"migrate", "database", "rebuild", "demo", "flush", "createcachetable", "backup"}


def main(argv: list[str] | None = None) -> int:
    args = sys.argv[1:] if argv is None else argv
    if not args or args[0] in ("-h", "--help", "help"):
        print(_help())
        return 0
    if args[0] in BARE:
        return int(importlib.import_module(BARE[args[0]][0]).main(args[1:]) or 0)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dingzi.project.settings")
    owner = os.environ.get("DINGZI_DATABASE_OWNER_URL")
    steward = os.environ.get("DINGZI_DATABASE_STEWARD_URL")
    if (args[0] in AS_OWNER or "--rewrite" in args) and owner:
        os.environ["DINGZI_DATABASE_URL"] = owner
    elif args[0] in AS_STEWARD and steward:
        os.environ["DINGZI_DATABASE_URL"] = steward
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    from dingzi.project.config import ConfigError

    try:
        execute_from_command_line(["dingzi", *args])
    except ConfigError as error:
        print(f"设置不对 | a setting cannot work: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (DatabaseError, OSError) as error:
        if "--traceback" in args:
            raise
        what = (str(error).strip() or repr(error)).splitlines()[0]
        print(
            f"数据库或磁盘不让做下去 | the database or the disk refuses: {what}\n"
            "没有建过表就先 dingzi migrate；别的看 dingzi doctor | "
            "without tables begin with dingzi migrate; else look with dingzi doctor",
            file=sys.stderr,
        )
        return 1
    return 0


def _help() -> str:
    rows = [(name, *MANAGED[name]) for name in ("migrate", "demo")]
    rows += [(name, zh, en) for name, (_, zh, en) in BARE.items()]
    rows += [(name, *words) for name, words in MANAGED.items() if name not in ("migrate", "demo")]
    lines = ["钉子 Dingzi", "", "用法 usage: dingzi COMMAND [--help]", ""]
    lines += [f"  {name:<10} {zh}\n{'':<13}{en}" for name, zh, en in rows]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
