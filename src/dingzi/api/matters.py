"""Matters and acts for machines."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language
from ninja import File, Header, Query, Router
from ninja.files import UploadedFile

from dingzi import matters as doing
from dingzi.city.viewer import PUBLIC
from dingzi.core import blobs, keyset
from dingzi.core.doors import public
from dingzi.core.errors import NotFound
from dingzi.matters import clocks, finding, receipts, selectors
from dingzi.matters import registry as processes
from dingzi.matters.timeline import timeline

from . import schemas, shaping
from .app import ANY, STAFF, viewer_of

router = Router(tags=["matters"])
REFUSED = {401: schemas.Problem, 403: schemas.Problem, 404: schemas.Problem, 422: schemas.Problem}
WRITING = REFUSED | {400: schemas.Problem, 409: schemas.Problem}
Number = str


@router.get("/processes", response={200: list[schemas.ProcessOut]}, auth=None)
@public
def list_processes(request: HttpRequest) -> Any:
    """Every process in force, with its states, actions, and the JSON Schema of each act's data."""
    return [shaping.process(h.latest) for h in processes.handles()]


@router.get(
    "/processes/{name}", response={200: schemas.ProcessOut, 404: schemas.Problem}, auth=None
)
@public
def get_process(request: HttpRequest, name: str) -> Any:
    return shaping.process(_handle(name).latest)


@router.post("/processes/{name}/{action}", response={201: schemas.OpenedOut} | WRITING, auth=None)
@public
def open_matter(
    request: HttpRequest,
    name: str,
    action: str,
    body: schemas.OpenIn,
    idempotency_key: UUID = Header(...),  # noqa: B008
) -> Any:
    """Open a matter: by the public without a token, by staff or a client with one.

    The answer holds the receipt's code, which is told this once.
    """
    viewer = _maybe(request)
    done = doing.open_matter(
        _handle(name).name,
        action,
        body.data,
        by=viewer,
        key=idempotency_key,
        occurred_at=body.occurred_at,
        reason=body.reason,
        door="api",
    )
    matter = selectors.Matter.objects.get(id=done.stream)
    return 201, {
        "number": done.number,
        "seq": done.seq,
        "state": done.state,
        "action": done.action,
        "again": done.again,
        "receipt": receipts.secret_of(matter),
        "reference": receipts.reference(matter),
    }


class Filters(schemas.Schema):
    state: str | None = None
    category: str | None = None
    county: str | None = None
    town: str | None = None
    outcome: str | None = None
    active: bool | None = None
    overdue: bool | None = None
    opened_from: date | None = None
    opened_to: date | None = None


@router.get("/matters", response={200: schemas.MattersOut} | REFUSED, auth=STAFF)
def list_matters(
    request: HttpRequest,
    process: str,
    filters: Query[Filters],
    after: str | None = None,
    before: str | None = None,
    limit: int = Query(50, ge=1, le=200),
) -> Any:
    """The matters of a process that you see, newest first, paged by cursor."""
    _handle(process)
    given = {k: v for k, v in filters.model_dump().items() if v is not None}
    if given.get("overdue") is False:
        del given["overdue"]
    rows = selectors.listed(viewer_of(request), process, **given)
    page = keyset.page(rows, after=after, before=before, size=limit)
    return {
        "items": [shaping.matter(m) for m in page],
        "next": page.next,
        "previous": page.previous,
    }


@router.get("/search", response={200: schemas.MattersOut} | REFUSED, auth=STAFF)
def find(
    request: HttpRequest,
    q: str = Query(..., max_length=200),
    before: int | None = Query(None, ge=0, le=2**62),
) -> Any:
    """Search numbers, titles and texts of the matters that you see."""
    hits = finding.find(q, viewer_of(request), before)
    return {
        "items": [shaping.matter(m) for m in hits.matters],
        "next": str(hits.before) if hits.before else None,
        "previous": None,
    }


@router.get("/inbox", response={200: list[schemas.GroupOut]} | REFUSED, auth=STAFF)
def inbox(request: HttpRequest, whole_unit: bool = False) -> Any:
    """What waits for your post, in four groups."""
    groups = selectors.inbox(viewer_of(request), whole_unit=whole_unit)
    return [
        {"name": g.name, "count": g.count, "items": [shaping.matter(m) for m in g.rows]}
        for g in groups
    ]


