"""What anybody may read: figures, divisions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from dingzi import figures
from dingzi.city import directory
from dingzi.core.doors import public
from dingzi.core.errors import NotFound
from dingzi.figures.period import Period

from . import schemas, shaping

router = Router(tags=["open data"], auth=None)
REFUSED = {400: schemas.Problem, 404: schemas.Problem, 422: schemas.Problem}


@router.get("/figures", response={200: list[schemas.FigureOut]})
@public
def list_figures(request: HttpRequest) -> Any:
    """Every figure that the city publishes, with its definition in words."""
    return [
        {
            "name": f.name,
            "title": shaping.text(f.title),
            "unit": shaping.text(f.unit),
            "definition": shaping.text(f.definition),
            "mechanism": group.mechanism,
            "kind": type(f).__name__.lower(),
        }
        for group in figures.public()
        for f in group.figures
    ]


def _period(text: str | None) -> Period:
    return Period.parse(text) if text else Period.whole_months()


@router.get("/figures/{name}", response={200: schemas.ValueOut} | REFUSED)
@public
def get_figure(
    request: HttpRequest,
    name: str,
    period: str | None = Query(None, max_length=60),
    county: str | None = Query(None, max_length=12),
    category: str | None = Query(None, max_length=24),
) -> Any:
    """A figure's value for a period such as ``2025``, ``2025-Q1``, ``2025-03..2025-08``."""
    dims = {k: v for k, v in (("county", county), ("category", category)) if v}
    return shaping.value(figures.value(name, _period(period), dims))


@router.get("/figures/{name}/by/{dimension}", response={200: schemas.TableOut} | REFUSED)
@public
def get_table(
    request: HttpRequest,
    name: str,
    dimension: str,
    period: str | None = Query(None, max_length=60),
    county: str | None = Query(None, max_length=12),
) -> Any:
    """A figure divided by county, category, door or month."""
    filters = {"county": county} if county else {}
    return shaping.table(figures.table(name, _period(period), dimension, filters))


@router.get("/divisions", response={200: list[schemas.DivisionOut], 404: schemas.Problem})
@public
def divisions(request: HttpRequest, parent: str | None = Query(None, max_length=12)) -> Any:
    """The divisions below ``parent``; without it, the city and its counties."""
    if parent is None:
        city = directory.city()
        rows = [city, *directory.children(city.code)] if city else []
    elif directory.division(parent) is None:
        raise NotFound.of("not_found")
    else:
        rows = directory.children(parent)
    return [{"code": d.code, "name": d.name, "level": d.level, "parent": d.parent} for d in rows]
