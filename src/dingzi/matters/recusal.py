"""Recusal: nobody takes part in what he was recused from (人民调解法 15, 信访工作条例 28)."""

from __future__ import annotations

from typing import Any

from dingzi.core.errors import Invalid


def demand(data: Any, field: str) -> None:
    """Check who took part (``field``) against ``recused`` and ``recusal_asked``.

    Raises Invalid ``required``, ``recused_takes_part`` or ``recusal_unanswered``.
    """
    names = [name.strip() for name in getattr(data, field)]
    if not names:
        raise Invalid.of("required", field=field)
    recused = {name.strip() for name in data.recused}
    if both := recused.intersection(names):
        raise Invalid.of("recused_takes_part", field=field, name=min(both))
    if data.recusal_asked and not recused:
        raise Invalid.of("recusal_unanswered", field="recused")
