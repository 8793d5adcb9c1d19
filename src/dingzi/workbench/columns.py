"""The columns of a list: on the page, and as plain values in an export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dingzi.city import directory
from dingzi.city import selectors as places
from dingzi.matters import selectors
from dingzi.matters.clocks import LOCAL
from dingzi.matters.models import Matter
from dingzi.ui import words

from .filters import door_label, outcome_label
from .rows import category_of, place_of


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its cell on the page (text, small text under it) and its value in a file."""

    name: str
    label: str
    cell: Callable[[Matter, str], tuple[str, str]]
    value: Callable[[Matter, str], Any]


#: What a list shows where nobody chose.
USUAL = ("place", "category", "state", "holder", "due", "opened")

#: Columns whose cells stay in one line: two or three words, or a day.
ONE_LINE = ("category", "state", "due", "opened", "closed", "door")


def all_columns() -> list[Column]:
    """Return every column in its order; labels are in the active language."""
    return [
        Column("place", _("地方"), _place, lambda m, g: places.full_name(m.place_id, g)),
        Column("spot", _("具体地点"), _text("spot"), lambda m, g: m.spot),
        Column("category", pgettext("栏", "类别"), lambda m, g: (category_of(m), m.subcategory),
               lambda m, g: category_of(m)),
        Column("state", _("进度"), lambda m, g: (_state(m, g), ""), _state),
        Column("holder", _("在谁手上"), selectors.holder_name, _holder),
        Column("lead", pgettext("栏", "主办单位"), lambda m, g: (_lead(m, g), ""), _lead),
        Column("due", _("期限"), _due, lambda m, g: _day(m.due_at)),
        Column("opened", _("登记"), _opened,
               lambda m, g: _moment(m.opened_at)),
        Column("closed", _("办结"), lambda m, g: (_when(m.closed_at), ""),
               lambda m, g: _moment(m.closed_at)),
        Column("outcome", _("结果"), lambda m, g: (_outcome(m, g), ""), _outcome),
        Column("door", _("来路"), lambda m, g: (door_label(m.door), ""),
               lambda m, g: door_label(m.door)),
        Column("reopened", _("重新办理次数"), lambda m, g: (str(m.reopened or ""), ""),
               lambda m, g: m.reopened),
        Column("foreign", _("原编号"), lambda m, g: (m.foreign_number, m.source),
               lambda m, g: m.foreign_number),
    ]  # fmt: skip


def chosen(query: QueryDict) -> list[Column]:
    """Return the columns that an address asks for, the usual ones where it asks for none."""
    names = set(query.getlist("col")) or set(USUAL)
    return [c for c in all_columns() if c.name in names] or [
        c for c in all_columns() if c.name in USUAL
    ]


def _text(name: str) -> Callable[[Matter, str], tuple[str, str]]:
    return lambda matter, _language: (getattr(matter, name), "")


def _place(matter: Matter, language: str) -> tuple[str, str]:
    town = directory.division(matter.town)
    note = directory.name_of(town, language) if town and matter.place_id != matter.town else ""
    return place_of(matter, language), note


def _state(matter: Matter, language: str) -> str:
    return selectors.process_of(matter).states[matter.state].label.in_language(language)


def _holder(matter: Matter, language: str) -> str:
    return " ".join(selectors.holder_name(matter, language)).strip()


def _lead(matter: Matter, language: str) -> str:
    return directory.name_of(directory.unit(matter.lead_unit_id), language)


def _outcome(matter: Matter, language: str) -> str:
    return (
        outcome_label(selectors.process_of(matter), matter.outcome, language)
        if matter.outcome
        else ""
    )


def _due(matter: Matter, language: str) -> tuple[str, str]:
    if matter.due_at is None or not matter.active:
        return "", ""
    return _said_due(matter.due_at, words.as_day(timezone.now()), language)


@lru_cache(maxsize=2_000)
def _said_due(due: datetime, today: date, _language: str) -> tuple[str, str]:
    """Many rows of a list are due on one day."""
    said = words.due(due, today)
    return said.short.partition("，")[0].partition(", ")[0], words.day(due, today, week=False)


def _opened(matter: Matter, language: str) -> tuple[str, str]:
    at = matter.opened_at.astimezone(LOCAL)
    return _said_day(at.date(), words.as_day(timezone.now()), language), f"{at:%H:%M}"


@lru_cache(maxsize=2_000)
def _said_day(day: date, today: date, _language: str) -> str:
    return words.day(day, today, week=False)


def _when(moment: datetime | None) -> str:
    return words.when(moment) if moment else ""


def _day(moment: datetime | None) -> Any:
    return moment.astimezone(LOCAL).date() if moment else None


def _moment(moment: datetime | None) -> Any:
    """A spreadsheet knows no zones: the city's own time, to the minute."""
    return (
        moment.astimezone(LOCAL).replace(tzinfo=None, second=0, microsecond=0) if moment else None
    )
