"""dingzi erase: carry out the erasures that were decided; rewrite the tables they came from."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dingzi.ledger import erasing


class Command(BaseCommand):
    help = "执行已决定的删除 · carry out the erasures that were decided"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rewrite",
            action="store_true",
            help="PostgreSQL：重写表文件，删掉的一个字节也不留；用所有者角色，挑没人用的时候 · "
            "rewrite the tables' files, as their owner, in a quiet hour",
        )

    def handle(self, *, rewrite: bool, **options: Any) -> None:
        if rewrite:
            tables = erasing.rewrite()
            self.stdout.write("重写了 rewritten: " + (", ".join(tables) or "–"))
            return
        self.stdout.write(f"删了 erased: {erasing.carry_out()}")
