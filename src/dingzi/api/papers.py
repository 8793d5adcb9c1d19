"""Files: kept by content, given out as downloads."""

from __future__ import annotations

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from ninja import File, Path, Router, Status
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from dingzi.core import blobs
from dingzi.core.errors import Invalid, NotFound
from dingzi.matters import selectors

from . import schemas, shaping
from .bodies import TooLarge
from .document import BINARY, refusals
from .doors import ANY, viewer_of
from .edges import form_only
from .tickets import ticket

router = Router(tags=["papers"], auth=ANY)


@router.post(
    "/papers",
    response={201: schemas.PaperRefOut} | refusals(400, 401, 403, 413, 415, 422),
    operation_id="uploadPaper",
    summary="Upload a paper",
)
@decorate_view(form_only)
def upload(request: HttpRequest, file: UploadedFile = File(...)) -> Any:  # noqa: B008
    """Store a file; the answer is what an act takes as one of its papers.

    Judged by its content, kept once however often it is sent. It belongs to no matter until an
    act names it.
    """
    try:
        kept = blobs.store(file, limit=settings.UPLOAD_LIMIT)
    except Invalid as refusal:
        if "too_large" in refusal.codes:
            raise TooLarge(*refusal.reasons) from None
        raise
    return Status(201, schemas.PaperRefOut(
        digest=kept.digest, ticket=ticket(kept.digest), name=kept.name,
        media_type=kept.media_type, size=kept.size,
    ))  # fmt: skip


@router.get(
    "/matters/{number}/papers",
    response={200: list[schemas.PaperOut]} | refusals(400, 401, 404, 422),
    operation_id="listPapers",
    summary="List a matter's papers",
)
def list_papers(request: HttpRequest, number: schemas.Number) -> Any:
    """The papers of a matter; a receipt's holder gets those meant for him."""
    viewer = viewer_of(request)
    matter = selectors.get(number, viewer)
    return [shaping.paper(p) for p in selectors.papers(matter, viewer) if p.blob_id]


@router.get(
    "/papers/{paper}",
    response={200: None} | refusals(400, 401, 404, 422),
    operation_id="downloadPaper",
    summary="Download a paper",
    openapi_extra={"responses": {200: BINARY}},
)
def download(
    request: HttpRequest,
    paper: Annotated[str, Path(pattern="^[0-9]{1,18}$", description="Its `id`.")],
) -> HttpResponseBase:
    """One paper, as a download."""
    found = selectors.paper(int(paper), viewer_of(request))
    if found.blob_id is None:
        raise NotFound.of("not_found")
    return blobs.respond(found.blob_id, found.name, found.media_type)
