"""Files made for one person: never kept by a proxy, never shown inside the site."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def given(content: bytes, media_type: str, name: str) -> HttpResponse:
    """Answer with a file to save under ``name``."""
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    answer["Cache-Control"] = "private, no-store"
    return answer
