"""The declared figures that a text is compared with, as plain data.

A site fills a `Catalogue` from its declarations; ``dingzi check --catalogue FILE`` reads one:

    {"homes": ["全市", "我市"],
     "figures": [{"name": "disputes.resolved_share", "title": "矛盾纠纷化解率",
                  "synonyms": ["化解率"], "also": ["综治中心"], "unit": "%", "kind": "share",
                  "values": [{"period": "2025-01..2025-10", "scope": "全市", "value": "0.982"}]}]}
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

from .errors import Reason, Unreadable
from .writing import fold

KINDS = ("count", "share", "money", "measure", "change", "rank")
#: The first and the last day, as texts; the first is "" for a state on a day.
Days = tuple[str, str]

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_DECIMAL = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")


class Records(Protocol):
    """Where the values of a figure are asked for one by one, instead of being listed."""

    @property
    def scopes(self) -> Collection[str]:
        """Names of the places for which there are values."""

    def value(self, span: Days, scope: str) -> Fraction | Reason:
        """Return the value of these days and this place, or why there is none."""

    def comparable(self, span: Days, base: Days) -> Reason | None:
        """Say why the two periods cannot be compared; None where they can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One declared figure.

    Attributes
    ----------
    name : by which it is known. titles : title and synonyms; at least one.
    also : words that may stand beside a title and do not narrow what is counted.
    unit : counter word or unit; ``%`` for shares. kind : one of KINDS.
    values : (days, scope) -> value in base units (yuan for money, a plain number for shares).
    records : where values are asked for, if they are not listed.
    subject : what it is about, in a word that texts use (信访, 矛盾纠纷); "" where that is open.
    """

    name: str
    titles: tuple[str, ...]
    unit: str
    kind: str
    values: Mapping[tuple[Days, str], Fraction] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    records: Records | None = None
    subject: str = ""

    @property
    def scopes(self) -> set[str]:
        listed = {scope for _, scope in self.values}
        return listed | set(self.records.scopes) if self.records else listed

    def at(self, span: Days, scope: str) -> Fraction | Reason | None:
        """Return the value of these days and this place, or None, or why there is none."""
        if self.records:
            return self.records.value(span, scope)
        return self.values.get((span, scope))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All figures; ``homes`` are the names of the whole place, all meaning the first.

    ``told`` says by hand what words mean: the name of a figure, or "" for none of them.
    """

    figures: tuple[Figure, ...]
    homes: tuple[str, ...] = ("全市", "我市", "本市")
    told: Mapping[str, str] = field(default_factory=dict)
    #: first two characters of a title -> titles that begin so, the longest first
    index: dict[str, list[tuple[str, Figure]]] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for figure in self.figures:
            for title in {fold(title) for title in figure.titles if title}:
                self.index.setdefault(title[:2], []).append((title, figure))
        for titles in self.index.values():
            titles.sort(key=lambda one: -len(one[0]))

    @property
    def places(self) -> set[str]:
        return set(self.homes).union(*(figure.scopes for figure in self.figures))

    @property
    def subjects(self) -> set[str]:
        return {figure.subject for figure in self.figures if figure.subject}

    def named(self, name: str) -> Figure | None:
        """Return a figure by its name."""
        return next((figure for figure in self.figures if figure.name == name), None)

    def place(self, scope: str) -> str:
        """The name under which values of a place are kept."""
        return self.homes[0] if scope in self.homes else scope


def days(code: str) -> Days | None:
    """First and last day of a period's code; None for words that name no days."""
    if code.startswith(".."):
        return ("", code[2:]) if _DAY.fullmatch(code[2:]) else None
    first, dots, last = code.partition("..")
    one = _ends(first)
    two = _ends(last) if dots else one
    if one is None or two is None or one[0] > two[1]:
        return None
    return one[0], two[1]


def _ends(code: str) -> Days | None:
    if _DAY.fullmatch(code):
        return code, code
    if month := _MONTH.fullmatch(code):
        return _months(int(month[1]), int(month[2]), int(month[2]))
    year, rest = code[:4], code[4:]
    if not (year.isascii() and year.isdigit()):
        return None
    if not rest:
        return _months(int(year), 1, 12)
    if rest in ("H1", "H2"):
        return _months(int(year), 6 * int(rest[1]) - 5, 6 * int(rest[1]))
    if rest in ("Q1", "Q2", "Q3", "Q4"):
        return _months(int(year), 3 * int(rest[1]) - 2, 3 * int(rest[1]))
    return None


