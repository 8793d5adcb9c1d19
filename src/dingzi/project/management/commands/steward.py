"""``dingzi steward``: the process beside the web: timers, queue of tasks, heartbeat."""

from __future__ import annotations

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dingzi.core import jobs
from dingzi.project import queue
from dingzi.project.locks import steward_lock
from dingzi.project.steward import Steward


class Command(BaseCommand):
    help = "管家：按时做事、处理后台任务。The steward: timers and background tasks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="每件事做一次就走 | run every job once and leave"
        )

    def handle(self, *, once: bool, **options: Any) -> None:
        steward = Steward(
            jobs.load(), steward_lock(), tasks=queue.work_off, first=queue.take_up_orphans
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: steward.stop.set())
        if not once:
            steward.run()
        elif not steward.once():
            raise CommandError("另一个管家正在工作。Another steward is at work.")
