"""A spreadsheet of many rows brought in as a clerk would: uploaded, mapped by guesses, run by the steward.

The sheet is one that a hotline keeps: number, time, title, account, place and category in words of
its own, name and telephone; one row of a hundred cannot be taken.
"""

from __future__ import annotations

import gc
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from claims import Claims
from installation import install

#: Rows a second and MB: goals of our own.
RATE, MEMORY, STEP = 2_000, 200, 5_000
#: From so many on the rate is judged.
ROWS = 100_000

HEADER = (
    "工单编号", "来电时间", "工单标题", "反映内容", "事发地址", "纠纷类别", "来电人", "联系电话", "承办单位", "备注",
)  # fmt: skip
#: A petition register's columns, and its words for fields.
PETITIONS = (
    "信访编号", "来信时间", "反映内容", "事发地址", "是哪一类", "领域", "信访人姓名", "联系电话", "渠道",
)  # fmt: skip
FIELDS = ("农村土地", "住房与物业", "不动产办证", "劳动社保", "教育", "交通", "生态环境", "其他")
#: The hotline's own words for categories.
CATEGORIES = (
    "邻里纠纷", "劳动工资类", "物业服务", "消费者权益", "婚姻家庭", "合同纠纷", "环境问题", "道路交通",
)  # fmt: skip
TOLD = (
    "楼上装修每天早上七点开工，已经两个星期，说了几次都不听，老人和孩子没法休息，希望有人来管一管。",
    "去年十月起在工地做工，工头一直说等老板结账，三个月的工资没有发，打电话也不接，请帮忙要回来。",
    "小区门口的路灯坏了半年，晚上有人摔伤，物业说不归他们管，社区说要等街道，请问到底找谁。",
    "买的家电三次维修还是不能用，商家不肯退，说过了七天，合同上写的是三个月内包换，请调解。",
)


def rows(count: int, towns: list[str]) -> Iterator[list[Any]]:
    """Yield the sheet's rows; one of a hundred has a place that nobody knows."""
    random = Random(1)
    first = datetime(2025, 1, 1, 8)  # noqa: DTZ001
    for n in range(count):
        told = random.choice(TOLD)
        town = "外地" if n % 100 == 50 else random.choice(towns)
        yield [
            f"GD2025{n:06}", first + timedelta(minutes=4 * n), f"{told[:16]}（{n}）",
            f"来电人反映：{told}联系时间{random.randint(8, 20)}点以后。{told if n % 3 else ''}",
            f"{town}{random.randint(1, 99)}号", random.choice(CATEGORIES), f"张先生{n % 977}",
            f"138{random.randint(0, 99_999_999):08}", "社区", "",
        ]  # fmt: skip


def petitions(count: int, towns: list[str]) -> Iterator[list[Any]]:
    """Yield a petition register's rows; one of fifty accuses somebody, one of a hundred has no place."""
    random = Random(2)
    first = datetime(2025, 1, 1, 8)  # noqa: DTZ001
    for n in range(count):
        told = random.choice(TOLD)
        town = "外地" if n % 100 == 50 else random.choice(towns)
        kind = "检举控告" if n % 50 == 7 else random.choice(("申诉求决", "申诉求决", "意见建议"))
        yield [
            f"XF2025{n:06}", first + timedelta(minutes=4 * n), f"信访人反映：{told}{told if n % 3 else ''}",
            f"{town}{random.randint(1, 99)}号", kind, random.choice(FIELDS), f"李先生{n % 977}",
            f"139{random.randint(0, 99_999_999):08}", random.choice(("来信", "走访", "网上", "电话")),
        ]  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """A kind of sheet: its titles and rows, by which act and account it comes in."""

    header: tuple[str, ...]
    rows: Callable[[int, list[str]], Iterator[list[Any]]]
    process: str
    action: str
    account: str


