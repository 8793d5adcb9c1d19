"""The articles of the sample city: written of its own figures, some with numbers wrong on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dingzi.matters.samples import SampleCity, Story

from ..models import Article, Opened
from .writing import Writer


@cache
def pieces() -> list[dict[str, Any]]:
    """Return the articles of ``texts.yaml``, the oldest first."""
    path = Path(__file__).parent / "texts.yaml"
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text("utf-8"))
    return found


def after(city: SampleCity) -> Iterator[list[Story]]:
    """Yield the articles, then the comments on them."""
    if not city.has_home:
        return
    writer = Writer(city)
    told = [story for piece in pieces() if (story := writer.article(piece))]
    yield told
    titles = {piece["headline"]: piece for piece in pieces()}
    comments: list[Story] = []
    for article in Article.objects.filter(live=True).order_by("pk"):
        piece = titles.get(article.headline, {})
        random = city.random("articles", "opened", article.headline)
        Opened.objects.update_or_create(
            pk=article.pk, defaults={"times": random.randint(120, 3_400)}
        )
        comments += [writer.comment(article, said) for said in piece.get("comments", ())]
    yield comments
