"""What the developer owes: collected by its unit after the households are served, or before."""

from __future__ import annotations

from typing import Any

from dingzi.core.errors import Invalid
from dingzi.matters.acts import Asked, Outcome, State
from dingzi.matters.common_acts import held_by_unit, inherited

from ..process import liability


@liability.on("set")
class Set:
    @staticmethod
    def check(state: State, asked: Asked) -> Outcome:
        data: Any = asked.data
        facts = inherited(state) | held_by_unit(data.unit, "handler", field="unit")
        return Outcome(facts=facts | {"category": data.owed}, private={"title": data.what})


@liability.on("collect")
class Collect:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        if not asked.data.amount:  # type: ignore[attr-defined]
            raise Invalid.of("estates_nothing_came_in", field="amount")
        return {}


@liability.on("settle")
class Settle:
    @staticmethod
    def check(state: State, asked: Asked) -> dict[str, Any]:
        return {"outcome": asked.data.result}  # type: ignore[attr-defined]
