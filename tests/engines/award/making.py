"""Small rounds for the tests."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from dingzi.engines.award.problem import AwardProblem, AwardSettings
from dingzi.engines.award.rulebook import presets, rule_book
from dingzi.engines.contract import Stop


def settings(name: str) -> AwardSettings:
    return AwardSettings(stop=Stop(work=1), rules=rule_book(name))


def round_of(prices: list[int], volume: list[int], ceiling: int = 1000) -> AwardProblem:
    """One product, one bid of each bidder."""
    n = len(prices)
    return AwardProblem(
        products=["p"],
        bidders=[f"b{at}" for at in range(n)],
        regions=[f"r{at}" for at in range(len(volume))],
        ceiling=np.array([ceiling]),
        volume=np.array([volume]),
        product=np.zeros(n, np.int64),
        bidder=np.arange(n),
        price=np.array(prices),
        qualified=np.ones(n, np.bool_),
        revives=np.ones(n, np.bool_),
        score=np.zeros(n, np.int64),
    )


def shuffled(problem: AwardProblem, order: list[int]) -> AwardProblem:
    names = ("product", "bidder", "price", "qualified", "revives", "score", "capacity")
    return replace(problem, **{name: getattr(problem, name)[order] for name in names})


@st.composite
def rounds(draw: st.DrawFn) -> AwardProblem:
    """Up to three products and twelve bidders, prices close enough to tie and to break."""
    products, bidders = draw(st.integers(1, 3)), draw(st.integers(1, 12))
    regions = draw(st.integers(1, 4))
    size = products * bidders
    price = draw(st.lists(st.integers(1, 60), min_size=size, max_size=size))
    flags = st.lists(st.integers(0, 9).map(bool), min_size=size, max_size=size)
    volume = draw(
        st.lists(st.integers(0, 50), min_size=products * regions, max_size=products * regions)
    )
    return AwardProblem(
        products=[f"p{at}" for at in range(products)],
        bidders=[f"b{at}" for at in range(bidders)],
        regions=[f"r{at}" for at in range(regions)],
        ceiling=np.full(products, 50),
        volume=np.array(volume).reshape(products, regions),
        product=np.repeat(np.arange(products), bidders),
        bidder=np.tile(np.arange(bidders), products),
        price=np.array(price),
        qualified=np.array(draw(flags)),
        revives=np.array(draw(flags)),
        score=np.array(draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))),
        forms=[draw(st.sampled_from(["", "oral_solid"])) for _ in range(products)],
        capacity=np.array(draw(st.lists(st.integers(-1, 80), min_size=size, max_size=size))),
    )


books = st.sampled_from(presets()).map(settings)
