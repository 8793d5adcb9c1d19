"""The book replayed over what it made: the same rows, under the same ids."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from dingzi.city.appliers import BOOK, replaying
from dingzi.city.models import Delegation, Post, Tenure
from tests.city.conftest import Record

SINCE = "2025-01-01"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(
            [
                ("tenure_started", {"post": "x.p", "account": "li", "since": SINCE}),
                ("tenure_ended", {"post": "x.p", "account": "li", "until": "2025-03-01"}),
                ("tenure_started", {"post": "x.p", "account": "li", "since": "2025-03-01"}),
            ],
            id="seated again on the day of leaving",
        ),
        pytest.param(
            [
                ("account_closed", {"username": "li", "on": "2025-03-01"}),
                ("account_opened", {"username": "li"}),
                ("tenure_started", {"post": "x.p", "account": "li", "since": "2025-05-01"}),
            ],
            id="an account opened again",
        ),
        pytest.param(
            [
                ("delegated", {"post": "x.p", "delegate": "jia.window", "since": SINCE}),
                ("delegation_ended", {"post": "x.p", "delegate": "jia.window", "until": "2025-03-01"}),
                ("delegated", {"post": "x.p", "delegate": "jia.window", "since": "2025-03-01"}),
            ],
            id="delegated again on the day it ended",
        ),
    ],
)  # fmt: skip
def test_an_event_meets_only_what_was_there(
    city: Record, at: Callable[..., Any], script: list[tuple[str, dict[str, Any]]]
) -> None:
    """What a later event made is neither ended nor taken away by an earlier one."""
    at("2025-09-26T10:00+08:00")
    unit = {"code": "x", "name": "新中心", "kind": "centre", "division": "990102", "since": SINCE}
    post = {"code": "x.p", "name": "新岗", "unit": "x", "roles": ["window"], "since": SINCE}
    told = [
        ("unit_opened", unit), ("post_opened", post), ("account_opened", {"username": "li"}), *script,
    ]  # fmt: skip
    for action, facts in told:
        city(action, facts)

    def rows() -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (Tenure, Delegation, Post)]

    before = rows()
    with replaying() as made:
        for action, facts in told:
            BOOK[action][1](facts, datetime.now(UTC))
    assert rows() == before
    tenures = Tenure.objects.filter(account__username="li").values_list("pk", flat=True)
    assert {pk for model, pk in made if model is Tenure} == set(tenures)
