"""``dingzi divisions``: load a city's divisions from a CSV file."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dingzi.core import reasons
from dingzi.core.errors import Invalid

from ... import divisions


class Command(BaseCommand):
    help = (
        "载入一座城市的区划：dingzi divisions load FILE.csv [--check] [--since DATE]，"
        "或者自带的宜春市：dingzi divisions yichun。"
        "文件怎么写见 docs/city.md。"
        "Load a city's divisions from a CSV file, or the set of Yichun that is shipped; "
        "docs/city.md has the columns."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        load = ways.add_parser("load", help="载入CSV文件 load a CSV file")
        load.add_argument("file", type=Path)
        yichun = ways.add_parser(
            "yichun", help="载入自带的宜春市区划 load the shipped set of Yichun"
        )
        for way in (load, yichun):
            way.add_argument(
                "--check", action="store_true", help="只查不写 look at every line, write nothing"
            )
            way.add_argument(
                "--since",
                type=_day,
                default=date(2000, 1, 1),
                metavar="YYYY-MM-DD",
                help="没有写起始日期的行自哪天起 the day from which lines without a date hold",
            )

    def handle(self, *, way: str, check: bool, since: date, **options: Any) -> None:
        path: Path = options["file"] if way == "load" else divisions.YICHUN
        try:
            content = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        try:
            if check:
                rows = divisions.read(content)
                divisions.judge(rows, since)
                count = len(rows)
            else:
                count = divisions.load(content, since=since)
        except Invalid as refusal:
            for reason in refusal.reasons:
                self.stderr.write(reasons.say(reason, "zh-hans"))
                self.stderr.write(f"    {reasons.say(reason, 'en')}")
            raise CommandError("没有写入。Nothing was written.", returncode=1) from None
        done = "可以载入 can be loaded" if check else "已载入 loaded"
        self.stdout.write(f"{path.name}: {count} {done}")


def _day(text: str) -> date:
    return date.fromisoformat(text)
