"""Parameter files: their form, and what is said about one that breaks it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from .values import KINDS, SPANS, Rule, Value
from .words import load as load_words
from .yamlnodes import Node, read

#: unit -> test of a value; what to write instead is ``write.UNIT`` of the words
UNITS: dict[str, Callable[[Any], bool]] = {
    **dict.fromkeys((*SPANS, "hour"), lambda v: _whole(v) and v >= 1),
    "fen": lambda v: _whole(v),
    "share": lambda v: _number(v) and 0 <= v <= 1,
    "count": lambda v: _whole(v) and v >= 0,
    "number": lambda v: _number(v),
    "metre": lambda v: _number(v) and v >= 0,
    "gram": lambda v: _number(v) and v >= 0,
    "flag": lambda v: isinstance(v, bool),
    "text": lambda v: isinstance(v, str) and v.strip() != "",
}
#: what a city's own value may do to a value of law: nothing, or only make a time shorter
CITY_MAY = ("nothing", "shorten", "change")
#: the file of a folder that gives the names of laws in both languages
SOURCES = "sources.yaml"

_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+\Z")
_KEYS = ("zh", "en", "unit", "kind", "moves_last_day", "city_may", "note", "values")
_REQUIRED = ("zh", "en", "unit", "values")
_ENTRY_KEYS = ("since", "value", "source", "article", "local")


@dataclass(frozen=True, slots=True)
class Dated:
    """What holds from ``value.since`` on: nothing, where ``value.value`` is None."""

    value: Value
    rule: Rule | None
    line: int


@dataclass(frozen=True, slots=True)
class Definition:
    """One parameter: its titles, how it is counted, and its values by date."""

    name: str
    zh: str
    en: str
    unit: str
    kind: str
    moves_last_day: bool
    city_may: str
    note: dict[str, str]
    dated: tuple[Dated, ...]
    path: Path
    line: int

    @property
    def is_rule(self) -> bool:
        """Whether it is a deadline: a length of time that says how its days are counted."""
        return self.kind != ""

    def at(self, on: date) -> Dated | None:
        """The entry of this day, even where it says that nothing holds; None before the first."""
        index = bisect_right(self.dated, on, key=_since) - 1
        return self.dated[index] if index >= 0 else None

    def on(self, on: date) -> Value | None:
        """The file's value on this day, or None."""
        dated = self.at(on)
        return dated.value if dated is not None and dated.value.value is not None else None


def _since(dated: Dated) -> date:
    return dated.value.since


def definitions(path: Path) -> list[Definition]:
    """Read one parameter file; raise BadFile for the first thing that is wrong in it."""
    root = read(path).mapping("write NAME: with the parameter's keys indented under it")
    return [_definition(name, node, path) for name, node in root.items()]


def sources(path: Path) -> dict[str, str]:
    """Read names of laws, Chinese -> English."""
    root = read(path).mapping("write 法律名: English name, one a line")
    for node in root.values():
        if not isinstance(node.value, str) or not node.value:
            raise node.bad(f"write the English name of the law (found {node.shown})")
    return {zh: node.value for zh, node in root.items()}


def _definition(name: str, node: Node, path: Path) -> Definition:
    if not _NAME.match(name):
        raise node.bad("write a name such as disputes.mediation_days: a-z, 0-9, _ and dots")
    if name.split(".")[0] != path.stem:
        raise node.bad(f"in {path.name} every name begins with {path.stem!r} and a dot")
    keys = node.mapping(f"write {', '.join(_REQUIRED)} indented under the name")
    _only(node, keys, _KEYS, _REQUIRED)
    zh, en = (_text(keys[key]) for key in ("zh", "en"))
    unit = _one_of(keys["unit"], UNITS)
    kind, moves = "", False
    if "kind" in keys:
        kind = _one_of(keys["kind"], KINDS)
        if unit not in SPANS:
            raise keys["kind"].bad(f"only {', '.join(SPANS)} can be counted: leave kind out")
        if kind == "working" and unit != "day":
            raise keys["kind"].bad("working time is counted in days: write unit: day")
        if "moves_last_day" not in keys:
            raise keys["kind"].bad(
                "say also moves_last_day: true or false (a last day on a rest day moves, or not)"
            )
    if "moves_last_day" in keys:
        if not kind:
            raise keys["moves_last_day"].bad("say also kind: working or calendar")
        moves = keys["moves_last_day"].value
        if not isinstance(moves, bool):
            raise keys["moves_last_day"].bad(
                f"write true or false (found {keys['moves_last_day'].shown})"
            )
    city_may = _one_of(keys["city_may"], CITY_MAY) if "city_may" in keys else "nothing"
    if city_may == "shorten" and not kind:
        raise keys["city_may"].bad("only a time can be shortened: write nothing or change")
    note: dict[str, str] = {}
    if "note" in keys:
        languages = keys["note"].mapping("write zh and en under note")
        _only(keys["note"], languages, ("zh", "en"), ("zh", "en"))
        note = {key: _text(languages[key]) for key in ("zh", "en")}
    values = keys["values"]
    if not isinstance(values.value, list) or not values.value:
        raise values.bad(f"write a list: one entry for each date of change (found {values.shown})")
    entries = [_entry(item, unit) for item in values.value]
    for earlier, later, item in zip(entries, entries[1:], values.value[1:], strict=False):
        if later["since"] <= earlier["since"]:
            raise item.bad(
                f"{later['since']} is not after {earlier['since']}: order by date, each date once",
                field="since",
            )
    ends = [entry["since"] - timedelta(days=1) for entry in entries[1:]]
    held = [
        Value(unit=unit, until=until, **entry)
        for entry, until in zip(entries, [*ends, None], strict=True)
    ]
    item = Definition(name, zh, en, unit, kind, moves, city_may, note, (), path, node.line)
    dated = zip(held, values.value, strict=True)
    return replace(item, dated=tuple(Dated(v, rule_of(item, v), node.line) for v, node in dated))