@router.get("/matters/{number}", response={200: schemas.MatterOut} | REFUSED, auth=ANY)
def get_matter(request: HttpRequest, number: Number) -> Any:
    return shaping.matter(selectors.get(number, viewer_of(request)))


@router.get("/matters/{number}/timeline", response={200: list[schemas.EntryOut]} | REFUSED)
def get_timeline(request: HttpRequest, number: Number) -> Any:
    """What happened, newest first; a receipt's holder gets what is meant for him."""
    viewer = viewer_of(request)
    matter = selectors.get(number, viewer)
    return [shaping.entry(e) for e in timeline(matter, viewer, get_language() or "zh-hans")]


@router.get("/matters/{number}/deadlines", response={200: list[schemas.DeadlineOut]} | REFUSED)
def get_deadlines(request: HttpRequest, number: Number) -> Any:
    """Every deadline of the matter with its explanation."""
    from dingzi.law import words

    matter = selectors.get(number, viewer_of(request))
    process = selectors.process_of(matter)
    language = "en" if (get_language() or "").startswith("en") else "zh"
    found = []
    for name, clock in matter.clocks.items():
        deadline = clocks.explain(clock)
        found.append(
            {
                "clock": name,
                "label": shaping.text(process.clocks[name].label),
                "due": clock["due"],
                "state": clock["state"],
                "provisional": deadline.provisional,
                "lines": [words.say(r, language) for r in deadline.reasons],
            }
        )
    return found


@router.get("/matters/{number}/actions", response={200: list[schemas.PossibleOut]} | REFUSED)
def get_actions(request: HttpRequest, number: Number) -> Any:
    """What you can do now, the likeliest first, and what stands in the way of the rest."""
    viewer = viewer_of(request)
    state = selectors.state_of(selectors.get(number, viewer))
    return [shaping.possible(p) for p in selectors.possible(state, viewer)]


@router.post(
    "/matters/{number}/actions/{action}", response={200: schemas.DoneOut} | WRITING, auth=ANY
)
def act(
    request: HttpRequest,
    number: Number,
    action: str,
    body: schemas.ActIn,
    idempotency_key: UUID = Header(...),  # noqa: B008
) -> Any:
    """Do an act. ``seen`` is the version you looked at: 409 with what changed if it moved on."""
    done = doing.act(
        number,
        action,
        body.data,
        by=viewer_of(request),
        seen=body.seen,
        key=idempotency_key,
        occurred_at=body.occurred_at,
        reason=body.reason,
        door="api",
    )
    return {
        "number": done.number,
        "seq": done.seq,
        "state": done.state,
        "action": done.action,
        "again": done.again,
    }


@router.post("/papers", response={201: schemas.PaperRefOut} | WRITING, auth=ANY)
def upload(request: HttpRequest, file: UploadedFile = File(...)) -> Any:  # noqa: B008
    """Store a file; the answer is what an act takes as one of its papers."""
    kept = blobs.store(file, limit=settings.UPLOAD_LIMIT)
    return 201, {
        "digest": kept.digest,
        "name": kept.name,
        "media_type": kept.media_type,
        "size": kept.size,
    }


@router.get(
    "/papers/{paper_id}",
    response={200: bytes} | REFUSED,
    auth=ANY,
    openapi_extra={
        "responses": {
            200: {
                "content": {
                    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
                }
            }
        }
    },
)
def download(request: HttpRequest, paper_id: str) -> HttpResponseBase:
    """Download one paper."""
    if not paper_id.isdigit() or len(paper_id) > 19:
        raise NotFound.of("not_found")
    paper = selectors.paper(int(paper_id), viewer_of(request))
    if paper.blob_id is None:
        raise NotFound.of("not_found")
    return blobs.respond(paper.blob_id, paper.name, paper.media_type)


def _handle(name: str) -> Any:
    try:
        return processes.handle(name)
    except KeyError:
        raise NotFound.of("no_such_process", process=name) from None


def _maybe(request: HttpRequest) -> Any:
    """Return the viewer of a route that the public may use too."""
    if request.headers.get("Authorization"):
        return request.viewer  # type: ignore[attr-defined]
    return PUBLIC
