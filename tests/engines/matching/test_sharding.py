"""A matching in shares is the matching of one machine."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.errors import BadSettings
from dingzi.engines.matching import decide
from tests.engines.matching.jobs import lists, market, settings

RAY = """
import numpy as np, ray
from dingzi.engines.matching import decide
from tests.engines.matching.jobs import market, settings
for more in (True, True, True, False):  # on a laden machine ray gives its start up after 30 s
    try:
        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR",
                 object_store_memory=100_000_000)
        break
    except Exception:
        ray.shutdown()
        if not more:
            raise
problem = market(3000, 200, categories=1, places=10)
one, two = (decide(problem, settings(seed=5, **more)) for more in ({}, {"shards": 2, "ray": True}))
assert np.array_equal(one.solution.lists.vacancy, two.solution.lists.vacancy)
assert np.array_equal(one.solution.choice, two.solution.choice)
assert one.reasons == two.reasons
print("same", int((two.solution.choice > 0).sum()))
ray.shutdown()
"""


@given(st.integers(1, 7), st.integers(0, 10_000), st.booleans())
def test_any_number_of_shares_gives_the_same_answer(shards, seed, hard) -> None:
    """Choice for choice, lot for lot, with reserved seats and more shares than it needs."""
    problem = market(60, 12, seed=seed, places=2, categories=1)
    whole, split = (
        decide(problem, settings(seed=3, hard_reserve=hard, shards=n)) for n in (1, shards)
    )
    assert np.array_equal(whole.solution.choice, split.solution.choice)
    assert np.array_equal(whole.solution.lists.vacancy, split.solution.lists.vacancy)


@pytest.mark.slow
@pytest.mark.one_engine
def test_two_workers_of_ray_give_the_same_answer() -> None:
    """Two processes on this machine, each with half of the seekers."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RAY], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout.split()[-1]) > 0, "nobody was refused by his first choice"


def test_without_ray_the_way_out_is_told(monkeypatch) -> None:
    """ray is no part of what an installation needs."""
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(BadSettings, match="ray is not installed"):
        decide(market(10, 5), settings(shards=2, ray=True))


def test_given_lists_are_not_split() -> None:
    """They are here already."""
    with pytest.raises(BadSettings):
        decide(lists(5, 2, 2), settings(shards=2))
