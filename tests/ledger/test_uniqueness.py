"""The measure of how many cases are alike in the public log."""

from __future__ import annotations

import json

from tests.ledger.uniqueness import views


def leaf(matter: str, seq: int, public: dict[str, object]) -> bytes:
    made = {"process": "dispute", "matter": matter, "seq": seq, "public": public}
    return json.dumps(made).encode()


def test_the_measure_counts_who_is_alone() -> None:
    """Two alike and one alone; with what was done later all three differ."""
    shown = {"county": "1", "category": "a", "month": "2025-01"}
    entries = [leaf(name, 1, shown) for name in "xy"]
    entries += [leaf("z", 1, shown | {"category": "b"})]
    entries += [leaf("x", 2, shown | {"changed": {"days": 3}})]
    found = views(entries)
    assert found["county, category, month of filing"][1:] == (1, 1, 3)
    assert found["with later months, durations and results"].alone == 3
    assert found["with later months, durations and results"].cases == 3


def test_a_category_named_later_is_that_of_the_filing() -> None:
    """A case filed without a category counts under the one it was accepted with."""
    shown = {"county": "1", "category": "", "month": "2025-01"}
    entries = [leaf("x", 1, shown), leaf("x", 2, shown | {"category": "a", "month": "2025-02"})]
    entries += [leaf("y", 1, shown | {"category": "a"})]
    assert views(entries)["county, category, month of filing"].smallest == 2
