"""Matching: candidates, deferred acceptance and assignment against DuckDB, `matching`, OR-Tools.

``candidates`` beside one DuckDB query that joins the same conditions and keeps the same best lines
(two threads each, tables already loaded); ``stable`` beside PyPI `matching` from lists to result,
and beside the time that as many reads of memory in random order take here; ``assignment`` beside
the same flow handed to OR-Tools directly. The market is made by a seed;
``--quick`` makes a small one, ``--part`` runs one of the four comparisons.
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
# not from this folder, where this file would stand for the package of its name
sys.path[:] = [str(ROOT), str(ROOT / "benchmarks"), *sys.path[1:]]

from claims import Claims, arguments, median  # noqa: E402
from tests.engines.matching.jobs import lists as lists_by_lot  # noqa: E402
from tests.engines.matching.jobs import market, settings  # noqa: E402

from dingzi.engines.contract import Stop  # noqa: E402
from dingzi.engines.kernel import kernel  # noqa: E402
from dingzi.engines.matching import (  # noqa: E402
    Matching,
    acceptance,
    assignment,
    eligible,
    occupations,
    stability,
)
from dingzi.engines.matching.deciding import prepare  # noqa: E402

ASKED = settings(stop=Stop(work=1, cores=2))
QUERY = """
select s, list_transform(max(line, {k}), lambda line: {v} - line % {base}) as best from (
  select seek.s as s, ({score})::bigint * {base} + ({v} - v) as line
  from want join seek using (s)
  join ({runs}) offer on offer.level = want.level and offer.under = want.under
  join way on way.home = seek.place and way.work = offer.vplace
  where minutes >= 0 and minutes <= most_minutes and (area = -1 or way.area_there = area)
    and wage >= ask and education >= veducation and years >= vyears and hours >= vhours
    and (certificates & vcertificates) = vcertificates and (shifts & vshifts) = vshifts
) group by s
"""
SCORE = """
30 * 25 * want.level + 30 * least(100, vsteps - steps) + 20 * near
+ 10 * greatest(0, 100 - 25 * (education - veducation)) + 10 * least(100, 5 * (hours - vhours))
"""


def main() -> int:
    options = arguments(__doc__)
    options.add_argument("--part", choices=("candidates", "stable", "peer", "assignment"))
    chosen = options.parse_args()
    quick = chosen.quick
    seekers, vacancies = (20_000, 10_000) if quick else (1_000_000, 100_000)
    claims = Claims(f"{seekers:,} seekers × {vacancies:,} vacancies, 10 choices")
    warm()
    parts = {
        "candidates": lambda: candidates(claims, seekers, vacancies, judged=not quick),
        "stable": lambda: stable(claims, seekers, vacancies, judged=not quick),
        "peer": lambda: beside_matching(claims, 1_000 if quick else 10_000, judged=not quick),
        "assignment": lambda: best(claims, *((10_000, 1_000) if quick else (100_000, 10_000))),
    }
    for name, part in parts.items():
        if chosen.part in (None, name):
            part()
    return claims.finish()


def warm() -> None:
    """Compile before anything is timed."""
    small = market(2000, 200)
    lists = eligible.lists_of(small, ASKED, prepare(small, ASKED))
    acceptance.hold(lists, seed=0, hard_reserve=False)


def candidates(claims: Claims, seekers: int, vacancies: int, *, judged: bool) -> None:
    """All vacancies and a fifth of the seekers beside DuckDB, which needs minutes for all."""
    whole = market(seekers, vacancies)
    begin = time.perf_counter()
    lines = eligible.lists_of(whole, ASKED, prepare(whole, ASKED)).lengths.sum()
    print(f"all {seekers:,} seekers: {lines:,} lines in {time.perf_counter() - begin:.1f} s")
    problem = market(seekers // 5, vacancies)
    size = f"{seekers // 5:,} seekers × {vacancies:,} vacancies, 10 choices"
    peer = DuckDB(problem)
    begin = time.perf_counter()
    lists = eligible.lists_of(problem, ASKED, prepare(problem, ASKED))
    ours = time.perf_counter() - begin
    seconds, rows, best_lines = peer.ask()
    same = np.full_like(lists.vacancy, -1)
    lengths = np.array([len(one) for one in best_lines], dtype=int)
    flat = np.concatenate([np.asarray(one) for one in best_lines]) if len(rows) else []
    same[np.repeat(rows, lengths), np.concatenate([np.arange(n) for n in lengths])] = flat
    differing = int((same != lists.vacancy).any(axis=1).sum())
    claims.at_most("lists that differ from DuckDB's", differing, 0, "lists", size=size)
    claims.against(
        "candidates, index and lists, beside a DuckDB join (speed)", 1 / ours, 1 / seconds,
        "runs/s", at_least=15, judged=judged, size=size,
    )  # fmt: skip


class DuckDB:
    """The same market as tables, and the query that keeps the best lines of each seeker."""

    def __init__(self, problem: Any) -> None:
        import duckdb
        import pyarrow as pa

        s, v, ways = problem.seekers, problem.vacancies, problem.travel
        level = occupations.level(s.want_codes)
        owner = np.repeat(np.arange(len(s)), np.diff(s.want_offsets))
        step, places = ASKED.points.wage_step_fen, ways.places
        minutes = ways.minutes.ravel().astype(np.int32)
        made = {
            "seek": {
                "s": np.arange(len(s)), "place": s.place, "area": s.area,
                "most_minutes": s.most_minutes, "ask": s.least_wage_fen,
                "steps": s.least_wage_fen // step, "education": s.education.astype(np.int32),
                "certificates": s.certificates, "years": s.experience_years, "shifts": s.shifts,
                "hours": s.most_weekly_hours.astype(np.int32),
            },
            "want": {
                "s": owner, "level": level.astype(np.int32),
                "under": s.want_codes // occupations.SPANS[level],
            },
            "vacancy": {
                "v": np.arange(len(v)), "vplace": v.place, "occupation": v.occupation,
                "wage": v.wage_fen, "vsteps": v.wage_fen // step,
                "veducation": v.education.astype(np.int32), "vcertificates": v.certificates,
                "vyears": v.experience_years, "vshifts": v.shifts,
                "vhours": v.weekly_hours.astype(np.int32),
            },
            "way": {
                "home": np.repeat(np.arange(places), places), "work": np.tile(np.arange(places), places),
                "area_there": np.tile(ways.area, places), "minutes": minutes,
                "near": np.maximum(0, 100 - minutes),
            },
        }  # fmt: skip
        self.database = duckdb.connect(config={"threads": 2})
        for name, columns in made.items():
            self.database.register("given", pa.table(columns))
            self.database.execute(f"create table {name} as from given")
            self.database.unregister("given")
        runs = " union all ".join(
            f"select *, {level} as level, occupation // {span} as under from vacancy"
            for level, span in enumerate(occupations.SPANS)
            if level
        )
        self.query = QUERY.format(k=ASKED.choices, v=len(v), base=2**20, score=SCORE, runs=runs)

    def ask(self) -> tuple[float, Any, Any]:
        begin = time.perf_counter()
        found = self.database.execute(self.query).fetchnumpy()
        return time.perf_counter() - begin, found["s"].astype(int), found["best"]


def stable(claims: Claims, seekers: int, vacancies: int, *, judged: bool) -> None:
    problem = market(seekers, vacancies, categories=1)
    lists = eligible.lists_of(problem, ASKED, prepare(problem, ASKED))
    latency = random_read(lists.vacancy.nbytes + lists.priority.nbytes)
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        held = acceptance.hold(lists, seed=1, hard_reserve=False)
        times.append(time.perf_counter() - begin)
    asked = settings(seed=1)
    solution = Matching(lists=lists, choice=held.choice)
    blocking = len(stability.blocking_pairs(lists, asked, solution))
    claims.at_most("blocking pairs, counted by the checker", blocking, 0, "pairs")
    claims.against(
        f"deferred acceptance with reserved seats, {held.proposals:,} proposals, beside as many"
        f" random reads of {latency * 1e9:.0f} ns",
        min(times), held.proposals * latency, "s", at_most=1.5, judged=judged,
    )  # fmt: skip


@kernel
def _walk(following, steps):  # type: ignore[no-untyped-def]
    at = 0
    for _ in range(steps):
        at = following[at]
    return at


def random_read(size: int) -> float:
    """Return the seconds of one read that the next must wait for, in ``size`` bytes: the best of 5."""
    count = max(size // 8, 1024)
    order = np.random.default_rng(1).permutation(count)
    following = np.empty(count, dtype=np.int64)
    following[order] = np.roll(order, -1)
    _walk(following, 10)
    steps, seconds = 1_000_000, []
    for _ in range(5):
        begin = time.perf_counter()
        _walk(following, steps)
        seconds.append(time.perf_counter() - begin)
    return min(seconds) / steps


def beside_matching(claims: Claims, seekers: int, *, judged: bool) -> None:
    """The same lists by both; PyPI `matching` copies its players deeply, hence the stack."""
    from matching.games import HospitalResident

    lists = lists_by_lot(seekers, seekers // 10, ASKED.choices)
    lists = replace(lists, seats=3 * np.maximum(lists.seats, 1))
    wishes, ranked = _as_dictionaries(lists)
    found: dict[str, Any] = {}

    def peer() -> None:
        begin = time.perf_counter()
        seats = {v: int(lists.seats[v]) for v in ranked}
        game = HospitalResident.create_from_dictionaries(wishes, ranked, seats)
        made = game.solve()
        found["seconds"] = time.perf_counter() - begin
        found["got"] = {(r.name, h.name) for h, residents in made.items() for r in residents}

    sys.setrecursionlimit(10**8)
    threading.stack_size(2**30)
    runner = threading.Thread(target=peer)
    runner.start()
    runner.join()
    times = []
    for _ in range(20):
        begin = time.perf_counter()
        held = acceptance.hold(lists, seed=1, hard_reserve=False)
        times.append(time.perf_counter() - begin)
    got = Matching(lists=lists, choice=held.choice).vacancy
    ours = {(s, int(got[s])) for s in np.flatnonzero(got >= 0)}
    size = f"{seekers:,} seekers × {seekers // 10:,} vacancies"
    claims.at_most("pairs that differ from `matching`'s", len(ours ^ found["got"]), 0, "pairs",
                   size=size)  # fmt: skip
    claims.against(
        "deferred acceptance beside PyPI `matching`, from lists to result (speed)",
        1 / median(times), 1 / found["seconds"], "runs/s", at_least=10_000, judged=judged,
        size=size,
    )  # fmt: skip


def _as_dictionaries(lists: Any) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    from dingzi.engines.matching.lots import keys

    wishes = {
        s: [int(v) for v in row if v >= 0] for s, row in enumerate(lists.vacancy) if row[0] >= 0
    }
    seeker, at = np.nonzero(lists.vacancy >= 0)
    vacancy = lists.vacancy[seeker, at]
    order = np.lexsort((-keys(lists.priority[seeker, at], seeker, 1), vacancy))
    ranked: dict[int, list[int]] = {}
    for row in order:
        ranked.setdefault(int(vacancy[row]), []).append(int(seeker[row]))
    return wishes, ranked


def best(claims: Claims, seekers: int, vacancies: int) -> None:
    problem = market(seekers, vacancies)
    lists = eligible.lists_of(problem, ASKED, prepare(problem, ASKED))
    raw, ours = [], []
    for _ in range(2):
        begin = time.perf_counter()
        total = _raw_flow(lists)
        raw.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        flow = assignment.assign(lists)
        ours.append(time.perf_counter() - begin)
    score = Matching(lists=lists, choice=flow.choice).score
    size = f"{seekers:,} seekers × {vacancies:,} vacancies, 10 choices"
    claims.at_most("assignment: sum short of the flow's optimum", total - score, 0, "points",
                   size=size)  # fmt: skip
    claims.against(
        "assignment beside the same flow in bare OR-Tools", min(ours), min(raw), "s",
        at_most=1.15, size=size,
    )  # fmt: skip


def _raw_flow(lists: Any) -> int:
    """Build, solve and read the flow as a user of OR-Tools would."""
    from ortools.graph.python import min_cost_flow

    people, vacancies = lists.vacancy.shape[0], len(lists.seats)
    rows, at = np.nonzero(lists.vacancy >= 0)
    solver = min_cost_flow.SimpleMinCostFlow()
    sink = people + vacancies
    cost = -lists.score[rows, at].astype(np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(
        rows.astype(np.int32), (people + lists.vacancy[rows, at]).astype(np.int32),
        np.ones(len(rows), np.int64), cost,
    )  # fmt: skip
    everyone = np.arange(people, dtype=np.int32)
    solver.add_arcs_with_capacity_and_unit_cost(
        everyone, np.full(people, sink, np.int32), np.ones(people, np.int64),
        np.zeros(people, np.int64),
    )  # fmt: skip
    solver.add_arcs_with_capacity_and_unit_cost(
        np.arange(people, sink, dtype=np.int32), np.full(vacancies, sink, np.int32),
        lists.seats.astype(np.int64), np.zeros(vacancies, np.int64),
    )  # fmt: skip
    solver.set_nodes_supplies(everyone, np.ones(people, np.int64))
    solver.set_node_supply(sink, -people)
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("no optimal flow")
    flows = solver.flows(np.arange(len(rows), dtype=np.int32))
    return int(-(flows * cost).sum())


if __name__ == "__main__":
    raise SystemExit(main())