def rule_of(item: Definition, value: Value) -> Rule | None:
    """How a value of a parameter is counted; None where it is no deadline or nothing holds."""
    if not item.is_rule or value.value is None:
        return None
    unit: Any = value.unit  # checked when the file was read
    kind: Any = item.kind
    return Rule(
        amount=value.value,
        unit=unit,
        kind=kind,
        moves_last_day=item.moves_last_day,
        name=item.name,
        zh=item.zh,
        en=item.en,
        source=value.source,
        article=value.article,
        local=value.local,
        since=value.since,
        until=value.until,
    )


def _entry(item: Node, unit: str) -> dict[str, Any]:
    keys = item.mapping("write since and value, and source and article or local: true")
    _only(item, keys, _ENTRY_KEYS, ("since", "value"))
    since = keys["since"]
    if not isinstance(since.value, date):
        raise since.bad(f"write a date as YYYY-MM-DD (found {since.shown})")
    value = keys["value"]
    if value.value is not None and not fits(value.value, unit):
        write = load_words()[f"write.{unit}"]["en"]
        raise value.bad(f"write {write}, or null where nothing holds (found {value.shown})")
    local = False
    if "local" in keys:
        local = keys["local"].value
        if local is not True:
            raise keys["local"].bad("write local: true, or leave it out and name the law")
        for key in ("source", "article"):
            if key in keys:
                raise keys[key].bad("a local setting has no law: leave out this or local")
    elif "source" not in keys:
        raise item.bad("say who sets it: source and article, or local: true")
    elif "article" not in keys:
        raise keys["source"].bad('say also article, such as article: "33" or "31(6)"')
    return {
        "value": value.value,
        "source": _text(keys["source"]) if "source" in keys else "",
        "article": _article(keys["article"]) if "article" in keys else "",
        "local": local,
        "since": since.value,
    }


def _article(node: Node) -> str:
    if isinstance(node.value, int) and not isinstance(node.value, bool):
        return str(node.value)
    return _text(node)


def _text(node: Node) -> str:
    if not isinstance(node.value, str) or not node.value.strip():
        raise node.bad(f"write a text (found {node.shown})")
    return node.value


def _one_of(node: Node, allowed: Iterable[str]) -> str:
    if node.value not in tuple(allowed):
        raise node.bad(f"write one of {', '.join(allowed)} (found {node.shown})")
    return node.value


def _only(
    node: Node, keys: dict[str, Node], allowed: tuple[str, ...], required: tuple[str, ...]
) -> None:
    for key, inner in keys.items():
        if key not in allowed:
            raise inner.bad(f"no such key; write one of {', '.join(allowed)}")
    for key in required:
        if key not in keys:
            raise node.bad(f"{key} is missing", field=key)


def fits(value: Any, unit: str) -> bool:
    """Whether a value can stand in this unit."""
    return not isinstance(value, dict | list) and UNITS[unit](value)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> bool:
    return _whole(value) or (isinstance(value, float) and value == value and abs(value) < 1e300)


def folder(path: Path) -> tuple[list[Definition], dict[str, str]]:
    """Read a folder of parameter files: its definitions, and the names of laws it adds."""
    found: list[Definition] = []
    names: dict[str, str] = {}
    for file in sorted(path.glob("*.yaml")):
        if file.name == SOURCES:
            names.update(sources(file))
        else:
            found.extend(definitions(file))
    return found, names
