"""Garbage is looked for between batches, and as before after them."""

from __future__ import annotations

import gc

import pytest

from dingzi.core.collecting import paused


def test_a_large_batch_pauses_the_collector_and_gives_it_back() -> None:
    """Within it nothing is looked for, also not after an inner one; an error gives it back too."""
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), paused(large=True):
        with paused(large=True):
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise ZeroDivisionError
    assert gc.isenabled()
    with paused(large=False):
        assert gc.isenabled()
