"""Reading matters and acting on them."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from ninja import Query, Router, Status

from dingzi import matters as doing
from dingzi.core import keyset
from dingzi.core.doors import public
from dingzi.core.errors import NotFound
from dingzi.law import words
from dingzi.ledger import keys
from dingzi.ledger import receipts as proofs
from dingzi.matters import clocks, finding, receipts, selectors
from dingzi.matters.acts import Done
from dingzi.matters.models import Matter
from dingzi.matters.timeline import timeline

from . import schemas, schemas_proofs, shaping, tickets
from .document import refusals
from .doors import ANY, HOLDER, OPEN, STAFF, viewer_of
from .processes import handle_of

router = Router(tags=["matters"], auth=ANY)


@router.post(
    "/processes/{process}/{action}",
    response={201: schemas.OpenedOut} | refusals(400, 401, 403, 404, 413, 415, 422),
    auth=OPEN,
    operation_id="openMatter",
    summary="Open a matter",
)
@public
def open_matter(
    request: HttpRequest,
    response: HttpResponse,
    process: schemas.ProcessName,
    action: schemas.ActionName,
    body: schemas.OpenIn,
    idempotency_key: schemas.Key,
) -> Any:
    """Open a matter: as the public without a token, as staff or a client with one.

    The answer holds the receipt, with which whoever filed reads and acts on this matter, and what he
    can hold in his hand: an address with a signed reference, and the promise to seal it. A client
    that files for somebody passes both on.
    """
    done = doing.open_matter(
        handle_of(process).name,
        action,
        tickets.taken(body.data),
        by=viewer_of(request),
        key=idempotency_key,
        occurred_at=body.occurred_at,
        reason=body.reason,
        door="api",
    )
    matter = Matter.objects.get(id=done.stream)
    _answered(response, done)
    response["Location"] = shaping.address(done.number)
    known = {"receipt": receipts.secret_of(matter), "reference": receipts.reference(matter)}
    return Status(201, shaping.done(done) | shaping.evidence(done, matter) | known)


@router.get(
    "/matters",
    response={200: schemas.MattersOut} | refusals(400, 401, 404, 422),
    auth=STAFF,
    operation_id="listMatters",
    summary="List matters",
)
def list_matters(
    request: HttpRequest,
    process: Annotated[str, Query(pattern="^[a-z][a-z0-9_]{0,39}$")],
    filters: Query[schemas.Filters],
    after: schemas.Cursor = None,
    before: schemas.Back = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Any:
    """The matters of a process that you see, newest first, paged by cursor."""
    handle_of(process)
    given = {k: v for k, v in filters.model_dump().items() if v is not None}
    if given.get("overdue") is False:
        del given["overdue"]
    rows = selectors.listed(viewer_of(request), process, **given)
    page = keyset.page(rows, after=after, before=before, size=limit, rows=Matter.objects.all())
    return {
        "items": [shaping.matter(m) for m in page],
        "next": page.next,
        "previous": page.previous,
    }


@router.get(
    "/search",
    response={200: schemas.MattersOut} | refusals(400, 401, 422),
    auth=STAFF,
    operation_id="searchMatters",
    summary="Search matters",
)
def search(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$", examples=["漏水"])],
    after: Annotated[
        str | None, Query(pattern="^[0-9]{1,18}$", description="`next` of the page before.")
    ] = None,
) -> Any:
    """Search numbers, titles and texts of the matters that you see, newest first."""
    hits = finding.find(q, viewer_of(request), int(after) if after else None)
    return {
        "items": [shaping.matter(m) for m in hits.matters],
        "next": str(hits.before) if hits.before else None,
        "previous": None,
    }


@router.get(
    "/inbox",
    response={200: list[schemas.GroupOut]} | refusals(400, 401, 422),
    auth=STAFF,
    operation_id="getInbox",
    summary="Get your inbox",
)
def inbox(
    request: HttpRequest,
    whole_unit: Annotated[bool, Query(description="All posts of your unit.")] = False,
    limit: Annotated[int, Query(ge=1, le=100, description="Rows of each group.")] = 20,
) -> Any:
    """What waits for your post, in four groups by when it is due; `count` is of all of them."""
    groups = selectors.inbox(viewer_of(request), whole_unit=whole_unit, limit=limit)
    return [
        {"name": g.name, "count": g.count, "items": [shaping.matter(m) for m in g.rows]}
        for g in groups
    ]


@router.get(
    "/receipt",
    response={200: schemas.MatterOut} | refusals(400, 401),
    auth=HOLDER,
    operation_id="getReceiptMatter",
    summary="Get the matter of your receipt",
)
def of_receipt(request: HttpRequest) -> Any:
    """The one matter that `X-Receipt` opens."""
    viewer = viewer_of(request)
    assert viewer.matter is not None
    return shaping.matter(selectors.by_id(viewer.matter, viewer), viewer)


@router.get(
    "/receipt/proof",
    response={200: schemas_proofs.ProofOut} | refusals(400, 401, 404),
    auth=HOLDER,
    operation_id="getReceiptProof",
    summary="Get the full proof of the matter of your receipt",
)
def proof_of_receipt(request: HttpRequest, response: HttpResponse) -> Any:
    """Every act that the receipt's holder sees, as it stands in the public log, oldest first.

    An act that is not sealed yet has no `index` and no `path`, only its promise: ask again. Keep the
    whole answer as a file: it is checked at `/check/receipt/`, by a saved copy of that page without
    this site, or by any program that follows C2SP's tlog specifications. 404 before the log has begun.
    """
    viewer = viewer_of(request)
    assert viewer.matter is not None
    if keys.named() is None:
        raise NotFound.of("not_found")
    matter = selectors.by_id(viewer.matter, viewer)
    return orjson.loads(proofs.seen(matter, viewer))


@router.get(
    "/matters/{number}",
    response={200: schemas.MatterOut} | refusals(400, 401, 404, 422),
    operation_id="getMatter",
    summary="Get a matter",
)
def get_matter(request: HttpRequest, number: schemas.Number) -> Any:
    """Where it stands now."""
    viewer = viewer_of(request)
    return shaping.matter(selectors.get(number, viewer), viewer)


@router.get(
    "/matters/{number}/timeline",
    response={200: list[schemas.EntryOut]} | refusals(400, 401, 404, 422),
    operation_id="getTimeline",
    summary="Get a matter's timeline",
)
def get_timeline(request: HttpRequest, number: schemas.Number) -> Any:
    """What happened, newest first; a receipt's holder gets what is meant for him."""
    viewer = viewer_of(request)
    matter = selectors.get(number, viewer)
    return [shaping.entry(e) for e in timeline(matter, viewer, get_language() or "zh-hans")]


