"""dingzi rebuild: recompute every projection from its events."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from dingzi.matters.rebuild import rebuild


class Command(BaseCommand):
    help = "从事件重算全部表 · recompute every projection from its events"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="只比较，不改 · compare and write nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, transient=True) as bar:
            task = bar.add_task("…")

            def tell(events: int) -> None:
                bar.update(task, description=f"{events:,} 个事件 events")

            result = rebuild(write=not options["check"], progress=tell)
        for table, key, column in result.differences[:50]:
            self.stdout.write(f"{table} {key}: {column}")
        told = (
            f"{result.streams:,} 件事项 matters · {result.events:,} 个事件 events · "
            f"{len(result.differences):,} 处不同 differences"
        )
        if options["check"] and result.differences:
            raise CommandError(told)
        self.stdout.write(told)
