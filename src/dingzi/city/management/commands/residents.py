"""``dingzi residents``: load how many people live in each division."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from dingzi.core import reasons
from dingzi.core.errors import Invalid

from ... import residents


class Command(BaseCommand):
    help = (
        "载入各区划的常住人口：dingzi residents load FILE.csv [--check]。文件怎么写见 docs/city.md。"
        "Load how many people live in each division; docs/city.md has the columns."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        load = ways.add_parser("load", help="载入CSV文件 load a CSV file")
        load.add_argument("file", type=Path)
        load.add_argument(
            "--check", action="store_true", help="只查不写 look at every line, write nothing"
        )

    def handle(self, *, file: Path, check: bool, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        try:
            rows = residents.read(content)
            if not check:
                with transaction.atomic():
                    residents.record(rows)
        except Invalid as refusal:
            for reason in refusal.reasons:
                self.stderr.write(reasons.say(reason, "zh-hans"))
                self.stderr.write(f"    {reasons.say(reason, 'en')}")
            raise CommandError("没有写入。Nothing was written.", returncode=1) from None
        done = "可以载入 can be loaded" if check else "已载入 loaded"
        self.stdout.write(f"{file.name}: {len(rows)} {done}")
