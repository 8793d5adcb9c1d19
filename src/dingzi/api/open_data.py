"""What anybody may read, from pages of any origin too: figures, divisions."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router

from dingzi import figures
from dingzi.city import directory
from dingzi.core.doors import public
from dingzi.core.errors import NotFound
from dingzi.figures import corrections, guards, proving, registry
from dingzi.figures.period import Period

from . import schemas, schemas_figures, shaping
from .document import refusals
from .edges import for_anybody

router = Router(tags=["open data"], auth=None)
router.add_decorator(for_anybody, mode="view")

FigureName = Annotated[
    str, Path(pattern=r"^[a-z0-9_]{1,40}\.[a-z0-9_]{1,60}$", description="The figure's name.")
]
PeriodText = Annotated[
    str | None,
    Query(
        max_length=60,
        pattern=r"^[^\x00]*$",
        description="`2025`, `2025Q1`, `2025-08`, `2025-03..2025-08`; else this year's whole months.",
        examples=["2025-01..2025-08"],
    ),
]
County = Annotated[str | None, Query(pattern="^[0-9]{6}$", description="Only this county.")]
Category = Annotated[
    str | None, Query(max_length=24, pattern=r"^[^\x00]*$", description="Only this category.")
]
Size = Annotated[
    int | None,
    Query(
        ge=1,
        le=2**62,
        description="As of so many entries of the public log, one of its signed heads; else now.",
    ),
]


@router.get(
    "/figures",
    response={200: list[schemas_figures.FigureOut]} | refusals(400),
    operation_id="listFigures",
    summary="List figures",
)
@public
def list_figures(request: HttpRequest) -> Any:
    """Every figure that the city publishes, with its definition in words."""
    return [shaping.figure(f, group.mechanism) for group in figures.public() for f in group.figures]


@router.get(
    "/figures/{name}",
    response={200: schemas_figures.ValueOut} | refusals(400, 404, 422),
    operation_id="getFigure",
    summary="Get a figure's value",
)
@public
def get_figure(
    request: HttpRequest,
    name: FigureName,
    period: PeriodText = None,
    county: County = None,
    category: Category = None,
    size: Size = None,
) -> Any:
    """One value, the same for everybody, with the counts it was made of.

    422 for a `size` at which no head of the public log was signed.
    """
    with _as_of(size):
        return shaping.value(figures.value(name, _period(period), _dims(county, category)))


@router.get(
    "/figures/{name}/comparison",
    response={200: schemas_figures.ComparisonOut} | refusals(400, 404, 422),
    operation_id="compareFigure",
    summary="Compare a figure with an earlier period",
)
@public
def compare_figure(
    request: HttpRequest,
    name: FigureName,
    period: PeriodText = None,
    other: PeriodText = None,
    county: County = None,
    category: Category = None,
    size: Size = None,
) -> Any:
    """Two values beside each other; `other` is the same part of the year before unless given.

    Refused (400) where the periods are unequal or the definition changed between them.
    """
    before = Period.parse(other) if other else None
    dims = _dims(county, category)
    with _as_of(size):
        return shaping.comparison(figures.compare(name, _period(period), before, dims))


@router.get(
    "/figures/{name}/proof",
    response={200: schemas_figures.FigureProofOut} | refusals(400, 404, 422),
    operation_id="proveFigure",
    summary="Get what a figure's value rests on",
)
@public
def prove_figure(
    request: HttpRequest,
    name: FigureName,
    period: PeriodText = None,
    county: County = None,
    category: Category = None,
    size: Size = None,
) -> Any:
    """Value, definition, period, and size and root of the public log under which it was counted.

    404 where there is no number, or the log has no head yet; 422 for a size that was never signed.
    """
    found = proving.prove(name, _period(period), _dims(county, category), size)
    if found is None:
        raise NotFound.of("not_found")
    return proving.document(found)


@router.get(
    "/figures/{name}/frozen",
    response={200: list[schemas_figures.FrozenOut]} | refusals(400, 404, 422),
    operation_id="listFrozen",
    summary="What was frozen of a figure",
)
@public
def list_frozen(request: HttpRequest, name: FigureName, county: County = None) -> Any:
    """Each frozen period beside what the figure says of it now, the difference and why: of the
    city, or of one county."""
    return [shaping.frozen(one) for one in corrections.corrections(name, county or "")]


@router.get(
    "/figures/{name}/guards",
    response={200: list[schemas_figures.GuardOut]} | refusals(400, 404, 422),
    operation_id="listGuards",
    summary="What stands beside a figure against polishing",
)
@public
def list_guards(request: HttpRequest, name: FigureName) -> Any:
    """Each guard of a figure for the last whole month against the city's own past.

    None before the first reading. Unusual is worth looking at, and no finding.
    """
    return [shaping.guard(one) for one in guards.readings(registry.get(name))]


@router.get(
    "/figures/{name}/by/{dimension}",
    response={200: schemas_figures.TableOut} | refusals(400, 404, 422),
    operation_id="getFigureTable",
    summary="Divide a figure",
)
@public
def get_table(
    request: HttpRequest,
    name: FigureName,
    dimension: Annotated[
        str, Path(pattern="^[a-z_]{1,40}$", description="One of its `dimensions`, or a time.")
    ],
    period: PeriodText = None,
    county: County = None,
    size: Size = None,
) -> Any:
    """A figure divided by one of its dimensions, or by `month`, `quarter`, `year`."""
    with _as_of(size):
        return shaping.table(figures.table(name, _period(period), dimension, _dims(county, None)))


@router.get(
    "/divisions",
    response={200: list[schemas.DivisionOut]} | refusals(400, 404, 422),
    operation_id="listDivisions",
    summary="List divisions",
)
@public
def list_divisions(
    request: HttpRequest,
    parent: Annotated[
        str | None, Query(pattern="^[0-9]{4,12}$", description="Those right below it.")
    ] = None,
) -> Any:
    """The divisions below `parent`; without it, the city and its counties."""
    if parent is None:
        city = directory.city()
        rows = [city, *directory.children(city.code)] if city else []
    elif directory.division(parent) is None:
        raise NotFound.of("not_found")
    else:
        rows = directory.children(parent)
    return [shaping.division(d) for d in rows]


def _period(text: str | None) -> Period:
    return Period.parse(text) if text else Period.whole_months()


def _as_of(size: int | None) -> AbstractContextManager[object]:
    """Have figures answered as of a signed head; None is now, with what waits for its seal."""
    return nullcontext() if size is None else proving.at_head(size)


def _dims(county: str | None, category: str | None) -> dict[str, str]:
    return {k: v for k, v in (("county", county), ("category", category)) if v}