SHEETS = {
    "hotline": Sheet(HEADER, rows, "dispute", "file", "county"),
    "petitions": Sheet(PETITIONS, petitions, "petition", "receive", "petitions"),
}


class Peak(threading.Thread):
    """The most memory that this process held while it was watched, in MB over the beginning.

    Beside it how far the page said that the import was: the longest step between two looks.
    """

    def __init__(self, run: int) -> None:
        super().__init__(daemon=True)
        self.run_number, self.looks, self.last, self.step = run, 0, 0, 0
        gc.collect()
        self.first = self.most = resident()
        self.done = threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.05):
            self.most = max(self.most, resident())
            self.look()

    def look(self) -> None:
        from dingzi.matters.importing import work

        told = work.progress(self.run_number)
        if told is not None and told.rows != self.last:
            self.looks += 1
            self.step = max(self.step, told.rows - self.last)
            self.last = told.rows

    def stop(self) -> float:
        self.done.set()
        self.join()
        return self.most - self.first


def resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def measure(engine: str, count: int, kind: str = "hotline") -> Claims:
    """Bring in a sheet of ``count`` rows, and the same sheet again, which changes nothing."""
    sheet = SHEETS[kind]
    install(engine)

    from dingzi.city.models import Account
    from dingzi.city.viewers import viewer_for
    from dingzi.core import spreadsheet
    from dingzi.matters.models import Matter

    towns = _city()
    by = viewer_for(Account.objects.get(username=sheet.account))
    claims = Claims(f"{engine}, {count:,} rows of {len(sheet.header)} columns, {sheet.process}s")
    judged = engine == "postgresql" and count >= ROWS
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.writelines(spreadsheet.export(sheet.header, sheet.rows(count, towns), "xlsx"))
        file.flush()
        print(f"{count:,} rows, {Path(file.name).stat().st_size / 2**20:.1f} MB", flush=True)
        rate, grown, step = _run(file, count, by, sheet)
        claims.at_least("rows of an Excel a second", rate, RATE, "rows/s", judged=judged)
        claims.at_most("memory that importing it takes", grown, MEMORY, "MB")
        claims.at_most("rows between two steps of the progress that is told", step, STEP, "rows")
        rate, _, _ = _run(file, count, by, sheet)
        claims.at_least("rows a second, the same Excel again", rate, RATE, "rows/s", judged=judged)
    assert Matter.objects.count() == count - count // 100
    return claims


def _city() -> list[str]:
    """Make structure and accounts; return the names of all townships, each with its county's."""
    from django.utils import timezone

    from dingzi.city import directory
    from dingzi.sample import accounts, structure

    structure.write(villages=True)
    accounts.write("360902001", timezone.localdate())
    return [
        f"{county.name}{town.name}"
        for county in directory.divisions("county")
        for town in directory.children(county.code)
        if town.level == "town"
    ]


def _run(file: Any, count: int, by: Any, sheet: Sheet) -> tuple[float, float, int]:
    """Import the file; return rows a second, from the first row to the report, MB grown by, and the
    longest step of the progress that was told."""
    from dingzi.matters.importing import runs, work
    from dingzi.matters.importing.models import ImportRun

    run = runs.upload(file, process=sheet.process, action=sheet.action, by=by)
    assert not runs.lacking(run), runs.lacking(run)
    runs.start(run, by, whole=False)
    peak = Peak(run.pk)
    peak.start()
    begin = time.monotonic()
    work.work(run.pk)
    seconds = time.monotonic() - begin
    grown = peak.stop()
    run.refresh_from_db()
    print(
        f"opened {run.opened:,}, same {run.same:,}, bad {run.bad:,}, {seconds:.1f} s, "
        f"{count / seconds:,.0f} rows/s, +{grown:.0f} MB", flush=True,
    )  # fmt: skip
    assert run.state == ImportRun.State.DONE, run.faults
    assert run.opened + run.same + run.bad == count
    return count / seconds, grown, peak.step
