"""What nobody has touched since a change of office, by post."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi.matters import telling
from dingzi.matters import untouched as logic
from dingzi.ui import words

from .desk import desk, language, page, viewer_of
from .inbox import keys, many
from .rows import row


@desk
@require_safe
def untouched(request: HttpRequest) -> HttpResponse:
    """Show, a post each, what lies there since its holder changed or left."""
    viewer, tongue, now = viewer_of(request), language(), timezone.now()
    groups = []
    for left in logic.of_viewer(viewer):
        day = words.day(left.since, now)
        since = _("%(day)s起空着") if left.vacant else _("%(day)s换了人")
        count = many(len(left.matters))
        groups.append(
            {
                "key": "untouched",
                "title": telling.post_name(left.post, tongue),
                "sub": (since % {"day": day})
                + (_("，%(many)s以上") if left.more else _("，%(many)s")) % {"many": count},
                "rows": [row(matter, viewer, tongue) for matter in left.matters],
            }
        )
    context = {"groups": groups, "now": now, "keys": keys()}
    return page(request, "untouched", context, current="handovers")
