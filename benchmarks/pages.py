"""Pages at a million stored matters: median, 95th percentile, queries and weight of each.

A temporary PostgreSQL (or ``--engine sqlite``) is filled by ``filling``; then Django's test client
asks for every page in turn, round after round, signed in as who works with it: the window of a
town (sees the town), a mediator (sees what his unit has a part in), a county's supervisor, the
city's analyst, the public, and a machine with a token. No network lies between; all of the
server's own work is measured: middleware, session, rights, queries, template. Goals: lists and
inbox at most 30 ms at the median; the others have goals of our own. ``--quick`` stores 20,000, and
judges times all the same: a page may not be slower with less.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from claims import Claims, arguments, median, percentile
from installation import ENGINES, filled, keeping

FULL, QUICK = 1_000_000, 20_000
ROUNDS, QUICK_ROUNDS, WARM = 40, 12, 3
#: Goals in ms at the median, by kind of page; kB of transfer; queries a page.
GOALS = {
    "inbox": 30, "list": 30, "search": 60, "case": 60, "figure": 60, "home": 60, "map": 60,
    "figures": 60, "track": 60, "api": 30,
}  # fmt: skip
HEAVIEST, MOST_QUERIES = 150, 20


def main(argv: list[str]) -> int:
    parser = arguments(__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="postgresql")
    keeping(parser)
    parser.add_argument("--count", type=int, help="disputes to store")
    parser.add_argument("--only", default="", help="pages whose name holds this text")
    parser.add_argument("--slowest", type=int, default=0, help="print so many queries of each page")
    told = parser.parse_args(argv)
    count = told.count or (QUICK if told.quick else FULL)
    _, stored = filled(told.engine, count, told.keep)
    print(f"{told.engine}: {stored.words}; {stored.rate}")
    print("states: " + ", ".join(f"{n:,} {name}" for name, n in stored.states.items()))
    from asking import clients, pages

    asked = clients()
    wanted = [page for page in pages() if told.only in str(page)]
    load = os.getloadavg()[0]
    rounds = QUICK_ROUNDS if told.quick else ROUNDS
    for turn in range(-WARM, rounds):
        for page in wanted:
            _ask(page, asked[page.viewer], turn)
    size = f"{told.engine}, {stored.disputes:,} disputes"
    print(f"{rounds} rounds; load average {load:.1f} before, {os.getloadavg()[0]:.1f} after")
    return _tell(wanted, Claims(size), told.slowest, asked)


def _ask(page: Any, client: Any, turn: int) -> None:
    path = page.paths[turn % len(page.paths)]
    if page.before:
        page.before()
    with counted() as count:
        busy, begin = processor(), time.perf_counter()
        answer = client.get(path)
        seconds, busy = time.perf_counter() - begin, processor() - busy
    if answer.status_code != 200:
        raise SystemExit(f"{page.viewer} {path}: {answer.status_code}")
    if turn >= 0:
        page.times.append(seconds * 1000)
        page.busy.append(busy * 1000)
        page.queries.append(count[0])
        page.kilobytes = max(page.kilobytes, weight(answer) / 1000)


def processor() -> float:
    """Return the processor's seconds that this process and its database's have used so far.

    Where others work on the machine, their difference tells more than the clock.
    """
    from django.db import connection

    seconds = time.process_time()
    if connection.vendor == "postgresql" and connection.connection:
        pid = connection.connection.info.backend_pid
        with suppress(OSError):
            seconds += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return seconds


@contextmanager
def counted() -> Iterator[list[int]]:
    """Count the statements of a block."""
    from django.db import connection

    count = [0]

    def one(execute: Any, *arguments: Any) -> Any:
        count[0] += 1
        return execute(*arguments)

    with connection.execute_wrapper(one):
        yield count


def weight(answer: Any) -> int:
    """Return the bytes that a first visit transfers: the page, and its style and scripts packed.

    What a page loads after its table is drawn (ECharts, Leaflet) is not among them.
    """
    from django.conf import settings

    body = answer.content.decode()
    total = len(answer.content)
    for name in set(re.findall(r'(?:src|href)="/static/([^"?#]+\.(?:css|js))"', body)):
        packed = settings.STATIC_ROOT / f"{name}.gz"
        file = packed if packed.exists() else settings.STATIC_ROOT / name
        total += file.stat().st_size
    return total


def _tell(pages: list[Any], claims: Claims, slowest: int, asked: dict[str, Any]) -> int:
    print(f"{'page':<44}{'median':>8}{'p95':>8}{'cpu':>8}{'queries':>8}{'kB':>5}")
    for page in pages:
        name = str(page)
        middle, high = median(page.times), percentile(page.times, 95)
        print(
            f"{name:<44}{middle:>8.1f}{high:>8.1f}{median(page.busy):>8.1f}"
            f"{max(page.queries):>8}{page.kilobytes:>5.0f}"
        )
        if slowest:
            _explain(page, asked[page.viewer], slowest)
        claims.at_most(f"{name}, median", middle, GOALS[page.kind], "ms")
    claims.at_most(
        "most queries of any page", max(max(p.queries) for p in pages), MOST_QUERIES, "queries"
    )
    claims.at_most("heaviest page", max(p.kilobytes for p in pages), HEAVIEST, "kB")
    return claims.finish()


def _explain(page: Any, client: Any, slowest: int) -> None:
    """Print the slowest statements of a page."""
    from django.db import connection

    seen: list[tuple[float, str]] = []

    def one(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begin = time.perf_counter()
        found = execute(sql, params, many, context)
        seen.append(((time.perf_counter() - begin) * 1000, f"{sql} % {params}"))
        return found

    with connection.execute_wrapper(one):
        client.get(page.paths[0])
    print(f"    {sum(ms for ms, _ in seen):.1f} ms in {len(seen)} statements")
    for ms, sql in sorted(seen, reverse=True)[:slowest]:
        print(f"    {ms:.1f} ms {sql[: slowest * 400]}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
