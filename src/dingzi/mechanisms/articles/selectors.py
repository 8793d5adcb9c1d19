"""Reads of articles. What the public sees is public for everyone; drafts ask for the viewer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core.errors import NotFound
from dingzi.matters import selectors as matters
from dingzi.matters.models import Matter

from .models import Article, Comment, Opened

#: Articles on one page of the list, on the home page, beside another, found by words.
SIZE, HOME, RELATED, FOUND = 12, 3, 3, 8
#: So many of the newest are looked through for what is related.
_LOOKED = 200
#: No database holds a key so large.
_BEYOND = 1 << 63


def public(category: str = "", tag: str = "") -> QuerySet[Article]:
    """Return the public articles, newest first."""
    rows = Article.objects.filter(live=True).order_by("-published_at", "-pk")
    if category:
        rows = rows.filter(category=category)
    if tag:
        # a list in JSON; both engines find a text in it by how it is written
        ids = [pk for pk, tags in rows.values_list("pk", "tags") if tag in tags]
        rows = rows.filter(pk__in=ids)
    return rows


def get_public(pk: int) -> Article:
    """Return a public article; NotFound ``not_found`` for any other."""
    found = Article.objects.filter(pk=pk, live=True).first() if pk < _BEYOND else None
    if found is None:
        raise NotFound.of("not_found")
    return found


def get(number: str, viewer: Viewer) -> tuple[Matter, Article]:
    """Return an article that the viewer sees, public or not; NotFound else."""
    matter = matters.get(number, viewer)
    found = Article.objects.filter(pk=matter.pk).first()
    if found is None:
        raise NotFound.of("not_found")
    return matter, found


def signed(article: Article, language: str) -> str:
    """Name the unit, or the unit and the post, under whose name it stands; never a person."""
    unit = directory.name_of(directory.unit(article.unit), language)
    if article.byline != "post":
        return unit
    gap = " " if language.startswith("en") else ""
    return f"{unit}{gap}{directory.name_of(directory.post(article.post), language)}"


def beside(article: Article) -> tuple[Article | None, Article | None]:
    """Return the public articles before and after it."""
    rows = Article.objects.filter(live=True).exclude(pk=article.pk)
    at = article.published_at
    earlier = rows.filter(Q(published_at__lt=at) | Q(published_at=at, pk__lt=article.pk))
    later = rows.filter(Q(published_at__gt=at) | Q(published_at=at, pk__gt=article.pk))
    return (
        earlier.order_by("-published_at", "-pk").first(),
        later.order_by("published_at", "pk").first(),
    )


def related(article: Article) -> list[Article]:
    """Return those that share most figures and tags with it, the newest first among equals."""
    mine, tags = set(article.figures), set(article.tags)

    def score(one: Article) -> int:
        return 3 * len(mine & set(one.figures)) + 2 * len(tags & set(one.tags))

    rows = list(public().exclude(pk=article.pk)[:_LOOKED])
    found = sorted(((score(one), -at, one) for at, one in enumerate(rows)), key=lambda r: r[:2])
    return [one for points, _at, one in found[::-1] if points][:RELATED]


def comments(article: Article) -> Sequence[Comment]:
    """Return the comments that are shown, the oldest first."""
    return list(article.comments.filter(shown=True).order_by("said_at", "pk"))


def opened(pk: int) -> int:
    """Return how often the page was opened."""
    return Opened.objects.filter(pk=pk).values_list("times", flat=True).first() or 0


def count_opening(pk: int) -> None:
    """Count one opening; nothing of who it was is asked or kept.

    Where the database is busy the reader reads on and the opening is not counted.
    """
    with suppress(OperationalError), transaction.atomic():
        if not Opened.objects.filter(pk=pk).update(times=F("times") + 1):
            Opened.objects.get_or_create(pk=pk, defaults={"times": 1})


def newest_change() -> tuple[date | None, int]:
    """Return what changes whenever the public list does: for caches."""
    newest = public().first()
    return (newest.published_on if newest else None, public().count())


def home() -> dict[str, Any] | None:
    """Return what the front page shows: the latest articles; None where there is none."""
    latest = list(public()[:HOME])
    if not latest:
        return None
    return {"latest": [line(one) for one in latest]}


def line(article: Article) -> dict[str, Any]:
    """Return an article as a line of a list, in built-in values."""
    return {
        "title": article.headline,
        "summary": article.summary,
        "url": url(article),
        "on": article.published_on,
        "verified": article.verified,
        "differs": article.differs,
        "corrected": article.corrections,
    }


def url(article: Article) -> str:
    return reverse("articles:article", args=[article.pk])


def find(words: str) -> list[dict[str, str]]:
    """Return the public articles that hold every word, newest first."""
    wanted = words.split()[:6]
    if not wanted or "\0" in words:
        return []
    rows = public()
    for word in wanted:
        rows = rows.filter(
            Q(headline__icontains=word) | Q(summary__icontains=word) | Q(text__icontains=word)
        )
    return [
        {"title": a.headline, "means": a.summary, "url": url(a), "group": _("文章")}
        for a in rows[:FOUND]
    ]
