"""Papers that come with a filing, each kept or refused on its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from dingzi.core import blobs, reasons
from dingzi.core.errors import Invalid, Reason

#: How many papers one filing may bring along.
MOST = 9


def take(
    files: Sequence[UploadedFile], kept: list[dict[str, Any]], most: int = MOST
) -> tuple[list[dict[str, Any]], list[Reason]]:
    """Return all papers that are kept now, and a reason for each file that was not.

    A file that came twice is kept once.
    """
    papers, wrong = list(kept), []
    known = {paper["digest"] for paper in papers}
    for place, upload in enumerate(files, start=1):
        if len(papers) >= most:
            wrong.append(("too_many_photos", {"field": "papers", "limit": most}))
            break
        try:
            stored = asdict(blobs.store(upload, limit=settings.UPLOAD_LIMIT))
        except Invalid as refusal:
            why = " ".join(reasons.say_all(refusal))
            name = str(upload.name or "")[:40]
            wrong.append(
                ("photo_refused", {"field": "papers", "place": place, "name": name, "why": why})
            )
            continue
        if stored["digest"] not in known:
            known.add(stored["digest"])
            papers.append(stored)
    return papers, wrong


def drop(kept: list[dict[str, Any]], digest: str) -> list[dict[str, Any]]:
    return [paper for paper in kept if paper["digest"] != digest]
