"""The searches for plain knapsacks: never infeasible, never worse, the same again, true bounds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from dingzi.engines.contract import Stop
from dingzi.engines.portfolio.deciding import decide
from dingzi.engines.portfolio.evolving import evolve, repair_orders
from dingzi.engines.portfolio.exchanging import exchange
from dingzi.engines.portfolio.problem import PortfolioSettings
from dingzi.engines.portfolio.relaxation import Relaxed, relax
from tests.engines.portfolio.making import SETTINGS, best, make


def hard(items: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, Relaxed]:
    """Value, use by item, capacity and relaxation of a problem as Chu and Beasley make them."""
    random = np.random.default_rng(seed)
    use = random.integers(1, 1001, (5, items))
    value = (use.sum(axis=0) / 5 + 500 * random.random(items)).astype(np.int64)
    capacity = use.sum(axis=1) // 2
    return value, np.ascontiguousarray(use.T), capacity, relax(value, use, capacity)


@limits(max_examples=15)
@given(st.integers(20, 80), st.integers(0, 1000))
def test_an_exchange_keeps_what_fits_and_never_loses(items: int, seed: int) -> None:
    """From nothing at all: what comes out fits, no single item could be added, and twice is once."""
    value, use, capacity, relaxed = hard(items, seed)
    orders = repair_orders(value, use.T, relaxed.prices, 4, 0.1, seed)
    core = np.argsort(np.abs(relaxed.reduced), kind="stable")[:30]
    begin = np.zeros(items, np.uint8)
    asked = (value, use, capacity, relaxed.prices, orders, core, 20, seed)
    found = exchange(begin, *asked)
    load = found @ use
    assert (load <= capacity).all()
    assert value @ found > 0
    assert not begin.any()
    assert (exchange(begin, *asked) == found).all()
    assert value @ exchange(found, *asked) >= value @ found


def test_the_searches_come_close_to_the_relaxation() -> None:
    """On a hundred items both reach what no solution can beat by more than a hundredth."""
    value, use, capacity, relaxed = hard(100, 3)
    orders = repair_orders(value, use.T, relaxed.prices, 8, 0.1, 1)
    nothing = np.zeros((0, 100), np.uint8)
    population, worth = evolve(
        value, use, capacity, orders, np.argsort(-value), relaxed.solution, nothing, 40, 5_000,
        True, 1,
    )  # fmt: skip
    evolved = population[worth.argmax()]
    core = np.argsort(np.abs(relaxed.reduced), kind="stable")[:40]
    exchanged = exchange(evolved, value, use, capacity, relaxed.prices, orders, core, 200, 1)
    assert 0.99 * relaxed.value <= value @ evolved <= value @ exchanged <= relaxed.value


@given(st.integers(0, 10_000), st.sampled_from([1, 997, 10**6 + 3, 10**11 + 3]))
def test_the_bound_is_true_for_large_sums_too(seed: int, scale: int) -> None:
    """Money in fen goes beyond what a solver's tolerances hold apart; the bound still does."""
    random = np.random.default_rng(seed)
    use = random.integers(0, 50, (2, 8)) * scale + random.integers(0, 3, (2, 8))
    value = random.integers(1, 40, 8) * scale
    problem = make(value.tolist(), use.tolist(), (use.sum(axis=1) // 2).tolist())
    found = decide(problem, SETTINGS)
    reached = best(problem)
    assert found.objective is not None
    assert found.bound is not None
    assert reached is not None
    assert found.objective <= reached <= found.bound
    assert (found.status == "optimal") == (found.objective == found.bound)


def test_the_same_work_gives_the_same_packing() -> None:
    """One core and a limit of work: the same choice and bound, whatever the clock does."""
    value, use, capacity, _ = hard(60, 5)
    problem = make(value.tolist(), use.T.tolist(), capacity.tolist())
    settings = PortfolioSettings(stop=Stop(work=20), seed=4)
    first, second = decide(problem, settings), decide(problem, settings)
    assert first.solution is not None
    assert second.solution is not None
    assert (first.solution.chosen == second.solution.chosen).all()
    assert first.bound == second.bound


def test_a_packing_ends_on_time() -> None:
    """Half a second is not exceeded by much, and two workers are heard."""
    value, use, capacity, _ = hard(100, 6)
    problem = make(value.tolist(), use.T.tolist(), capacity.tolist())
    decide(problem, replace(SETTINGS, stop=Stop(work=8, cores=2)))  # compiled before the clock runs
    told: list[tuple[object, object]] = []
    found = decide(
        problem,
        PortfolioSettings(stop=Stop(seconds=0.5, cores=2), tell=lambda *one: told.append(one)),
    )
    assert found.seconds < 5
    assert told