def _months(year: int, first: int, last: int) -> Days | None:
    if not 1 <= year <= 9999 or not 1 <= first <= last <= 12:
        return None
    return f"{year}-{first:02}-01", f"{year}-{last:02}-{monthrange(year, last)[1]}"


def load(path: Path) -> Catalogue:
    """Read a catalogue's file. Raises Unreadable, naming the place of the fault."""
    try:
        data = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise Unreadable(
            ("text_missing", {"file": str(path), "fault": error.strerror or ""})
        ) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(
            ("catalogue_broken", {"file": str(path), "where": "JSON", "fault": str(error)})
        ) from error
    try:
        return parse(data)
    except _Fault as fault:
        raise Unreadable(
            (
                "catalogue_broken",
                {"file": str(path), "where": fault.args[0], "fault": fault.args[1]},
            )
        ) from fault


class _Fault(Exception):
    """Where a catalogue is wrong, and what is wanted there."""


def parse(data: Any) -> Catalogue:
    """A catalogue out of built-in values."""
    if isinstance(data, list):
        data = {"figures": data}
    if not isinstance(data, dict) or not isinstance(data.get("figures"), list):
        raise _Fault("figures", "a list of figures")
    homes = _texts(data.get("homes", ["全市", "我市", "本市"]), "homes")
    if not homes:
        raise _Fault("homes", "at least one name")
    figures = tuple(_figure(one, f"figures[{at}]", homes) for at, one in enumerate(data["figures"]))
    names = [figure.name for figure in figures]
    twice = (
        {name for name in names if names.count(name) > 1} if len(set(names)) < len(names) else set()
    )
    if twice:
        raise _Fault("figures", f"name twice: {min(twice)}")
    return Catalogue(figures, homes)


def _figure(data: Any, where: str, homes: tuple[str, ...]) -> Figure:
    if not isinstance(data, dict):
        raise _Fault(where, "an object")
    for key in ("name", "title", "unit", "kind"):
        if not isinstance(data.get(key), str) or (key != "unit" and not data[key].strip()):
            raise _Fault(f"{where}.{key}", "a text")
    if data["kind"] not in KINDS:
        raise _Fault(f"{where}.kind", " | ".join(KINDS))
    listed = data.get("values", [])
    if not isinstance(listed, list):
        raise _Fault(f"{where}.values", "a list")
    values: dict[tuple[Days, str], Fraction] = {}
    for at, one in enumerate(listed):
        place = f"{where}.values[{at}]"
        if not isinstance(one, dict):
            raise _Fault(place, "an object")
        span = days(one["period"]) if isinstance(one.get("period"), str) else None
        if span is None:
            raise _Fault(
                f"{place}.period", "2025, 2025H1, 2025Q3, 2025-08, 2025-01..2025-10, ..2025-10-31"
            )
        if not isinstance(one.get("value"), str) or not _DECIMAL.fullmatch(one["value"]):
            raise _Fault(f"{place}.value", 'a decimal as text: "0.982"')
        scope = one.get("scope", homes[0])
        if not isinstance(scope, str):
            raise _Fault(f"{place}.scope", "a text")
        values[span, homes[0] if scope in homes else scope] = Fraction(one["value"])
    return Figure(
        name=data["name"],
        titles=(data["title"], *_texts(data.get("synonyms", []), f"{where}.synonyms")),
        unit=data["unit"],
        kind=data["kind"],
        values=values,
        also=_texts(data.get("also", []), f"{where}.also"),
    )


def _texts(data: Any, where: str) -> tuple[str, ...]:
    if not isinstance(data, list) or not all(isinstance(one, str) for one in data):
        raise _Fault(where, "a list of texts")
    return tuple(data)


def of(figures: Iterable[Figure], homes: Iterable[str] = ("全市", "我市", "本市")) -> Catalogue:
    """A catalogue of figures that are there already."""
    return Catalogue(tuple(figures), tuple(homes))
