"""One row of a spreadsheet, as the data of an opening act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core.errors import Reason
from dingzi.core.spreadsheet import Cell, Row, as_text

from ..acts import Intent
from ..fields import FieldDef
from ..models import Matter
from ..process import Action
from .columns import NUMBER, TIME
from .moments import NotRead, moment
from .words import NO, YES, Places

#: Stands for "leave it empty" among the values of a choice column.
LEAVE = "-"
#: Longest foreign number that a matter keeps, in characters.
NUMBER_LIMIT = Matter._meta.get_field("foreign_number").max_length or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a spreadsheet is read.

    Attributes
    ----------
    columns : column -> target. values : target -> foreign word -> our code, or ``LEAVE``.
    defaults : target -> value for rows (or columns) that have none.
    source : name of where the rows come from; with the foreign number it knows a row again.
    within : division in which a bare name of a place is looked for first.
    """

    process: str
    action: Action
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    source: str = "excel"
    within: str = ""


class Reader:
    """Reads the rows of one import; what was looked up for one row is kept for the others."""

    def __init__(self, plan: Plan, by: Viewer) -> None:
        self.plan, self.by = plan, by
        self.fields = {f.name: f for f in plan.action.fields}
        self.column_of = {target: column for column, target in plan.columns.items()}
        self.places = Places(plan.within, plan.values.get("place"))
        self.choices = {
            name: _words(one) | dict(plan.values.get(name, {}))
            for name, one in self.fields.items()
            if one.kind in ("choice", "choices")
        }

    def intent(self, row: Row, now: datetime) -> tuple[Intent | None, list[Reason]]:
        """Turn a row into an intent, or say which cells cannot be read; its data is not yet checked."""
        columns = self.plan.columns
        reasons: list[Reason] = [r for r in row.reasons if r[1].get("field") in columns]
        given: dict[str, Cell] = {}
        for column, target in columns.items():
            value = row.cells.get(column)
            if value is not None and value != "":
                given[target] = value
        for target, default in self.plan.defaults.items():
            given.setdefault(target, default)
        at = self._taken(TIME, given, lambda: moment(given.pop(TIME)), reasons) or now
        number = self._taken(NUMBER, given, lambda: _number(given.pop(NUMBER)), reasons) or ""
        data: dict[str, Any] = {}
        for target, value in given.items():
            read = self._taken(target, given, lambda t=target, v=value: self._read(t, v), reasons)
            if read is not None:
                data[target] = read
        self._complete(data)
        if reasons:
            return None, reasons
        return self._made(data, at, number, now), []

    def placed(self, reason: Reason) -> Reason:
        """Return a reason with the column that its field was read from."""
        code, params = reason
        target = str(params.get("field", "")).split(".")[0]
        column = self.column_of.get({"occurred_at": TIME}.get(target, target))
        return (code, params | {"column": column}) if column else reason

    def _taken(
        self, target: str, given: Mapping[str, Cell], read: Any, reasons: list[Reason]
    ) -> Any:
        if target not in given:
            return None
        try:
            return read()
        except NotRead as wrong:
            code, params = wrong.reason
            reasons.append(self.placed((code, {"field": target, **params})))
            return None

    def _complete(self, data: dict[str, Any]) -> None:
        """Fill what follows from the rest: a spot from the address, a text from the title."""
        place = data.get("place")
        if isinstance(place, tuple):
            data["place"], spot = place
            if spot and "spot" in self.fields:
                data.setdefault("spot", spot[: self.fields["spot"].max or 120])
        if "text" in self.fields and "text" not in data and data.get("title"):
            data["text"] = data["title"]

    def _made(self, data: dict[str, Any], at: datetime, number: str, now: datetime) -> Intent:
        return Intent(
            action=self.plan.action.name,
            process=self.plan.process,
            data=data,
            by=self.by,
            occurred_at=at,
            reason="导入" if at < now else "",
            door="import",
            source=self.plan.source if number else "",
            foreign_number=number,
        )

    def _read(self, target: str, value: Cell) -> Any:
        one = self.fields[target]
        if one.kind == "choice":
            return self._choice(target, as_text(value))
        if one.kind == "choices":
            parts = as_text(value).replace("，", "、").replace(",", "、").split("、")
            codes = [self._choice(target, part) for part in parts if part.strip()]
            return [code for code in codes if code]
        if one.kind == "place":
            place = self.places.read(as_text(value))
            if place is None:
                raise NotRead("unknown_division", value=as_text(value)[:60])
            return place
        if one.kind == "unit":
            return _unit(as_text(value))
        if one.kind == "date":
            return moment(value).date().isoformat()
        if one.kind == "moment":
            return moment(value).isoformat()
        if one.kind == "flag":
            return _flag(as_text(value))
        if one.kind == "number":
            return value if isinstance(value, int) else as_text(value)
        if one.kind == "money":
            return _fen(value)
        if one.kind == "parties":
            return _parties(as_text(value))
        return tidied(as_text(value))

    def _choice(self, target: str, word: str) -> str | None:
        code = self.choices[target].get(word.strip())
        if not code:
            raise NotRead("unknown_choice", value=word[:60])
        return None if code == LEAVE else code


def _words(one: FieldDef) -> dict[str, str]:
    return {w: code for code, label in one.choices.items() for w in (code, label.zh, label.en)}


def tidied(text: str) -> str:
    """Return a text without empty lines and blanks at the ends of its lines."""
    return "\n".join(kept for line in text.splitlines() if (kept := line.strip(" \t\u3000\u00a0")))


def _number(value: Cell) -> str:
    number = as_text(value).strip()
    if len(number) > NUMBER_LIMIT:
        raise NotRead("too_long", limit=NUMBER_LIMIT, length=len(number))
    return number


def _unit(text: str) -> int:
    """Return the id of the open unit that goes by this name or code."""
    wanted = "".join(text.split()).casefold()
    for unit in directory.units():
        names = (unit.name, unit.name_en, unit.code)
        if unit.until is None and wanted in {"".join(n.split()).casefold() for n in names if n}:
            return unit.id
    raise NotRead("unknown_unit_name", value=text[:60])


def _flag(word: str) -> bool:
    plain = word.strip().casefold()
    if plain not in YES | NO:
        raise NotRead("not_yes_or_no", value=word[:60])
    return plain in YES


def _fen(value: Cell) -> int:
    """Read yuan as whole fen."""
    try:
        fen = Decimal(as_text(value).replace(",", "").removesuffix("元").strip()) * 100
    except InvalidOperation:
        fen = Decimal("0.5")
    if fen != fen.to_integral_value():
        raise NotRead("not_a_number", value=as_text(value)[:60])
    return int(fen)


def _parties(text: str) -> list[dict[str, str]]:
    """Read the other side: names, with a telephone number after a blank where there is one."""
    for mark in "；;、\n":
        text = text.replace(mark, "\n")
    found = []
    for line in text.split("\n"):
        name, _, phone = line.strip().replace("，", " ").replace(",", " ").partition(" ")
        if name:
            found.append({"side": "respondent", "name": name[:60], "phone": phone.strip()})
    return found
