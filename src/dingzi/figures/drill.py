"""The matters behind a number, for who may see them. What he may not see is left out, and nothing
says how much that is."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import Model, Q, QuerySet

from dingzi.city.viewer import Viewer
from dingzi.core import keyset
from dingzi.core.errors import Invalid
from dingzi.matters.models import Matter
from dingzi.matters.visibility import visible

from . import registry
from .asking import Asked, chosen
from .declare import Figure, Part, Share, Stock
from .declare_places import MADE_OF
from .period import Period
from .populations import children

Which = Literal["", "of", "over", "rest"]


def rows(
    name: str | Figure,
    period: Period,
    dims: Asked | None = None,
    *,
    viewer: Viewer,
    which: Which = "",
    after: str | None = None,
    before: str | None = None,
    size: int = 50,
) -> keyset.Page[Matter]:
    """Return one page of the matters that a value counts, the latest first.

    ``which`` of a share: ``of`` (the default), ``over``, or ``rest``: those of ``over`` that are
    not in ``of``. A receipt's holder sees at most his own, the public none. Raises Invalid
    ``bad_part``, ``no_such_dimension``.
    """
    found, order = queryset(name, period, dims, viewer=viewer, which=which)
    return keyset.page(found, order, after, before, size)


def queryset(
    name: str | Figure,
    period: Period,
    dims: Asked | None = None,
    *,
    viewer: Viewer,
    which: Which = "",
) -> tuple[QuerySet[Matter], tuple[str, str]]:
    """Return all of them, unordered, and the order in which a page reads them by an index."""
    figure = registry.of(name)
    filters = chosen(figure, dims, public=False)
    while isinstance(figure, MADE_OF):
        figure = figure.of
    part = figure.parts[-1] if which == "over" else figure.parts[0]
    population = part.population
    here = accessor(population.model)
    counted = _counted(figure, part, period, which)
    for one, value in filters.items():
        counted &= Q(**{one.column: value})
    found = Matter.objects.filter(visible(viewer)).filter(_through(here, counted))
    return found.select_related(here), (f"-{here}__{population.on}", "-id")


def accessor(model: type[Model]) -> str:
    """Return the name of a projection as seen from its matter."""
    field: Any = model._meta.get_field("matter")
    return str(field.remote_field.get_accessor_name())


def _counted(figure: Figure, part: Part, period: Period, which: Which) -> Q:
    of = part.population
    if isinstance(figure, Stock):
        begun, ended = figure.begun, figure.ended
        gone = ended.condition & Q(**{f"{ended.on}__lte": period.last})
        return begun.condition & Q(**{f"{begun.on}__lte": period.last}) & ~gone
    if which and not (isinstance(figure, Share) and which in ("of", "over", "rest")):
        raise Invalid.of("bad_part", field="which", value=which)
    span = Q(**{f"{of.on}__gte": period.first, f"{of.on}__lte": period.last})
    if which == "rest":
        assert isinstance(figure, Share)
        return span & figure.over.condition & ~figure.of.condition
    counted = span & of.condition
    return counted & Q(**{f"{part.column}__isnull": False}) if part.column else counted


def _through(accessor: str, where: Q) -> Q:
    """Return the condition on a projection as one on the matter that it belongs to."""
    found = Q(_connector=where.connector, _negated=where.negated)
    for child in children(where):
        if isinstance(child, Q):
            found.children.append(_through(accessor, child))
        else:
            found.children.append((f"{accessor}__{child[0]}", child[1]))
    return found
