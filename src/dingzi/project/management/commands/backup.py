"""dingzi backup: database, public log and papers in one file, while everything runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dingzi.project import backup
from dingzi.project.archive import Trouble


class Command(BaseCommand):
    help = "在线备份：数据库、公开日志、附件 · database, public log and papers in one file"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="备份文件，不能已有 · the file to make")
        parser.add_argument(
            "--keys",
            action="store_true",
            help="密钥也放进去：谁拿到这个文件，谁就能冒充本站 · "
            "put the keys in too: whoever has the file can then sign as this site",
        )

    def handle(self, *, file: Path, keys: bool, **options: Any) -> None:
        try:
            made = backup.make(file, keys=keys)
        except Trouble as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            f"{file}: {len(made.files):,} 个文件 files · 总印 head {made.size:,} {made.root[:16]}"
        )
        self.stdout.write(
            "密钥在里面：锁好 · the keys are in it: lock it away"
            if keys
            else "密钥不在里面，另外保管 · the keys are NOT in it: keep them elsewhere"
        )
