"""Figures over ten million events in a snapshot: beside PostgreSQL, a semantic layer, and bare SQL."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import figures_peers as peers
import figures_versions
from claims import Claims, median, percentile
from installation import Installation

FULL, QUICK, SEED = 10_000_000, 400_000, 7
RESOLVED = "disputes.resolved_share"
GIB = 2**30


def begin() -> None:
    import django

    django.setup()


def alone(work: Callable[..., Any], *given: Any) -> Any:
    """Do it in a process of its own, whose memory is then known."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=begin) as pool:
        return pool.submit(work, *given).result()


def build(claims: Claims, *, quick: bool) -> None:
    """Make the snapshot that `ask` asks."""
    from dingzi.figures.snapshots import engine

    events = QUICK if quick else FULL
    built = alone(figures_versions.build, engine.folder(), events, SEED)
    claims.at_least(
        "figures: rows a second into a new base", built.rows / built.seconds, 50_000, "rows/s",
        judged=not quick, size=_size(events),
    )  # fmt: skip
    claims.at_most(
        "figures: memory of the process that makes the base", built.memory / GIB, 1.5, "GiB",
        size=_size(events),
    )  # fmt: skip


def _size(events: int) -> str:
    return f"{events:,} events of {events // figures_versions.EVENTS_EACH:,} disputes"


def ask(claims: Claims, here: Installation, *, quick: bool) -> None:
    from dingzi.figures.snapshots import engine, manifest, tables

    events = QUICK if quick else FULL
    size, folder = _size(events), engine.folder()
    made = manifest.current(folder)
    if made is None or (made.size, made.form) != (events, tables.form(tables.tables())):
        alone(figures_versions.build, folder, events, SEED)
        made = manifest.current(folder)
    assert made and made.base
    base = folder / made.base.file
    memory = alone(_reader_memory)
    claims.at_most("figures: memory of a process that asks", memory / GIB, 1.5, "GiB", size=size)
    _beside(claims, here, base, size, quick)
    _page(claims, size, quick)


def _reader_memory() -> int:
    """Ask everything once; return the peak of the process in bytes."""
    import resource

    for ask in ours().values():
        ask()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def ours() -> dict[str, Callable[[], Any]]:
    """Return the four questions as figures."""
    from dingzi import figures
    from dingzi.figures import registry, snapshots
    from dingzi.figures.fetching import Query, fetch
    from dingzi.figures.period import Period

    period, every = Period.parse("2026-01..2026-10"), Period.parse("2025-01..2026-12")
    share = registry.get(RESOLVED)
    by = (share.dimensions["county"],)

    def headline() -> Any:
        with snapshots.as_of():
            return tuple(one.n for one in figures.value(RESOLVED, period).behind)

    def counties() -> Any:
        with snapshots.as_of():
            found = fetch(Query(share.parts, peers.FIRST, peers.LAST, by, "month")).tallies
        resolved, closed = (found[part] for part in share.parts)
        return {key: (resolved[key].n if key in resolved else 0, t.n) for key, t in closed.items()}

    def years() -> Any:
        with snapshots.as_of():
            both = figures.compare("disputes.registered", period)
        return both.now.number, both.then.number

    def matters() -> Any:
        with snapshots.as_of():
            return figures.value("disputes.registered", every).number

    return {"headline": headline, "county by month": counties, "year on year": years, "distinct matters": matters}  # fmt: skip


def _beside(claims: Claims, here: Installation, base: Path, size: str, quick: bool) -> None:
    from dingzi.figures.snapshots import engine

    mine = ours()
    assert here.cluster
    theirs = peers.postgres(here.cluster.url("postgres", "dingzi"), base, _open_folder(here))
    bare = peers.duck(base, engine.READER)
    layered, made = peers.sidemantic(base)
    for name, question in mine.items():
        _same(name, question(), theirs[name](), layered[name]())
        times = {
            "ours": _ms(question, 9), "postgresql": _ms(theirs[name], 5 if quick else 3),
            "bare": _ms(bare[name], 9), "layer": _ms(layered[name], 5), "layer's sql": _ms(made[name], 5),
        }  # fmt: skip
        print(
            f"{name}: " + ", ".join(f"{who} {ms:.2f} ms" for who, ms in times.items()), flush=True
        )
        goal = 15 if name == "headline" else 1
        claims.against(
            f"figures: {name}, questions a second beside PostgreSQL", 1000 / times["ours"],
            1000 / times["postgresql"], "/s", at_least=goal, judged=not quick, size=size,
        )  # fmt: skip
        claims.against(
            f"figures: {name}, questions a second beside Sidemantic", 1000 / times["ours"],
            1000 / times["layer"], "/s", at_least=1, judged=not quick, size=size,
        )  # fmt: skip
    claims.at_most(
        "figures: headline, overhead over its statement", _overhead(mine["headline"]), 2.3, "ms", size=size
    )  # fmt: skip


