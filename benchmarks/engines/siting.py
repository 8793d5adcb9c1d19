"""Siting: p-median against spopt with CBC, a city's schools against HiGHS alone, proofs and gaps.

Instances are made by a seed, of OR-Library's pmed20 and pmed40 kind, and a synthetic city. The peer
of a city is HiGHS on the model as its user would write it (``siting_alone``), with the same problem,
seconds and cores; what it finds is priced by our checker. Three cities are made, by ``--seed`` only
one. ``--quick``: small ones.
``--public FORMAT FILE OPTIMUM`` decides a public file instead (``capa.txt`` with ``--capacity``).
"""

from __future__ import annotations

import sys
import tempfile
import time
from argparse import Namespace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import pulp
from claims import Claims, arguments
from instances import FARTHEST_M, city, write_pmed
from siting_alone import Alone
from spopt.locate import PMedian

from dingzi.engines.contract import Stop
from dingzi.engines.siting import (
    CitySettings,
    FacilityProblem,
    FacilitySettings,
    check_city,
    decide_city,
    decide_facility,
)
from dingzi.engines.siting.entry import ENGINE
from dingzi.engines.siting.orlib import pmed

CORES = 2
SEED = 20
SEEDS = (20, 21, 22)


def p_median(nodes: int, p: int) -> FacilityProblem:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.txt"
        write_pmed(path, nodes, p, SEED)
        return pmed(path, Namespace())


def against_spopt(claims: Claims, nodes: int, p: int, judged: bool) -> None:
    problem = p_median(nodes, p)
    size = f"{nodes} nodes, p = {p}"
    begun = time.monotonic()
    ours = decide_facility(problem, FacilitySettings(stop=Stop(seconds=200, cores=1), seed=1))
    mine = time.monotonic() - begun
    begun = time.monotonic()
    model = PMedian.from_cost_matrix(problem.cost, problem.demand, p_facilities=p)
    model.solve(pulp.PULP_CBC_CMD(msg=False, threads=1))
    theirs = time.monotonic() - begun
    found = float(pulp.value(model.problem.objective))
    claims.at_most("p-median: cost over CBC's optimum", ours.objective / found, 1, "×", size=size)
    claims.at_most("p-median: proven gap", ours.gap, 0, "", size=size)
    claims.against(
        "p-median to proven optimum: spopt + CBC's time over ours", theirs, mine, "s",
        at_least=5, judged=judged, size=size,
    )  # fmt: skip


def proven(claims: Claims, nodes: int, p: int, limit: float, judged: bool) -> None:
    problem = p_median(nodes, p)
    begun = time.monotonic()
    found = decide_facility(problem, FacilitySettings(stop=Stop(seconds=100, cores=1), seed=1))
    seconds = time.monotonic() - begun
    size = f"{nodes} nodes, p = {p}, gap {found.gap:g}"
    claims.at_most("p-median proven optimal", seconds, limit, "s", judged=judged, size=size)
    claims.at_most("p-median: proven gap", found.gap, 0, "", size=size)


def a_city(
    claims: Claims, schools: int, villages: int, seconds: float, judged: bool, *, seed: int,
    peer: bool = True,
) -> None:  # fmt: skip
    problem = city(schools, villages, seed)
    settings = CitySettings(
        stop=Stop(seconds=seconds, cores=CORES), seed=1, module_seats=45, fen_per_km=60_000,
        farthest_m=FARTHEST_M,
    )  # fmt: skip
    of = f"{len(problem.bands)} bands × {len(problem.years)} years"
    size = f"{schools} schools × {villages} villages × {of}, {seconds:g} s, seed {seed}"
    found = decide_city(problem, settings)
    assert found.objective is not None and found.gap is not None
    assert found.solution is not None
    assert check_city(problem, settings, found.solution).objective == found.objective
    claims.at_most("city: proven gap", 100 * found.gap, 2, "%", judged=judged, size=size)
    if not peer:
        return
    plan, answer = Alone(problem, settings).solve(seconds, CORES)
    told = None if plan is None else check_city(problem, settings, plan).objective
    if told is None:
        claims.at_least("city: HiGHS alone finds no plan that holds", 1, 1, "", size=size)
        return
    claims.against(
        "city: cost over that of HiGHS alone", found.objective, told, "fen",
        at_most=0.99, judged=judged, size=size,
    )  # fmt: skip
    bound = max(float(found.bound or 0), answer.bound)
    claims.at_most(
        "city: ours over the best that either proves possible",
        100 * (found.objective / bound - 1), 2, "%", judged=judged, size=size,
    )  # fmt: skip


def public(claims: Claims, form: str, path: Path, optimum: float, options: Namespace) -> None:
    """A published file with the optimum that is told for it, which may be rounded to thousandths."""
    problem = ENGINE.formats[form].read(path, options)
    stop = Stop(seconds=options.seconds, cores=CORES)
    found = decide_facility(problem, FacilitySettings(stop=stop, seed=1))
    assert found.objective is not None and found.gap is not None and found.bound is not None
    size = f"{path.stem} ({form}), {found.seconds:.1f} of {options.seconds:g} s, {found.status}"
    over = max(0.0, found.objective - optimum - 1e-3)
    claims.at_most("cost over the known optimum", 100 * over / optimum, 0, "%", size=size)
    claims.at_most("proven gap", 100 * found.gap, 1, "%", size=size)
    claims.at_most(
        "bound above the known optimum", max(0.0, found.bound - optimum - 1e-3), 0, "units"
    )


def main() -> int:
    asked = arguments(__doc__)
    asked.add_argument("--part", choices=("peer", "proven", "city", "large"), help="only this")
    asked.add_argument("--seed", type=int, action="append", help="of a city: only this one")
    asked.add_argument("--public", nargs=3, action="append", default=[], help="a public file")
    asked.add_argument("--capacity", type=float, help="that a public file leaves open")
    asked.add_argument("--seconds", type=float, default=60.0, help="for each public file")
    options = asked.parse_args()
    quick, part = options.quick, options.part
    if options.public:
        claims = Claims("public files")
        for form, path, optimum in options.public:
            public(claims, form, Path(path), float(optimum), options)
        return claims.finish()
    claims = Claims("made by a seed")
    if part in (None, "peer"):
        against_spopt(claims, *((150, 50) if quick else (400, 133)), judged=not quick)
    if part in (None, "proven"):
        proven(claims, *((300, 5) if quick else (900, 90)), limit=20, judged=not quick)
        proven(claims, *((300, 10) if quick else (900, 5)), limit=20, judged=not quick)
    if part in (None, "city"):
        size = (24, 240) if quick else (100, 1000)
        for seed in SEEDS[:1] if quick else (options.seed or SEEDS):
            a_city(claims, *size, 10 if quick else 90, not quick, seed=seed)
    if part == "large" or (part is None and not quick):
        a_city(claims, 300, 3000, 200, True, seed=SEED, peer=False)
    return claims.finish()


if __name__ == "__main__":
    raise SystemExit(main())
