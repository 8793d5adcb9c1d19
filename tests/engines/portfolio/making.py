"""Small portfolios for the tests, and every solution of them by brute force."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from dingzi.engines.contract import Stop
from dingzi.engines.portfolio.checking import check
from dingzi.engines.portfolio.problem import (
    Group,
    Portfolio,
    PortfolioProblem,
    PortfolioSettings,
)

SETTINGS = PortfolioSettings(stop=Stop(work=40))


def make(
    value: list[int], use: list[list[int]], capacity: list[int], **more: Any
) -> PortfolioProblem:
    """One version an item unless ``item`` says otherwise."""
    item = more.pop("item", list(range(len(value))))
    count = max(item) + 1
    return PortfolioProblem(
        items=[f"i{at}" for at in range(count)],
        versions=[f"v{at}" for at in range(len(value))],
        item=np.array(item),
        value=np.array(value),
        resources=[f"r{at}" for at in range(len(capacity))],
        use=np.array(use),
        capacity=np.array(capacity),
        carries=np.array(more.pop("carries", [-1] * len(capacity))),
        must=np.array(more.pop("must", [False] * count)),
        tier=np.array(more.pop("tier", [0] * count)),
        **more,
    )


def best(problem: PortfolioProblem, settings: PortfolioSettings = SETTINGS) -> int | None:
    """The most that any feasible choice is worth; None where nothing holds."""
    found = None
    for bits in product((False, True), repeat=len(problem.versions)):
        verdict = check(problem, settings, Portfolio(chosen=np.array(bits)))
        if verdict.feasible and (found is None or int(verdict.objective or 0) > found):
            found = int(verdict.objective or 0)
    return found


@st.composite
def problems(draw: st.DrawFn, *, plain: bool = False) -> PortfolioProblem:
    """Problems of at most 7 versions, with every kind of demand."""
    made = draw(st.integers(1, 7))
    held = draw(st.integers(1, 3))
    numbers = st.integers(0, 12)
    value = draw(st.lists(numbers, min_size=made, max_size=made))
    use = [draw(st.lists(numbers, min_size=made, max_size=made)) for _ in range(held)]
    capacity = draw(st.lists(st.integers(0, 30), min_size=held, max_size=held))
    if plain:
        return make(value, use, capacity)
    item = [0]
    for _ in range(made - 1):
        item.append(item[-1] + draw(st.integers(0, 1)))
    count = item[-1] + 1
    place = st.integers(0, count - 1)
    pair = st.tuples(place, place).filter(lambda both: both[0] != both[1])
    pairs = st.lists(pair, max_size=2).map(tuple) if count > 1 else st.just(())
    group = st.builds(
        Group,
        name=st.just("g"),
        items=st.lists(place, min_size=1, unique=True).map(tuple),
        least=st.integers(0, 2),
        most=st.none() | st.integers(0, 3),
        floor=st.integers(0, 10),
        ceiling=st.none() | st.integers(0, 40),
    )
    groups = draw(st.lists(group, max_size=2))
    return make(
        value, use, capacity,
        item=item,
        carries=[at - 1 for at in range(held)] if draw(st.booleans()) else [-1] * held,
        must=[draw(st.integers(0, 4)) == 0 for _ in range(count)],
        groups=tuple(replace(one, name=f"g{at}") for at, one in enumerate(groups)),
        requires=draw(pairs),
        excludes=draw(pairs),
    )  # fmt: skip
