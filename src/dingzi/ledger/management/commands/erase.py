"""dingzi erase: carry out the erasures that were decided; see where a value still stands."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dingzi.ledger import erasing, remaining


class Command(BaseCommand):
    help = "执行已决定的删除 · carry out the erasures that were decided"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--rewrite",
            action="store_true",
            help="PostgreSQL：重写表文件，删掉的一个字节也不留；用所有者角色，挑没人用的时候 · "
            "rewrite the tables' files, as their owner, in a quiet hour",
        )

        parser.add_argument(
            "--find",
            metavar="TEXT",
            help="什么也不删，只看这段文字还在哪里 · delete nothing, see where a text still stands",
        )

    def handle(self, *, rewrite: bool, find: str | None, **options: Any) -> None:
        if find is not None:
            self._find(find)
            return
        if rewrite:
            tables = erasing.rewrite()
            self.stdout.write("重写了 rewritten: " + (", ".join(tables) or "–"))
            return
        self.stdout.write(f"删了 erased: {erasing.carry_out()}")

    def _find(self, text: str) -> None:
        if not text.strip():
            raise CommandError("要找什么？ | what is to be found?")
        found = list(remaining.remains(text))
        for one in found:
            matters = " ".join(one.matters)
            self.stdout.write(f"{one.column}: {one.rows} {matters}".rstrip())
        if not found:
            self.stdout.write(
                "数据库里哪一列都没有；上传的文件没有打开看 | in no column of the database; "
                "files were not opened"
            )
