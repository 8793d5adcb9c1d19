"""The public log as it lies on disk (C2SP tlog-tiles): the head, tiles, bundles of entries.

A reverse proxy may serve the same folder instead (docs/ledger.md). Tiles never change, the head is
never kept; anybody's page may read both.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from dingzi.core.errors import NotFound

from .pages import open_to_all

#: Addresses of tiles; nothing else of the folder is shown.
TILE = r"log/(?P<path>tile/(?:entries|[0-7])/(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?)"
_FOR_EVER = "public, max-age=31536000, immutable"


@open_to_all
@require_safe
def checkpoint(request: HttpRequest) -> HttpResponseBase:
    """Give the newest signed head."""
    path = Path(settings.LOG) / "checkpoint"
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise NotFound.of("not_found") from None
    response = HttpResponse(content, content_type="text/plain; charset=utf-8")
    return _open(response, "no-cache")


@open_to_all
@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponseBase:
    """Give a tile or a bundle."""
    try:
        file = (Path(settings.LOG) / path).open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        raise NotFound.of("not_found") from None
    return _open(FileResponse(file, content_type="application/octet-stream"), _FOR_EVER)


def _open(response: HttpResponseBase, kept: str) -> HttpResponseBase:
    response["Cache-Control"] = kept
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
