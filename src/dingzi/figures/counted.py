"""In which published figures one matter is counted, and in which month."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist

from dingzi.core.text import Text
from dingzi.matters import registry as processes
from dingzi.matters.models import Matter

from . import registry
from .declare import Count
from .period import Period
from .populations import compiled


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure that counts the matter: its name and title, and the month in which it does."""

    figure: str
    title: Text
    period: Period


def counted(matter: Matter) -> list[Counted]:
    """Return the listed counts in which the matter stands, as it is now; none of a confidential one.

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
    found = []
    for group in registry.public():
        for figure in group.figures:
            if not isinstance(figure, Count) or figure.of.model is not type(row):
                continue
            day = getattr(row, figure.of.on)
            if day is not None and compiled(figure.of.condition, names)(values):
                month = Period.month(day.year, day.month)
                found.append(Counted(figure.name, figure.title, month))
    return found
