"""Irreducible sets of demands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dingzi.engines.demands import Conflict, irreducible

SETS = st.lists(st.frozensets(st.integers(0, 11), min_size=1, max_size=5), max_size=5)


@given(SETS)
def test_a_conflict_is_one_that_no_demand_can_leave(conflicts: list[frozenset[int]]) -> None:
    """The set found cannot hold; without any one of it, the rest can."""

    def possible(demands: object) -> bool:
        return not any(conflict <= set(demands) for conflict in conflicts)  # type: ignore[call-overload]

    found = irreducible(range(12), possible)
    assert (found is None) == (not conflicts)
    if found is not None:
        assert found.proven
        assert not possible(found.demands)
        for one in found.demands:
            assert possible([other for other in found.demands if other != one])


def test_what_cannot_hold_without_any_demand_needs_none() -> None:
    """Where the problem itself is impossible, no demand is blamed."""
    assert irreducible(["a", "b"], lambda _: False) == Conflict((), True)


def test_an_unanswered_question_is_said() -> None:
    """A set found with a question left open is not called irreducible."""
    found = irreducible("abc", lambda demands: None if len(demands) == 1 else len(demands) < 2)
    assert found is not None
    assert not found.proven


def test_a_known_conflict_keeps_all_that_time_did_not_clear() -> None:
    """Known to be impossible, no question answered: every demand stays, and that is said."""
    assert irreducible("abc", lambda _: None, proven=True) == Conflict(tuple("abc"), False)
    assert irreducible("", lambda _: None, proven=True) == Conflict((), True)


def test_few_questions_for_a_small_conflict() -> None:
    """Two of 1,024 demands are found with a few dozen questions, not a thousand."""
    asked = []

    def possible(demands: object) -> bool:
        asked.append(demands)
        return not {100, 900} <= set(demands)  # type: ignore[call-overload]

    found = irreducible(range(1024), possible)
    assert found is not None
    assert found.demands == (100, 900)
    assert len(asked) < 60
