"""Nobody takes part in what he was recused from (人民调解法 15, 信访工作条例 28), and nobody judges what
he did himself."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Q

from dingzi.city.models import Tenure
from dingzi.city.viewer import Viewer
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


def had_a_hand(
    by: Viewer, *, posts: Collection[int], units: Collection[int | None], since: date
) -> bool:
    """Tell whether who acts is one of those: by his post or one that he stands in for, by his unit,
    or as a person who has sat on one of the posts since that day."""
    if not by.posts.isdisjoint(posts) or by.unit in units:
        return True
    if by.account is None or not posts:
        return False
    sat = Q(until=None) | Q(until__gt=since)
    return Tenure.objects.filter(sat, account=by.account, post__in=posts).exists()
