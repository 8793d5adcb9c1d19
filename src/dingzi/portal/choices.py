"""What a figure's page lets one choose: county, period, and what to compare with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from dingzi import figures
from dingzi.core.errors import Reason, Refusal
from dingzi.figures import Figure, Period, proving

if TYPE_CHECKING:  # DuckDB takes a while to load, and most pages do without
    from dingzi.figures.snapshots.reading import Tree

#: What the period may be set beside: code -> words.
YEAR_BEFORE, LAST_YEAR, NOTHING = "same", "year", "none"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was asked, cleaned; ``wrong`` says what could not be taken.

    Attributes
    ----------
    dims : the one part that was chosen, by dimension; empty for the whole city.
    other : the period to compare with, None for none.
    size : as of so many entries of the public log; None is now.
    """

    period: Period
    dims: Mapping[str, str]
    compare: str
    other: Period | None
    size: int | None = None
    wrong: list[Reason] = field(default_factory=list)

    @property
    def asked(self) -> dict[str, str]:
        """Return what an address must say to ask the same again."""
        default = Period.whole_months()
        found = dict(self.dims)
        if self.period != default:
            found["period"] = self.period.code
        if self.compare != YEAR_BEFORE:
            found["compare"] = self.compare
        if self.size is not None:
            found["size"] = str(self.size)
        return found

    @contextmanager
    def answered(self) -> Iterator[Tree | None]:
        """Have figures answered as it was chosen: from the snapshot of an earlier tree, or live."""
        if self.size is None:
            yield None
        else:
            with proving.at_head(self.size) as tree:
                yield tree


def chosen(figure: Figure, query: QueryDict) -> Chosen:
    """Read the choices of an address; what cannot be taken falls back and is said."""
    wrong: list[Reason] = []
    period = Period.whole_months()
    if text := query.get("period", "").strip()[:40]:
        try:
            period = Period.parse(text)
        except Refusal as refusal:
            wrong += refusal.reasons
    dims: dict[str, str] = {}
    for one in public_dimensions(figure):
        value = query.get(one.name, "").strip()[:40]
        if value and value not in one.labels():
            wrong.append(("unknown_choice", {"field": one.name, "value": value}))
        elif value and dims:
            wrong.append(("one_dimension", {"field": one.name}))
        elif value:
            dims[one.name] = value
    compare = query.get("compare", YEAR_BEFORE)
    if compare not in (YEAR_BEFORE, LAST_YEAR, NOTHING):
        compare = YEAR_BEFORE
    return Chosen(
        period, dims, compare, _other(period, compare), _size(query.get("size", ""), wrong), wrong
    )


def _other(period: Period, compare: str) -> Period | None:
    """Return the period to compare with; None where the calendar of figures does not reach it."""
    try:
        if compare == YEAR_BEFORE:
            return period.year_before()
        return Period.year(period.last.year - 1) if compare == LAST_YEAR else None
    except Refusal:
        return None


def _size(text: str, wrong: list[Reason]) -> int | None:
    """Return the signed head that was asked for: what stood between two was never public."""
    text = text.strip()[:20]
    if not text:
        return None
    if not (text.isascii() and text.isdigit()):
        wrong.append(("figures_bad_size", {"value": text}))
        return None
    try:
        size = proving.signed(int(text))
    except Refusal as refusal:
        wrong += refusal.reasons
        return None
    if size != int(text):
        wrong.append(("figures_nearest_tree", {"size": int(text), "near": size}))
    return size


def public_dimensions(figure: Figure) -> list[Any]:
    return [one for one in figure.by if one.public]


def periods(now: date, chosen: Period) -> list[tuple[str, str]]:
    """Return the periods of the list: the usual ones, and the one that is shown."""
    year = now.year
    wanted = [Period.whole_months(now), Period.to_date(now)]
    wanted += [p for p in (Period.quarter(year, n) for n in (4, 3, 2, 1)) if p.over(now)]
    wanted += [p for p in (Period.month(year, n) for n in range(12, 0, -1)) if p.over(now)]
    wanted += [Period.year(year - 1), Period.year(year - 2)]
    if chosen not in wanted:
        wanted.insert(0, chosen)
    return [(one.code, str(one.words(now))) for one in dict.fromkeys(wanted)]


def lists(figure: Figure, asked: Chosen) -> list[dict[str, Any]]:
    """Return the lists of the page's form: name, label, options, what is chosen."""
    found = []
    for one in public_dimensions(figure):
        options = [("", _("全部%(what)s") % {"what": one.title})]
        options += [(code, str(label)) for code, label in one.labels().items()]
        if one.name == "county":
            options[0] = ("", _("全市"))
        found.append((one.name, str(one.title), options, asked.dims.get(one.name, "")))
    found.append(
        ("period", _("时间"), periods(figures.today(), asked.period), asked.period.code)
    )  # fmt: skip
    compare = [
        (YEAR_BEFORE, _("和去年同期比")),
        (LAST_YEAR, _("和上一年全年比")),
        (NOTHING, _("不比")),
    ]
    found.append(("compare", _("比什么"), compare, asked.compare))
    return [
        {"name": name, "label": label, "options": options, "value": value}
        for name, label, options, value in found
    ]
