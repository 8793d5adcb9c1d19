"""``dingzi divisions``: load a city's divisions from a CSV file."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from ... import divisions
from ...loading import LoadCommand


class Command(LoadCommand):
    help = (
        "载入一座城市的区划：dingzi divisions load FILE.csv [--check] [--since DATE]，"
        "或者自带的宜春市：dingzi divisions yichun。"
        "文件怎么写见 docs/city.md。"
        "Load a city's divisions from a CSV file, or the set of Yichun that is shipped; "
        "docs/city.md has the columns."
    )
    shipped = {"yichun": (divisions.YICHUN, "载入自带的宜春市区划 load the shipped set of Yichun")}

    def add_options(self, way: ArgumentParser) -> None:
        way.add_argument(
            "--since",
            type=date.fromisoformat,
            default=date(2000, 1, 1),
            metavar="YYYY-MM-DD",
            help="没有写起始日期的行自哪天起 the day from which lines without a date hold",
        )

    def take(self, content: bytes, *, check: bool, **options: Any) -> int:
        since: date = options["since"]
        if not check:
            return divisions.load(content, since=since)
        rows = divisions.read(content)
        divisions.judge(rows, since)
        return len(rows)
