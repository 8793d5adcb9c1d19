"""The public's pages: the list, an article with its numbers beside the record, its QR code."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from time import time
from typing import Any

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dingzi.city import directory
from dingzi.core.errors import NotFound
from dingzi.core.registry import mechanism
from dingzi.figures import today
from dingzi.figures.texts import proofs, rich
from dingzi.ui import frames

from .. import selectors
from ..models import Article
from ..services import pictures
from .claims import reviews

#: Seconds for which an article's marks are kept.
KEPT = 60


@frames.public
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """List the public articles, newest first; ``category`` and ``tag`` choose some of them."""
    known = mechanism("articles")
    sections = known.categories if known else {}
    category = request.GET.get("category", "")
    category = category if category in sections else ""
    tag = request.GET.get("tag", "").strip()[:16].replace("\0", "")
    rows = selectors.public(category, tag)
    part = Paginator(rows, selectors.SIZE).get_page(request.GET.get("page", "1")[:6])
    base = {"category": category, "tag": tag}
    context = {
        "lines": [selectors.line(one) for one in part],
        "part": part,
        "tag": tag,
        "chips": [{"url": "?", "label": _("全部"), "current": not category and not tag}]
        + [
            {"url": f"?category={code}", "label": str(label), "current": code == category}
            for code, label in sections.items()
        ],
        "query": "&".join(f"{k}={v}" for k, v in base.items() if v),
    }
    return frames.page(
        request, frames.PUBLIC, "articles/list.html", context, current="articles"
    )  # fmt: skip


@frames.public
@require_safe
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an article; every number leads to its figure, definition and check."""
    found = selectors.get_public(pk)
    if request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", ""):
        selectors.count_opening(found.pk)
    return show(request, found)


def show(
    request: HttpRequest,
    found: Article,
    *,
    comment: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with an article's page; ``comment`` is one that came back with what is wrong."""
    context = body(found) | public_parts(found) | (comment or {})
    return frames.page(
        request, frames.PUBLIC, "articles/article.html", context, current="articles", status=status
    )


def body(found: Article, pictures_at: str = "") -> dict[str, Any]:
    """Return what is shown of an article wherever it is: head, text with its marks, tags.

    ``pictures_at`` is where its pictures are had, with 0 for the number; the public address if "".
    """
    language = get_language() or "zh-hans"
    known = mechanism("articles")
    return {
        "article": found,
        "page": body_of(found, pictures_at),
        "signed": selectors.signed(found, language),
        "section": str(known.categories.get(found.category, "")) if known else "",
        "proof": proofs.proof(),
        "check_url": frames.check_url(),
    }


def public_parts(found: Article) -> dict[str, Any]:
    """Return what stands around a public article: comments, neighbours, share, claims for machines."""
    earlier, later = selectors.beside(found)
    language = get_language() or "zh-hans"
    return {
        "times": selectors.opened(found.pk),
        "comments": [
            {
                "text": one.text,
                "name": one.name,
                "at": one.said_at,
                "answer": one.answer,
                "answered_at": one.answered_at,
                "by": directory.name_of(directory.unit(one.answered_by), language),
            }
            for one in selectors.comments(found)
        ],
        "earlier": selectors.line(earlier) if earlier else None,
        "later": selectors.line(later) if later else None,
        "related": [selectors.line(one) for one in selectors.related(found)],
        "share": settings.SITE_URL + selectors.url(found),
        "reviews": reviews(found, body_of(found)),
    }


def body_of(found: Article, pictures_at: str = "") -> rich.Page:
    """Return an article's text with its marks, as it is or was within the last minute."""
    language = get_language() or "zh-hans"
    where = pictures_at or reverse("articles:picture", args=[found.pk, 0])
    shown = pictures.shown(found.pk, found.text, where)
    day = found.published_on or today()
    return made_page(found.text, day, shown, language, int(time() // KEPT))


@lru_cache(64)
def made_page(
    text: str, day: date, shown: tuple[rich.Picture, ...], language: str, minute: int
) -> rich.Page:
    """Make a page once a minute and language, for everyone alike."""
    return rich.page(text, day, shown)


@frames.public
@require_safe
def picture(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Give a picture that a public article shows."""
    found = selectors.get_public(pk)
    if number not in pictures.used(found.text):
        raise NotFound.of("not_found")
    return webp(pictures.content(pk, number), "public, max-age=3600")


def webp(content: bytes, kept: str) -> HttpResponse:
    answer = HttpResponse(content, content_type="image/webp")
    answer["Cache-Control"] = kept
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@frames.public
@require_safe
def qr(request: HttpRequest, pk: int, block: int) -> HttpResponse:
    """Give the QR code that opens an article at one of its blocks; 0 is its beginning."""
    found = selectors.get_public(pk)
    if block > body_of(found).blocks:
        raise NotFound.of("not_found")
    url = settings.SITE_URL + reverse("articles:article", args=[pk])
    made = segno.make_qr(f"{url}#p{block}" if block else url, error="m")
    text = made.svg_inline(border=2, light="#fff", dark="#17191c", omitsize=True)
    svg = text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    answer = HttpResponse(svg, content_type="image/svg+xml")
    answer["Cache-Control"] = "public, max-age=86400"
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer
