"""dingzi figures: show, refresh, rebuild, snapshot, parquet, verify, document."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dingzi.core import reasons
from dingzi.core.errors import Refusal
from dingzi.figures import asking, documenting, refreshing, registry, snapshots, verifying
from dingzi.figures.period import Period

PAGE = Path("docs/figures.md")


class Command(BaseCommand):
    help = "看数字、重算、写说明 · show figures, recount, document"

    def add_arguments(self, parser: CommandParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        show = acts.add_parser("show", help="全部或一个数字的值 · values of all or one")
        show.add_argument("name", nargs="?", default="")
        show.add_argument("--period", default="", help="2025、2025Q3、2025-01..2025-08")
        show.add_argument("--as-of", type=int, help="公开日志到第几条 · with so many log entries")
        acts.add_parser("refresh", help="把变动算进去 · add what changed")
        acts.add_parser("rebuild", help="从头再算一遍 · tally all from nothing")
        shot = acts.add_parser(
            "snapshot", help="把封存的记进快照 · add what was sealed to the snapshot"
        )
        shot.add_argument("--anew", action="store_true", help="从头做起 · make it from nothing")
        files = acts.add_parser("parquet", help="快照写成 Parquet · write the snapshot as Parquet")
        files.add_argument("folder", type=Path)
        acts.add_parser(
            "verify",
            help="单元格、快照和逐行数的对不对得上 · whether cells, snapshot and rows agree",
        )
        write = acts.add_parser("document", help="写 docs/figures.md · write the list of figures")
        write.add_argument("--check", action="store_true", help="只比较 · compare, write nothing")
        write.add_argument("--to", type=Path, default=PAGE)

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, options["act"])(options)

    def show(self, options: dict[str, Any]) -> None:
        try:
            period = Period.parse(options["period"]) if options["period"] else Period.whole_months()
            names = [options["name"]] if options["name"] else list(registry.load())
            self.stdout.write(f"{period.words().zh} · {period.words().en}")
            size = options["as_of"]
            with nullcontext() if size is None else snapshots.as_of(size) as tree:
                if tree:
                    self.stdout.write(f"{tree.size:,} 条 entries  {tree.root}")
                for name in names:
                    value = asking.value(name, period, public=False)
                    self.stdout.write(f"{name:32} {value.text.zh:>12}  {value.title.zh}")
        except Refusal as refusal:
            raise CommandError(reasons.both(refusal)) from refusal

    def refresh(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{refreshing.refresh():,} 处变动 changes")

    def rebuild(self, options: dict[str, Any]) -> None:
        self.stdout.write(f"{refreshing.rebuild():,} 行 rows")

    def snapshot(self, options: dict[str, Any]) -> None:
        done = snapshots.Writer().catch_up(anew=options["anew"])
        if done is None:
            raise CommandError("另一个进程正在做快照 | another process is making the snapshot")
        self.stdout.write(f"+{done.leaves:,} 条 entries → {done.size:,}")

    def parquet(self, options: dict[str, Any]) -> None:
        from dingzi.figures.snapshots import spark

        try:
            tree = spark.export(options["folder"])
        except Refusal as refusal:
            raise CommandError(reasons.both(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"写不了 | cannot be written: {error}") from None
        self.stdout.write(f"{tree.size:,} 条 entries → {options['folder']}")

    def verify(self, options: dict[str, Any]) -> None:
        found = verifying.differences()
        for where, part in found:
            self.stdout.write(f"{where:10} {part.name}  {part.population.label.zh}")
        if found:
            raise CommandError(
                "对不上：dingzi figures rebuild，dingzi figures snapshot --anew"
                " | they differ: dingzi figures rebuild, dingzi figures snapshot --anew"
            )
        self.stdout.write("都对得上 | all agree")

    def document(self, options: dict[str, Any]) -> None:
        text, path = documenting.page(), options["to"]
        if options["check"]:
            if not path.exists() or path.read_text("utf-8") != text:
                raise CommandError(f"{path}: dingzi figures document")
            return
        path.write_text(text, "utf-8")
        self.stdout.write(f"{path}")
