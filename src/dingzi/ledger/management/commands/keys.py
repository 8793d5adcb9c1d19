"""dingzi keys: by which keys the public log is verified; make new ones."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dingzi.core import reasons
from dingzi.core.errors import Refusal
from dingzi.ledger import keys, witnesses
from dingzi.matters import numbers


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
        parser.add_argument(
            "--forgotten",
            type=int,
            metavar="N",
            help="和 --drop 一起，从旧备份接着走：公开日志有、备份没有的条数，这么多编号不再用 · with "
            "--drop, going on from an older backup: entries the log has and the backup lacks; as "
            "many numbers are left out",
        )
        parser.add_argument("--witness", metavar="VKEY", help="登记见证方 · name a witness")
        parser.add_argument("--end-witness", metavar="NAME", help="不再登记 · end a witness")

    def handle(
        self,
        *,
        rotate: bool,
        drop: bool,
        forgotten: int | None,
        witness: str | None,
        end_witness: str | None,
        **options: Any,
    ) -> None:
        if drop and not rotate:
            raise CommandError("--drop 要和 --rotate 一起 | --drop goes with --rotate")
        if forgotten is not None and (forgotten < 1 or not drop):
            raise CommandError(
                "--forgotten 要 1 以上，和 --drop 一起 | --forgotten takes 1 or more, with --drop"
            )
        try:
            if not rotate:
                keys.begin()
            if witness is not None:
                witnesses.name(witness)
            if end_witness is not None:
                witnesses.end(end_witness)
            if forgotten:
                numbers.skip(forgotten)
            if rotate:  # last: what is refused above must leave the keys as they are
                keys.rotate(drop=drop)
        except keys.KeyTrouble as error:
            raise CommandError(str(error)) from None
        except Refusal as refusal:
            raise CommandError(reasons.both(refusal)) from None
        for one in keys.every():
            self.stdout.write(f"{one.log}\n{one.promise}")
        for stands in witnesses.standing():
            when = f"{stands.size:,} {stands.at:%Y-%m-%d %H:%M}" if stands.at else "–"
            self.stdout.write(f"{stands.vkey}  {when}")
