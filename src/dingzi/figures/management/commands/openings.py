"""dingzi openings: write what an auditor needs to recount by fields that the public log hides."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dingzi.core import reasons
from dingzi.core.errors import Refusal
from dingzi.figures import recounting
from dingzi.ledger import openings
from dingzi.matters.publishing import SHOWN

#: What is opened of every act where nothing is asked for: places, categories and days.
USUAL = "town,category,@occurred_at"


class Command(BaseCommand):
    help = (
        "给审计人打开公开日志里的字段，记进市级簿册 · "
        "open fields of the public log for an auditor; the city's book records it"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="写到哪里 · where to")
        parser.add_argument(
            "--fields",
            default=None,
            help=f"只要这些项，逗号分开；不写就是公布的数字要用的全部：{USUAL}，加上公开日志没有的 · "
            f"these alone, with commas between; without it all that the published figures need: {USUAL}, "
            "and what no leaf shows",
        )
        parser.add_argument(
            "--confidential",
            action="store_true",
            help="保密的事项也打开，只打开全市数字要用的 · "
            "open confidential acts too, no more than the city's totals need",
        )
        parser.add_argument("--process", default="", help="只要这种事项 · only this process")
        parser.add_argument("--to", required=True, help="给谁，记进簿册 · for whom; it is recorded")

    def handle(
        self,
        *,
        file: Path,
        fields: str | None,
        process: str,
        to: str,
        confidential: bool = False,
        **options: Any,
    ) -> None:
        names = [
            name.strip()
            for name in (USUAL if fields is None else fields).split(",")
            if name.strip()
        ]
        needed = recounting.whole() if fields is None else []
        whole = [one for one in needed if process in ("", one)]
        if confidential and SHOWN not in names:
            names.append(SHOWN)
        try:
            given = openings.give(file, names, to, process, whole)
        except Refusal as refusal:
            raise CommandError(reasons.both(refusal)) from None
        except (openings.OpeningTrouble, OSError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"打开了 opened: {given.entries:,} 条 entries, {given.fields:,} 项 fields\n"
            f"SHA-256: {given.sha256}"
        )
