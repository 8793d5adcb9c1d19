"""Commands that load a file: read it, look at every line, write all of it or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from dingzi.core import reasons
from dingzi.core.errors import Invalid


class LoadCommand(BaseCommand):
    """A command with ``load FILE.csv [--check]``; ``take`` gives what it does with the bytes.

    ``shipped`` names further ways to call it, each with the file that Dingzi brings along.
    """

    shipped: ClassVar[dict[str, tuple[Path, str]]] = {}

    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True)
        load = ways.add_parser("load", help="载入CSV文件 load a CSV file")
        load.add_argument("file", type=Path)
        made = [load]
        for name, (path, words) in self.shipped.items():
            made.append(ways.add_parser(name, help=words))
            made[-1].set_defaults(file=path)
        for way in made:
            way.add_argument(
                "--check", action="store_true", help="只查不写 look at every line, write nothing"
            )
            self.add_options(way)

    def add_options(self, way: ArgumentParser) -> None:
        """Add what only this command takes."""

    def take(self, content: bytes, *, check: bool, **options: Any) -> int:
        """Return how many rows the file has, written unless ``check``; Invalid names each bad line."""
        raise NotImplementedError

    def handle(self, *, file: Path, check: bool, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        try:
            count = self.take(content, check=check, **options)
        except Invalid as refusal:
            self.stderr.write(reasons.both(refusal))
            raise CommandError("没有写入。Nothing was written.", returncode=1) from None
        done = "可以载入 can be loaded" if check else "已载入 loaded"
        self.stdout.write(f"{file.name}: {count} {done}")
