"""The latest articles as an Atom feed."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi.city import directory
from dingzi.figures import today
from dingzi.figures.texts import rich
from dingzi.ui import frames

from .. import selectors

LATEST = 30


@frames.public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Give the latest articles, each with its text; corrections move its date."""
    city = directory.name_of(directory.city(), "zh-hans")
    made = Atom1Feed(
        title=_("%(city)s的文章") % {"city": city},
        link=settings.SITE_URL + reverse("articles:list"),
        feed_url=settings.SITE_URL + reverse("articles:feed"),
        description="",
        language="zh-CN",
    )
    for one in selectors.public()[:LATEST]:
        link = settings.SITE_URL + selectors.url(one)
        made.add_item(
            title=one.headline,
            link=link,
            unique_id=link,
            description=one.summary,
            content=str(rich.page(one.text, one.published_on or today()).html),
            author_name=selectors.signed(one, "zh-hans"),
            pubdate=one.published_at,
            updateddate=one.corrected_at or one.published_at,
            categories=one.tags,
        )
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    made.write(answer, "utf-8")
    return answer
