"""dingzi keys: by which keys the public log is verified; make new ones."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dingzi.ledger import keys


class Command(BaseCommand):
    help = "公开日志的密钥：看、换 · the keys of the public log: show, rotate"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rotate",
            action="store_true",
            help="换新的，旧的一起签 · new keys, the old sign beside",
        )
        parser.add_argument(
            "--drop",
            action="store_true",
            help="和 --rotate 一起：旧的丢了或被偷了，不再签 · with --rotate: the old ones are lost or stolen",
        )

    def handle(self, *, rotate: bool, drop: bool, **options: Any) -> None:
        if drop and not rotate:
            raise CommandError("--drop 要和 --rotate 一起 | --drop goes with --rotate")
        try:
            if rotate:
                keys.rotate(drop=drop)
            else:
                keys.begin()
        except keys.KeyTrouble as error:
            raise CommandError(str(error)) from None
        for one in keys.every():
            self.stdout.write(f"{one.log}\n{one.promise}")
