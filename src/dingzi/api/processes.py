"""What kinds of matters there are, and what each of their acts asks."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from dingzi.core.doors import public
from dingzi.core.errors import NotFound
from dingzi.matters import registry

from . import schemas, shaping
from .document import refusals
from .edges import for_anybody

router = Router(tags=["processes"], auth=None)
router.add_decorator(for_anybody, mode="view")


@router.get(
    "/processes",
    response={200: list[schemas.ProcessBrief]} | refusals(400),
    operation_id="listProcesses",
    summary="List processes",
)
@public
def list_processes(request: HttpRequest) -> Any:
    """Every process in force, in its newest version."""
    return [shaping.brief(handle) for handle in registry.handles()]


@router.get(
    "/processes/{process}",
    response={200: schemas.ProcessOut} | refusals(400, 404, 422),
    operation_id="getProcess",
    summary="Get a process",
    by_alias=True,
)
@public
def get_process(
    request: HttpRequest,
    process: schemas.ProcessName,
    version: Annotated[
        int | None, Query(ge=1, le=9_999, description="An older one; else the newest.")
    ] = None,
) -> Any:
    """One process: its states, its actions, and the JSON Schema of each act's `data`."""
    handle = handle_of(process)
    wanted = version or handle.latest.version
    if wanted not in handle.versions:
        raise NotFound.of("no_such_process", process=f"{process}.{wanted}")
    return shaping.process(handle, handle.versions[wanted])


def handle_of(name: str) -> registry.Handle:
    """Return a process of all its versions; NotFound ``no_such_process``."""
    try:
        return registry.handle(name)
    except KeyError:
        raise NotFound.of("no_such_process", process=name) from None
