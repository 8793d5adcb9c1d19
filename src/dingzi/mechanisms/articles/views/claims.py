"""An article and its checked claims as schema.org has them, for machines that collect checks."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings

from dingzi.city import directory
from dingzi.core.text import Text
from dingzi.figures.texts import Checked, Mark, rich
from dingzi.reading import DIFFERS, NO_DATA

from .. import selectors
from ..models import Article

_ENDS = re.compile("[。！？!?\n]")
_CLAUSES = re.compile("[，；：,;:、]")
_SAID = {"ok": Text("核实", "Verified"), "off": Text("不符", "Differs from the record")}


def reviews(article: Article, page: rich.Page) -> dict[str, Any]:
    """Return the JSON-LD of an article: itself, and a ClaimReview of each claim that was decided."""
    url = settings.SITE_URL + selectors.url(article)
    city = directory.name_of(directory.city(), "zh-hans")
    author = {"@type": "Organization", "name": selectors.signed(article, "zh-hans")}
    at = article.published_at.isoformat() if article.published_at else None
    itself = {
        "@type": "Article",
        "headline": article.headline,
        "datePublished": at,
        "dateModified": article.corrected_at.isoformat() if article.corrected_at else at,
        "author": author,
        "url": url,
        "inLanguage": "zh-CN",
    }
    found = [
        {
            "@type": "ClaimReview",
            "url": f"{url}#c{mark.n}",
            "datePublished": at,
            "author": {"@type": "Organization", "name": city, "url": settings.SITE_URL},
            "claimReviewed": told(page.checked, mark),
            "itemReviewed": {"@type": "Claim", "author": author, "datePublished": at, "appearance": {"@type": "CreativeWork", "url": url}},
            "reviewRating": {
                "@type": "Rating", "worstRating": 1, "bestRating": 5,
                "ratingValue": 1 if mark.verdict == DIFFERS else 5,
                "alternateName": _SAID[mark.shade].zh,
            },
        }
        for mark in page.checked.marks
        if mark.verdict != NO_DATA
    ]  # fmt: skip
    return {"@context": "https://schema.org", "@graph": [itself, *found]}


def told(checked: Checked, mark: Mark) -> str:
    """Return what is claimed: its sentence; where that has several numbers, first which of them."""
    whole = sentence(checked, mark)
    begin = checked.text.rfind(whole, 0, mark.claim.end)
    beside = [
        m for m in checked.marks if m.n != mark.n and begin <= m.claim.start < begin + len(whole)
    ]
    if not beside:
        return whole
    clauses = _CLAUSES.finditer(checked.text, begin, mark.claim.start)
    own = max((clause.end() for clause in clauses), default=begin)
    return f"{checked.text[own : mark.claim.end].strip()}（{whole}）"


def sentence(checked: Checked, mark: Mark) -> str:
    """Return the sentence in which a claim stands."""
    text, start, end = checked.text, mark.claim.start, mark.claim.end
    begin = max((m.end() for m in _ENDS.finditer(text, 0, start)), default=0)
    stop = _ENDS.search(text, end)
    return text[begin : stop.start() if stop else len(text)].strip()
