"""In which published figures one matter is counted, and in which month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ObjectDoesNotExist

from dingzi.core.text import Text
from dingzi.matters import registry as processes
from dingzi.matters.models import Matter

from . import registry
from .declare import Change, Figure, Part, Stock
from .period import Period, today
from .populations import compiled


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure that counts the matter: its name and title, and the month in which it does."""

    figure: str
    title: Text
    period: Period


def counted(matter: Matter) -> list[Counted]:
    """Return the listed figures in which the matter stands, as it is now; none of a confidential one.

    One more query than the matter.
    """
    accessor = processes.handle(matter.process).accessor
    if accessor is None or matter.confidential:
        return []
    try:
        row = getattr(matter, accessor)
    except ObjectDoesNotExist:
        return []
    names = [field.name for field in row._meta.concrete_fields]
    values = [getattr(row, field.attname) for field in row._meta.concrete_fields]

    def day(part: Part) -> date | None:
        """Return the day on which a part counts the row, None where it does not."""
        one = part.population
        if one.model is not type(row) or not compiled(one.condition, names)(values):
            return None
        if part.column and getattr(row, part.column) is None:
            return None
        found: date | None = getattr(row, one.on)
        return found

    found = []
    for group in registry.public():
        for figure in group.figures:
            if (on := _on(figure, day)) is not None:
                month = Period.month(on.year, on.month)
                found.append(Counted(figure.name, figure.title, month))
    return found


def _on(figure: Figure, day: Callable[[Part], date | None]) -> date | None:
    """Return the day on which a figure counts a row: of a stock today, while it is not ended."""
    if isinstance(figure, Change):  # the figure that it is a change of is told
        return None
    days = [day(part) for part in figure.parts]
    if isinstance(figure, Stock):
        begun, ended = days
        return today() if begun and not ended else None
    return next(filter(None, days), None)
