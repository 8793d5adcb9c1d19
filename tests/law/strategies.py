"""Starts, pauses and rules as hypothesis draws them."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st

from dingzi.law import Rule

days = st.dates(date(2003, 6, 1), date(2028, 6, 1))
amounts = st.integers(1, 120)
rules = st.one_of(
    st.builds(Rule, amounts, kind=st.just("working")),
    st.builds(Rule, amounts, moves_last_day=st.booleans()),
    st.builds(
        Rule,
        st.integers(1, 14),
        unit=st.sampled_from(["month", "year"]),
        moves_last_day=st.booleans(),
    ),
)


@st.composite
def started(draw):
    """A start, and up to four pauses around and after it, some of which have not ended."""
    start = draw(days)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        first = start + timedelta(days=draw(st.integers(-10, 150)))
        last = first + timedelta(days=draw(st.integers(0, 40)))
        pauses.append((first, draw(st.sampled_from([last, last, last, None]))))
    return start, pauses


def is_paused(day: date, pauses: list[tuple[date, date | None]]) -> bool:
    """Whether a day is paused; of a pause without an end only its first day is known."""
    return any(first <= day <= (last or first) for first, last in pauses)
