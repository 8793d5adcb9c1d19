"""One row of a spreadsheet, as the data of an opening act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from dingzi.city import directory
from dingzi.city.selectors import find_division
from dingzi.city.viewer import Viewer
from dingzi.core.errors import Reason

from ..acts import Intent
from ..clocks import LOCAL
from ..fields import EARLIEST, LATEST, FieldDef
from ..process import Action
from .columns import NUMBER, TIME

Cell = str | int | Decimal | date | datetime | bool | None
_FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M",
    "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y年%m月%d日 %H:%M", "%Y%m%d",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a spreadsheet is read.

    Attributes
    ----------
    columns : column -> target. values : target -> foreign word -> our code.
    defaults : target -> value for rows (or columns) that have none.
    source : name of where the rows come from; with the foreign number it knows a row again.
    """

    process: str
    action: Action
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    source: str = "excel"


def intent(
    row: Mapping[str, Cell], plan: Plan, by: Viewer, now: datetime
) -> tuple[Intent | None, list[Reason]]:
    """Turn a row into an intent, or say what is wrong with which column."""
    given: dict[str, Cell] = {}
    for column, target in plan.columns.items():
        if row.get(column) not in (None, ""):
            given[target] = row[column]
    for target, default in plan.defaults.items():
        given.setdefault(target, default)
    reasons: list[Reason] = []
    data: dict[str, Any] = {}
    by_name = {f.name: f for f in plan.action.fields}
    for target, value in given.items():
        if target in (NUMBER, TIME):
            continue
        one = by_name[target]
        try:
            data[target] = _read(one, value, plan)
        except _Wrong as wrong:
            reasons.append((wrong.code, {"field": target, "value": str(value)[:60]}))
    at = now
    if TIME in given:
        try:
            at = moment(given[TIME])
        except _Wrong as wrong:
            reasons.append((wrong.code, {"field": TIME, "value": str(given[TIME])[:60]}))
    if reasons:
        return None, reasons
    number = str(given.get(NUMBER, "")).strip()[:60]
    return (
        Intent(
            action=plan.action.name,
            process=plan.process,
            data=data,
            by=by,
            occurred_at=at,
            reason="导入" if at < now else "",
            door="import",
            source=plan.source if number else "",
            foreign_number=number,
        ),
        [],
    )


class _Wrong(Exception):
    def __init__(self, code: str) -> None:
        self.code = code


def _read(one: FieldDef, value: Cell, plan: Plan) -> Any:
    if one.kind in ("choice", "choices"):
        return _choice(one, str(value).strip(), plan)
    if one.kind == "place":
        return _place(str(value).strip(), plan)
    if one.kind == "date":
        return moment(value).date().isoformat()
    if one.kind == "moment":
        return moment(value).isoformat()
    if one.kind == "flag":
        return str(value).strip() in ("是", "有", "1", "Y", "y", "yes", "True", "true", "√")
    if one.kind == "number":
        return int(value) if isinstance(value, int | Decimal) else str(value).strip()
    text = _text(value)
    limit = one.max or (120 if one.kind == "line" else 2_000)
    # A long account is kept whole as far as the field goes; the spreadsheet itself is kept too.
    return text[:limit] if one.kind == "text" else text


def _text(value: Cell) -> str:
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else value
    kept = "".join(c for c in str(value) if c >= " " or c in "\n\t")
    return "\n".join(line.strip() for line in kept.splitlines() if line.strip())


def _choice(one: FieldDef, word: str, plan: Plan) -> str:
    known = plan.values.get(one.name, {})
    if word in known:
        return known[word]
    for code, label in one.choices.items():
        if word in (code, label.zh, label.en):
            return code
    raise _Wrong("unknown_choice")


def _place(word: str, plan: Plan) -> str:
    known = plan.values.get("place", {})
    if word in known:
        return known[word]
    if directory.division(word) is not None:
        return word
    found = find_division(word)
    if found is None:
        raise _Wrong("unknown_division")
    return found.code


def moment(value: Cell) -> datetime:
    """Read a time as spreadsheets write it, in the city's time; _Wrong for what is none."""
    made: datetime | None = None
    if isinstance(value, datetime):
        made = value if value.tzinfo else value.replace(tzinfo=LOCAL)
    elif isinstance(value, date):
        made = datetime.combine(value, time(9), LOCAL)
    else:
        made = _parsed(str(value).strip())
    if made is None:
        raise _Wrong("not_a_date")
    if not EARLIEST <= made.date() <= LATEST:
        raise _Wrong("date_out_of_range")
    return made


def _parsed(text: str) -> datetime | None:
    readers: list[Callable[[], datetime]] = [
        lambda form=form: datetime.strptime(text, form)  # type: ignore[misc]  # noqa: DTZ007
        for form in _FORMS
    ]
    for read in readers:
        try:
            return read().replace(tzinfo=LOCAL)
        except ValueError:
            continue
    return None