@router.get(
    "/matters/{number}/deadlines",
    response={200: list[schemas.DeadlineOut]} | refusals(400, 401, 404, 422),
    operation_id="getDeadlines",
    summary="Get a matter's deadlines",
)
def get_deadlines(request: HttpRequest, number: schemas.Number) -> Any:
    """Every deadline, with why it ends on its day."""
    matter = selectors.get(number, viewer_of(request))
    process = selectors.process_of(matter)
    language = "en" if (get_language() or "").startswith("en") else "zh"
    found = []
    for name, clock in matter.clocks.items():
        deadline = clocks.explain(clock, process)
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


@router.get(
    "/matters/{number}/children",
    response={200: list[schemas.MatterOut]} | refusals(400, 401, 404, 422),
    operation_id="listChildren",
    summary="List a matter's parts",
)
def list_children(request: HttpRequest, number: schemas.Number) -> Any:
    """Tasks of co-handling units and rulings that belong to it; a receipt opens none of them."""
    viewer = viewer_of(request)
    matter = selectors.get(number, viewer)
    return [shaping.matter(m) for m in selectors.children(matter, viewer)]


@router.get(
    "/matters/{number}/actions",
    response={200: list[schemas.PossibleOut]} | refusals(400, 401, 404, 422),
    operation_id="listActions",
    summary="List what can be done now",
)
def list_actions(request: HttpRequest, number: schemas.Number) -> Any:
    """What you can do now, the likeliest first, and what stands in the way of the rest."""
    viewer = viewer_of(request)
    state = selectors.state_of(selectors.get(number, viewer))
    return [shaping.possible(p) for p in selectors.possible(state, viewer)]


@router.post(
    "/matters/{number}/actions/{action}",
    response={200: schemas.DoneOut} | refusals(400, 401, 403, 404, 409, 413, 415, 422),
    operation_id="act",
    summary="Do an act",
)
def act(
    request: HttpRequest,
    response: HttpResponse,
    number: schemas.Number,
    action: schemas.ActionName,
    body: schemas.ActIn,
    idempotency_key: schemas.Key,
) -> Any:
    """Do one act, or nothing of it.

    With `seen` it is refused (409, with what changed) where the matter moved on since. A receipt's
    holder also gets the act's own address with a signed reference, and its promise.
    """
    done = doing.act(
        number,
        action,
        tickets.taken(body.data),
        by=viewer_of(request),
        seen=body.seen,
        key=idempotency_key,
        occurred_at=body.occurred_at,
        reason=body.reason,
        door="api",
    )
    _answered(response, done)
    viewer = viewer_of(request)
    if viewer.matter is None:
        return shaping.done(done)
    return shaping.done(done) | shaping.evidence(done, Matter.objects.get(id=viewer.matter))


def _answered(response: HttpResponse, done: Done) -> None:
    if done.again:
        response["Idempotency-Replayed"] = "true"
