"""The public log as it lies on disk (C2SP tlog-tiles): the head, tiles, bundles of entries.

A reverse proxy may serve the same folder instead (docs/ledger.md). Tiles never change, the head is
never kept; anybody's page may read both.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from dingzi.core.errors import Invalid, NotFound
from dingzi.ledger import keys, receipts, witnesses

from .pages import open_to_all, page

#: Addresses of tiles; nothing else of the folder is shown.
TILE = (
    r"log/(?P<path>(?:sm3/)?tile/(?:entries|[0-7])/(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?)"
)
#: Bytes of the longest cosigned head that is taken.
MOST = 20_000
_FOR_EVER = "public, max-age=31536000, immutable"


@open_to_all
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Show the head, who has cosigned and how long ago, and how to look for oneself."""
    context = {
        "head": receipts.head(),
        "named": keys.named(),
        "witnesses": [
            {"one": one, "ago": _ago(one.at) if one.at else ""} for one in witnesses.standing()
        ],
    }
    return page(request, "check/log", context)


def _ago(at: datetime) -> str:
    minutes = max(0, int((timezone.now() - at).total_seconds() // 60))
    if minutes < 120:
        return ngettext("%(n)d分钟前", "%(n)d分钟前", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(n)d小时前", "%(n)d小时前", hours) % {"n": hours}
    return ngettext("%(n)d天前", "%(n)d天前", hours // 24) % {"n": hours // 24}


@csrf_exempt
@open_to_all
@require_POST
def cosignature(request: HttpRequest) -> HttpResponse:
    """Take a head that a named witness has cosigned; its signature is all that counts."""
    if len(request.body) > MOST:
        raise Invalid.of("bad_cosignature")
    witnesses.take(request.body, timezone.now())
    return HttpResponse(status=204)


@open_to_all
@require_safe
def checkpoint(request: HttpRequest, tree: str = "") -> HttpResponseBase:
    """Give the newest signed head; with ``tree="sm3"`` that of the parallel tree, where one is kept."""
    path = Path(settings.LOG) / tree / "checkpoint"
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
