"""dingzi seal: seal what waits, by hand; the steward does it by itself."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dingzi.ledger import sealing
from dingzi.ledger.keys import KeyTrouble
from dingzi.ledger.models import Refused
from dingzi.tlog.errors import TlogError


class Command(BaseCommand):
    help = "把等着的事件封进公开日志 · seal the events that wait into the public log"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--retry",
            action="store_true",
            help="再试没有收的 · try again what was refused, after the cause was mended",
        )

    def handle(self, *, retry: bool, **options: Any) -> None:
        if retry:
            self.stdout.write(f"再试 trying again: {sealing.retry()}")
        try:
            done = sealing.Sealer().seal()
        except (sealing.SealingStopped, KeyTrouble, TlogError) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"封了 sealed {done.events:,} · 共 size {done.size:,}")
        left = Refused.objects.order_by("event_id")
        for row in left[:20]:
            self.stderr.write(f"没有收 refused: {row.event_id} ({row.why})")
        if count := left.count():
            raise CommandError(
                f"{count} 个事件没有收：校验码不对或太长。先查清是谁写的，改好后 dingzi seal --retry\n"
                f"{count} events were refused: a wrong MAC, or too long. Find out who wrote them; "
                f"once mended, dingzi seal --retry"
            )
