"""What a question about a figure is answered with: plain frozen values for pages and the API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from dingzi.core.errors import Reason
from dingzi.core.text import Text

from .declare import Figure, Number
from .period import Period

Dims = tuple[tuple[str, str], ...]
NONE = Text("–", "–")


def rounded(number: Number, places: int) -> Decimal:
    """Round half away from zero, exactly."""
    shifted = abs(Fraction(number)) * 10**places + Fraction(1, 2)
    whole = shifted.numerator // shifted.denominator
    return Decimal(whole if number >= 0 else -whole).scaleb(-places)


def noun(unit: Text, shown: Decimal) -> str:
    """Return the English of a unit as it stands after a number: 1 case, 2 cases."""
    return unit.en.removesuffix("s") if shown == 1 else unit.en


@dataclass(frozen=True, slots=True)
class Behind:
    """A count behind a value: what its rows are, and how many; None where it may not be told."""

    name: str
    label: Text
    n: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A figure's value for a period and a choice of dimensions; the same for everyone.

    Attributes
    ----------
    number : exact; a share is a Fraction of one. None where there is nothing to tell.
    why_none : "" | ``empty`` (nothing to divide or to order) | ``small`` (suppressed) |
        ``future`` (the period has not begun) | ``uncounted`` (before the first row there is) |
        ``no_residents`` (nobody has said how many live there) | ``unranked`` (the whole city, or
        no known place) | of a change the code that `comparing.comparable` refuses with.
    behind : the counts that it was made of.
    so_far : the period has not ended yet.
    recounted : the period begins before the definition did; it was counted by it all the same.
    definition, version : id and number of the definition. computed_at : the numbers hold as of then.
    """

    figure: str
    kind: str = ""
    title: Text
    period: Period
    dims: Dims = ()
    number: Number | None
    why_none: str = ""
    behind: tuple[Behind, ...] = ()
    unit: Text
    scale: int = 1
    places: int = 0
    is_stock: bool = False
    so_far: bool = False
    recounted: bool = False
    definition: str
    version: int = 1
    computed_at: datetime

    @property
    def suppressed(self) -> bool:
        return self.why_none == "small"

    @property
    def shown(self) -> Decimal | None:
        """The number in its unit (a share in percent), rounded as it is shown."""
        return None if self.number is None else rounded(self.number * self.scale, self.places)

    @property
    def amount(self) -> str:
        """``shown`` as text without the unit: 96.2, 21,384; – where there is none."""
        return NONE.zh if self.shown is None else f"{self.shown:,f}".replace("-", "−")

    @property
    def text(self) -> Text:
        """With its unit: 96.2%, 21,384件 / 21,384 cases."""
        if self.shown is None:
            return NONE
        gap = "" if self.scale == 100 else " "
        return Text(
            f"{self.amount}{self.unit.zh}", f"{self.amount}{gap}{noun(self.unit, self.shown)}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A value beside that of another period.

    Attributes
    ----------
    difference : exact, in the value's own terms (of shares a Fraction of one). None if either is
        missing.
    relative : difference over the earlier value; None if that is 0 or missing.
    direction : ``up``, ``down``, ``same`` or "" (not comparable).
    good : whether the change is for the better; None where it is neither.
    text : 比去年同期高1.4个百分点 / 1.4 percentage points higher than ...
    """

    now: Value
    then: Value
    difference: Number | None
    relative: Fraction | None
    direction: str
    good: bool | None
    text: Text

    @property
    def shown(self) -> Decimal | None:
        """The difference in the value's unit (of shares in points), rounded as shown."""
        if self.difference is None:
            return None
        return rounded(self.difference * self.now.scale, self.now.places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table. ``comparison`` is there where the table was asked for one."""

    key: str
    label: Text
    value: Value
    comparison: Comparison | None = None

    @property
    def then(self) -> Value | None:
        return self.comparison.then if self.comparison else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A figure divided by one dimension or by time, with its total.

    Attributes
    ----------
    by : name of the dimension, or ``day``, ``month``, ``quarter``, ``half``, ``year``.
    says : a title that tells what the rows show.
    hidden : whether some rows are withheld because they are small.
    """

    figure: str
    title: Text
    says: Text
    unit: Text
    by: str
    by_title: Text
    period: Period
    filters: Dims = ()
    rows: tuple[Row, ...]
    total: Row
    hidden: bool = False
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a trend; ``value`` is None where the month has not come."""

    label: Text
    period: Period
    value: Value | None

    @property
    def shown(self) -> Decimal | None:
        return self.value.shown if self.value else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The months of a year and of the year before: twelve points each. ``says`` is a title that
    tells what they show."""

    figure: str
    title: Text
    says: Text
    unit: Text
    year: int
    now: tuple[Point, ...]
    then: tuple[Point, ...]
    computed_at: datetime
    dims: Dims = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a page shows of a figure at a glance; ``refused`` is why there is no comparison."""

    figure: Figure
    value: Value
    comparison: Comparison | None
    refused: Reason | None
    trend: Trend
