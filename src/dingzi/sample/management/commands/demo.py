"""``dingzi demo``: make the sample city, say who can sign in and what to try."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from contextlib import nullcontext
from typing import IO, Any, cast

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from dingzi.matters import receipts
from dingzi.matters.models import Counter, Matter
from dingzi.matters.samples import SampleCity

from ... import accounts, filling, making, marks
from ...filling import Filled

#: Processes that make a whole city.
PARTS = 2


class Command(BaseCommand):
    help = (
        "建一座模拟城市：small 几秒（约1500件纠纷），full 几分钟（全市186个乡镇两年约20万件），"
        "或写两年的件数。再运行只打印账号。"
        "Make the sample city: small in seconds, full in minutes, or a number of disputes. "
        "Run again, it prints the accounts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", default="small", help="small | full | N")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--force",
            action="store_true",
            help="库里已有真实事项，或没有设 DINGZI_DEMO=1 时也照做 "
            "go on although real matters are there, or DINGZI_DEMO=1 is not set",
        )

    def handle(self, *, scale: str, seed: int, force: bool, **options: Any) -> None:
        try:
            share = making.share_of(scale)
        except ValueError:
            raise CommandError(
                f"--scale {scale}：写 small、full 或件数。Write small, full or a number of disputes."
            ) from None
        if not settings.DEMO and not force:
            raise CommandError(
                "模拟城市要写明是模拟：DINGZI_DEMO=1 dingzi demo。"
                "A sample must say so on every page: set DINGZI_DEMO=1."
            )
        console = Console(file=cast(IO[str], self.stdout), soft_wrap=True, highlight=False)
        began = time.monotonic()
        try:
            filled = self._make(console, share, seed, force)
        except making.NotASample:
            raise CommandError(
                "这里已有真实事项。换一个 DINGZI_HOME，或加 --force。"
                "Real matters stand here: take another DINGZI_HOME, or add --force."
            ) from None
        if filled is None:
            console.print("模拟城市已经建好了。The sample city is there.")
        else:
            seconds = time.monotonic() - began
            console.print(
                f"模拟城市建好了：{filled.stories:,} 件，{filled.events:,} 个事件，{seconds:.1f} 秒。"
                f" The sample city is made: {filled.stories:,} matters, {filled.events:,} events."
            )
        _tell(console)

    def _make(self, console: Console, share: float, seed: int, force: bool) -> Filled | None:
        columns = (
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
            TextColumn("{task.fields[events]:,} 事件 events"), TimeRemainingColumn(),
        )  # fmt: skip
        bar = Progress(*columns, console=console) if sys.stdout.isatty() else None
        with bar or nullcontext():
            task = bar.add_task("建城 building", total=None, events=0) if bar else None
            since: Any = None

            def begun(city: SampleCity) -> None:
                nonlocal since
                since = city.since
                if bar and task is not None:
                    bar.update(task, total=(city.today - city.since).days + 1)

            def went_on(filled: Filled) -> None:
                if bar and task is not None and filled.day:
                    bar.update(task, completed=(filled.day - since).days + 1, events=filled.events)

            return making.make(
                share=share, seed=seed, force=force, progress=went_on, begun=begun,
                parts=PARTS if share >= making.WHOLE else 1,
            )  # fmt: skip


def _tell(console: Console) -> None:
    """Print who can sign in and what to try first, in both languages."""
    begun = marks.facts(marks.BEGUN)
    assert begun is not None
    console.print("账号 Accounts（用户名 口令 user, password）")
    for one in accounts.demo_accounts(begun["home"]):
        console.print(
            f"  {one.username:<11}{accounts.password(one.username):<12}"
            f"{one.role.zh} {one.role.en}：{one.job.zh} ({one.job.en})"
        )
    console.print(f"接口令牌 API token: Bearer {accounts.token()}")
    for name, matter in _shown().items():
        console.print(
            f"当事人的回执 {name}'s receipt: {matter.number}  查询码 secret {receipts.secret_of(matter)}\n"
            f"  {receipts.url(matter)}"
        )
    console.print(
        "先试试 Try first:\n"
        f"  1. 用回执查这一件，认可或不认可方案。Track that receipt, accept or reject the proposal: {settings.SITE_URL}\n"
        "  2. 用 window 登录，受理一件新登记的。Sign in as window, accept what was just registered.\n"
        "  3. 用 mediator 登录，先办逾期的。Sign in as mediator, begin with what is overdue.\n"
        "  4. 用 county 登录，看全县的列表和数字。Sign in as county, look at lists and figures."
    )


def _shown() -> dict[str, Matter]:
    """Return the matters that the demo shows, by name."""
    ids = dict(Counter.objects.filter(name__startswith=filling.SHOWN).values_list("name", "last"))
    found = Matter.objects.in_bulk(list(ids.values()))
    return {name.removeprefix(filling.SHOWN): found[i] for name, i in ids.items() if i in found}