def _open_folder(here: Installation) -> Path:
    folder = here.home / "pieces"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _overhead(headline: Callable[[], Any]) -> float:
    """Return what the headline takes beyond its statements, in ms: the median of the differences."""
    from dingzi.figures.snapshots import reading

    spent: list[float] = []
    plain = reading.Source.run

    def timed(self: Any, *given: Any) -> Any:
        begin = time.perf_counter()
        try:
            return plain(self, *given)
        finally:
            spent.append(time.perf_counter() - begin)

    reading.Source.run = timed  # type: ignore[method-assign]
    try:
        over = []
        for _ in range(40):
            spent.clear()
            begin = time.perf_counter()
            headline()
            over.append(1000 * (time.perf_counter() - begin - sum(spent)))
    finally:
        reading.Source.run = plain  # type: ignore[method-assign]
    return statistics.median(over)


def _same(name: str, mine: Any, theirs: Any, layered: Any) -> None:
    """Stop where anybody counts otherwise."""
    if name == "county by month":
        told = {
            (county, month.date() if hasattr(month, "hour") else month): (a, b)
            for county, month, a, b in theirs
        }
        other = {
            (row[0], row[1].date() if hasattr(row[1], "hour") else row[1]): row[2:] for row in layered[0]
        }  # fmt: skip
    elif name == "year on year":
        told, other = tuple(theirs[0]), tuple(rows[0][0] for rows in layered)
    elif name == "distinct matters":
        told, other = theirs[0][0], layered[0][0][0]
    else:
        told, other = tuple(theirs[0]), tuple(layered[0][0])
    if not mine == told == other:
        raise SystemExit(
            f"{name}: ours {mine!r:.200}, PostgreSQL {told!r:.200}, layer {other!r:.200}"
        )


def _ms(question: Callable[[], Any], rounds: int) -> float:
    """Return the median of so many rounds in milliseconds, the first one left out."""
    question()
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        question()
        taken.append(1000 * (time.perf_counter() - begin))
    return median(taken)


def _page(claims: Claims, size: str, quick: bool) -> None:
    """Ask what the page of a figure asks, all of it from the snapshot, part by part."""
    from dingzi import figures
    from dingzi.figures import snapshots
    from dingzi.figures.period import Period

    period = Period.parse("2026-01..2026-10")
    parts: dict[str, Callable[[], Any]] = {
        "card with its trend": lambda: figures.card(RESOLVED, period),
        "table by county beside the year before": lambda: figures.table(
            RESOLVED, period, compare=True
        ),
        "table by month": lambda: figures.table(RESOLVED, period, "month"),
    }
    taken: dict[str, list[float]] = {name: [] for name in [*parts, "all"]}
    for turn in range(-2, 8 if quick else 24):
        begin = time.perf_counter()
        with snapshots.as_of():
            for name, question in parts.items():
                at = time.perf_counter()
                question()
                if turn >= 0:
                    taken[name].append(1000 * (time.perf_counter() - at))
        if turn >= 0:
            taken["all"].append(1000 * (time.perf_counter() - begin))
    for name in parts:
        claims.at_most(
            f"figures: page of a figure, {name}, p95", percentile(taken[name], 95), 1_000, "ms", size=size
        )  # fmt: skip
    claims.at_most(
        "figures: all that the page of a figure asks, p95", percentile(taken["all"], 95), 1_500, "ms", size=size
    )  # fmt: skip
