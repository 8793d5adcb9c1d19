"""The declared figures as the reader takes them: titles, unit, kind; values asked for one by one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from fractions import Fraction

from dingzi.city import directory
from dingzi.core.errors import Invalid, Reason, Refusal
from dingzi.reading import Catalogue, Records, units
from dingzi.reading import Figure as Named
from dingzi.reading.catalogue import Days

from .. import asking, registry
from ..answers import Value
from ..comparing import comparable
from ..declare import Change, Figure
from ..period import Period
from . import naming

#: Names of the whole city; the first is the one under which values are kept.
WHOLE = ("全市", "我市", "本市")
#: Yuan in the units in which a sum of money may be told.
_YUAN = {"元": 1, "万元": 10**4, "亿元": 10**8}
_WHY = {
    "small": "claim_small",
    "future": "claim_future",
    "uncounted": "claim_uncounted",
    "empty": "claim_nothing_counted",
}


#: Values asked for on behalf of one text: a page of nothing but dates must not keep the database.
MOST = 400


class Asking:
    """How many values may still be asked for."""

    def __init__(self, most: int) -> None:
        self.most = self.left = most

    def take(self) -> bool:
        """Take one; False where none is left."""
        self.left -= 1
        return self.left >= 0


def catalogue(most: int = MOST) -> Catalogue:
    """Return all listed figures, with what was said by hand of words; values are asked for later,
    at most so many.

    Only what the public may see is in it: the city and its counties.
    """
    asked = Asking(most)
    city = directory.city()
    places = {county.name: county.code for county in directory.divisions("county")}
    figures = tuple(
        named(figure, places, asked, group.title.zh)
        for group in registry.public()
        for figure in group.figures
    )
    homes = (*WHOLE, city.name) if city else WHOLE
    return Catalogue(figures, homes, naming.told())


def named(figure: Figure, places: dict[str, str], asked: Asking, subject: str) -> Named:
    """Return a declared figure as the reader takes it; ``places`` are the counties' codes by name."""
    kind, unit = _kind(figure)
    return Named(
        name=figure.name,
        titles=_titles(figure),
        unit=unit,
        kind=kind,
        subject=subject,
        records=Recorded(figure, places if _by_county(figure) else {}, asked),
    )


def _titles(figure: Figure) -> tuple[str, ...]:
    """Return title and synonyms, each also without 的: 办结的矛盾纠纷 is written 办结矛盾纠纷."""
    given = [figure.zh, *(title for title in figure.also if not title.isascii())]
    return tuple(dict.fromkeys([*given, *(title.replace("的", "") for title in given)]))


def _by_county(figure: Figure) -> bool:
    one = figure.dimensions.get("county")
    return one is not None and one.public


def _kind(figure: Figure) -> tuple[str, str]:
    """Return kind and unit in the reader's terms."""
    if isinstance(figure, Change):
        unit = "%" if figure.relative else "百分点" if figure.of.scale == 100 else figure.of.unit.zh
        return "change", unit
    unit = figure.unit.zh
    if figure.scale == 100:
        return "share", "%"
    if unit in _YUAN:
        return "money", "元"
    kind = units.kind_of(unit)
    return (kind if kind in ("count", "money") else "measure"), unit


class Recorded(Records):
    """The values of one figure, each asked for once."""

    def __init__(self, figure: Figure, places: dict[str, str], asked: Asking) -> None:
        self._figure, self._asked = figure, asked
        self._places = {WHOLE[0]: ""} | places
        self._found: dict[tuple[Days, str], Fraction | Reason] = {}

    @property
    def scopes(self) -> Collection[str]:
        return self._places.keys()

    def value(self, span: Days, scope: str) -> Fraction | Reason:
        if (span, scope) not in self._found:
            self._found[span, scope] = self._value(span, scope)
        return self._found[span, scope]

    def _value(self, span: Days, scope: str) -> Fraction | Reason:
        if scope not in self._places:
            return ("claim_no_value_for_scope", {"scope": scope})
        if not span[0] and not self._figure.is_stock:
            return ("claim_as_of_only", {"day": span[1]})
        if span[0] and span[0] != span[1] and self._figure.is_stock:
            return ("claim_stock_of_period", {})
        period = _period(span)
        if period is None:
            return ("claim_period_undated", {"period": "..".join(span)})
        for gap in self._figure.breaks:
            if period.first < gap.on <= period.last:
                return ("claim_definition_changed", {"day": gap.on.isoformat()})
        if not self._asked.take():
            return ("claim_too_many", {"most": self._asked.most})
        code = self._places[scope]
        try:
            found = asking.value(self._figure, period, {"county": code} if code else None)
        except Invalid:
            return ("claim_too_fine", {})
        return self._number(found)

    def _number(self, found: Value) -> Fraction | Reason:
        if found.number is None:
            return (_WHY.get(found.why_none, "claim_not_comparable"), {})
        if found.so_far:
            return ("claim_period_not_over", {"day": found.computed_at.date().isoformat()})
        if isinstance(self._figure, Change) or self._figure.scale == 100:
            return Fraction(found.number)
        return Fraction(found.number) * self._figure.scale * _YUAN.get(found.unit.zh, 1)

    def comparable(self, span: Days, base: Days) -> Reason | None:
        now, then = _period(span), _period(base)
        if now is None or then is None:
            return ("claim_not_comparable", {})
        try:
            comparable(self._figure, now, then)
        except Refusal:
            return ("claim_not_comparable", {})
        return None


def _period(span: Days) -> Period | None:
    """Return the reader's days as a period; a state on a day is that day alone."""
    first, last = span
    try:
        return Period(date.fromisoformat(first or last), date.fromisoformat(last))
    except (ValueError, Invalid):
        return None
