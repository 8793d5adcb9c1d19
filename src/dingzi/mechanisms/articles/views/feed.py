"""The latest articles as an Atom feed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi.city import directory
from dingzi.ui import frames

from .. import selectors
from ..models import Article
from .reading import body_of

LATEST = 30


class _Feed(Atom1Feed):
    """Atom with the whole text of each entry: Django's own writes the summary alone."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})


def _text(one: Article) -> str:
    """Return an article's text, its pictures at addresses that hold outside the site."""
    at = settings.SITE_URL + reverse("articles:picture", args=[one.pk, 0])
    return str(body_of(one, at).html)


@frames.public
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Give the latest articles, each with its text; corrections move its date."""
    city = directory.name_of(directory.city(), "zh-hans")
    made = _Feed(
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
            content=_text(one),
            author_name=selectors.signed(one, "zh-hans"),
            pubdate=one.published_at,
            updateddate=one.corrected_at or one.published_at,
            categories=one.tags,
        )
    answer = HttpResponse(content_type="application/atom+xml; charset=utf-8")
    made.write(answer, "utf-8")
    return answer
