"""Pictures in articles: kept as papers of the article, shown without what a camera writes into them.

The original stays a paper that only the desk can have; readers get a copy made anew from its pixels,
so that place, time and device (EXIF) are gone, and no wider than a page needs.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from PIL import Image, ImageOps

from dingzi.core import blobs
from dingzi.core.errors import Invalid, NotFound
from dingzi.figures.texts.rich import Picture
from dingzi.matters.models import SEQ_BITS, Paper

#: Types by content; bytes, pictures at once, pixels of an original and of the longer side shown.
TYPES = ("image/jpeg", "image/png", "image/webp")
MOST_BYTES, MOST_AT_ONCE, MOST_PIXELS, SIDE = 8 * 1024 * 1024, 6, 40_000_000, 1600
_NUMBER = (1 << SEQ_BITS) - 1
_WRITTEN = re.compile(r"!\[([^\]\n]*)\]\(([^)\n]*)\)")
_OWN = re.compile(r"image:\d{1,4}").fullmatch


def take(uploads: Sequence[Any]) -> list[dict[str, Any]]:
    """Keep uploaded pictures (``blobs.Upload``); return them as papers of an act.

    Raises Invalid: what the store refuses, ``picture_type``, ``picture_broken``, ``picture_many``.
    """
    if len(uploads) > MOST_AT_ONCE:
        raise Invalid.of("picture_many", field="pictures", most=MOST_AT_ONCE)
    kept = []
    for upload in uploads:
        stored = blobs.store(upload, limit=MOST_BYTES)
        if stored.media_type not in TYPES:
            raise Invalid.of("picture_type", field="pictures", name=stored.name)
        try:
            made(stored.digest)
        except ValueError as error:
            raise Invalid.of("picture_broken", field="pictures", name=stored.name) from error
        kept.append({"digest": stored.digest, "name": stored.name})
    return kept


def of(article: int) -> dict[int, Paper]:
    """Return the pictures of an article by their numbers in it, erased ones left out."""
    rows = Paper.objects.filter(matter=article, media_type__in=TYPES, blob__isnull=False)
    return {one.pk & _NUMBER: one for one in rows.order_by("pk")}


def look_at(text: str) -> None:
    """Raise Invalid where a picture has no words for who cannot see it, or is not the article's own."""
    for words, source in _WRITTEN.findall(text):
        if not words.strip():
            raise Invalid.of("picture_words", field="text", source=source[:40])
        if not _OWN(source):
            raise Invalid.of("picture_elsewhere", field="text", source=source[:40])


def used(text: str) -> set[int]:
    """Return the numbers of the pictures that a text shows."""
    return {int(found) for found in re.findall(r"\]\(image:(\d{1,4})\)", text)}


def shown(article: int, text: str, url: str) -> tuple[Picture, ...]:
    """Return the pictures that a text shows; ``url`` is their address with 0 for the number."""
    wanted = used(text)
    if not wanted:
        return ()
    found = []
    for number, paper in of(article).items():
        if number in wanted:
            _content, width, height = made(str(paper.blob_id))
            found.append(Picture(number, url.replace("-0.", f"-{number}."), width, height))
    return tuple(found)


def content(article: int, number: int) -> bytes:
    """Return a picture as WebP; NotFound where the article has none of that number."""
    paper = of(article).get(number)
    if paper is None:
        raise NotFound.of("not_found")
    return made(str(paper.blob_id))[0]


@lru_cache(32)
def made(digest: str) -> tuple[bytes, int, int]:
    """Make a picture anew from its pixels: WebP, width, height. ValueError for what is none."""
    try:
        with blobs.open_blob(digest) as file, warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=("JPEG", "PNG", "WEBP")) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise ValueError("too many pixels")
                opened.draft("RGB", (SIDE, SIDE))  # a large photo is decoded small
                picture = ImageOps.exif_transpose(opened)
                picture.thumbnail((SIDE, SIDE))
                plain = picture.convert("RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB")  # fmt: skip
                plain.info.clear()
                out = io.BytesIO()
                plain.save(out, "WEBP", quality=82, method=4)
    except (OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:  # fmt: skip
        raise ValueError("not a picture") from error
    return out.getvalue(), plain.width, plain.height
