"""What the steward does in the sample city alone."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core.errors import Refusal
from dingzi.core.jobs import job
from dingzi.figures import Period, freezing, today
from dingzi.figures.guards.monthly import last_month
from dingzi.figures.models import Frozen
from dingzi.ledger import receipts

from . import marks
from .structure import post_code


@job("sample_freeze", every=timedelta(minutes=1))
def freeze() -> None:
    """Have the sample's steward freeze last year and the last whole month, once all is sealed."""
    if not settings.DEMO or Frozen.objects.exists() or receipts.head() is None:
        return
    steward = _steward()
    if marks.facts(marks.MADE) is None or steward is None:
        return
    for period in (Period.year(today().year - 1), last_month()):
        try:
            freezing.freeze(period, by=steward)
        except Refusal:
            continue  # a city that began this year has no last year


def _steward() -> Viewer | None:
    city = directory.city()
    code = post_code(f"zz-{city.code}", "pt") if city else ""
    for unit in directory.units():
        for post in directory.posts_of(unit.id):
            if "steward" in post.roles and code.startswith(unit.code):
                return Viewer(kind="staff", post=post.id, unit=unit.id, roles=post.roles)
    return None
