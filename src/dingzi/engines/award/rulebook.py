"""A rule book: every number that decides a round, as data with its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Literal, TypeVar

from ..documents import Document, read_yaml
from ..errors import BadSettings

FOLDER = Path(__file__).parent / "rules"
Of = Literal["lowest", "anchor"]
Value = TypeVar("Value")
#: factors and shares are whole in parts of so many, so that prices stay exact
PARTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """The rules of a round. A step list ``((from, value), ...)`` holds from a count on.

    Parameters
    ----------
    name, since, source, local
        Who says so since when; ``local`` names fields that are the city's own.
    entry
        Qualified bids that a product needs; with fewer it is not awarded.
    winners
        By the number of qualified bids: at most so many win.
    factor, of, anchor_share
        A bid above ``factor`` times the lowest, or times the anchor, is out: the breaker. The
        anchor is the larger of the lowest and ``anchor_share`` of the mean of the shortlist, the
        lowest bids as many as may win. None: no breaker.
    exempt, exempt_forms, cut
        In all the same: a price of at most ``exempt`` fen, of a product of one of the forms where
        there are any, or ``cut`` below the ceiling.
    not_highest
        The highest bid never wins (where more than one bids).
    revival
        A bid that the breaker put out may take a place that is left, at the highest price that
        the breaker lets pass.
    shares, years
        By the number of winners: share of the reported volume agreed, years of the contract.
    backup
        Each region gets a backup, another winner than its main one.
    """

    name: str
    since: date
    source: str
    local: tuple[str, ...] = ()
    entry: int = 1
    winners: tuple[tuple[int, int], ...]
    factor: Fraction | None = None
    of: Of = "lowest"
    anchor_share: Fraction = Fraction(0)
    exempt: int | None = None
    exempt_forms: tuple[str, ...] = ()
    cut: Fraction | None = None
    not_highest: bool = False
    revival: bool = False
    shares: tuple[tuple[int, Fraction], ...]
    years: tuple[tuple[int, int], ...] = ()
    backup: bool = False

    def __post_init__(self) -> None:
        for steps in (self.winners, self.shares, self.years):
            starts = [start for start, _ in steps]
            if starts != sorted(set(starts)) or (starts and starts[0] < 1):
                raise BadSettings("award.steps", {"rules": self.name})
        if not self.winners or not self.shares or self.entry < 1 or self.shares[0][0] > 1:
            raise BadSettings("award.steps", {"rules": self.name})
        most = [count for _, count in self.winners]
        if most != sorted(most):
            raise BadSettings("award.fewer_winners", {"rules": self.name})
        if self.factor is None and (self.revival or self.exempt is not None or self.cut):
            raise BadSettings("award.no_breaker", {"rules": self.name})
        if self.of == "lowest" and self.anchor_share:
            raise BadSettings("award.no_anchor", {"rules": self.name})
        if self.factor is not None and not 1 <= self.factor <= 10:
            raise BadSettings("award.factor", {"rules": self.name})
        for part in (self.factor, self.anchor_share, self.cut, *(one for _, one in self.shares)):
            if part is not None and (part * PARTS).denominator != 1:
                raise BadSettings("award.parts", {"rules": self.name, "parts": PARTS})


def step(steps: Sequence[tuple[int, Value]], count: int, none: Value) -> Value:
    """Return the value that holds for a count; ``none`` below the first step."""
    found = none
    for start, value in steps:
        if count >= start:
            found = value
    return found


def exempt_price(rules: RuleBook, form: str) -> int:
    """Return up to which price a product of this form is exempt from the breaker; -1: never."""
    if rules.exempt is None or (rules.exempt_forms and form not in rules.exempt_forms):
        return -1
    return rules.exempt


def presets() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def rule_book(name: str) -> RuleBook:
    """Return a preset by its name, or what a file holds."""
    if name in presets():
        return read(FOLDER / f"{name}.yaml")
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        known = ", ".join(presets())
        raise BadSettings("award.rules_unknown", {"found": name, "known": known})
    return read(path)


def read(path: Path) -> RuleBook:
    """Read a rule book; a field that is not known is refused."""
    book = read_yaml(path)
    book.only(
        *("title", "since", "source", "local", "entry", "winners", "within", "not_highest"),
        *("revival", "shares", "years", "backup"),
    )
    within = book.inner("within", None)
    limits: dict[str, object] = {}
    if within is not None:
        within.only("factor", "of", "anchor_share", "exempt", "exempt_forms", "cut")
        of = within.text("of", "lowest")
        if of not in ("lowest", "anchor"):
            within.refuse_field("of", "award.of", found=of)
        limits = {
            "factor": Fraction(within.decimal("factor", "1", "10")),
            "of": of,
            "anchor_share": Fraction(within.decimal("anchor_share", "0", "1", 0)),
            "exempt": within.whole("exempt", 0, 10**12, None),
            "exempt_forms": tuple(within.texts("exempt_forms", [])),
            "cut": Fraction(within.decimal("cut", "0", "1")) if within.has("cut") else None,
        }
    return RuleBook(
        name=path.stem,
        since=book.day("since"),
        source=book.text("source", ""),
        local=tuple(book.texts("local", [])),
        entry=book.whole("entry", 1, 10_000, 1),
        winners=_steps(book, "winners", "most"),
        not_highest=book.flag("not_highest", False),
        revival=book.flag("revival", False),
        shares=tuple(
            (one.whole("from", 1, 10_000), Fraction(one.decimal("share", "0", "1")))
            for one in book.rows("shares")
        ),
        years=_steps(book, "years", "years"),
        backup=book.flag("backup", False),
        **limits,  # type: ignore[arg-type]
    )


def _steps(book: Document, name: str, field: str) -> tuple[tuple[int, int], ...]:
    return tuple(
        (one.whole("from", 1, 10_000), one.whole(field, 1, 10_000)) for one in book.rows(name, [])
    )
