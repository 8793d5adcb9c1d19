"""Dated values and the rules by which time is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Kind = Literal["working", "calendar"]
Span = Literal["day", "month", "year"]

#: the units in which a deadline may be given
SPANS: tuple[Span, ...] = ("day", "month", "year")
KINDS: tuple[Kind, ...] = ("working", "calendar")


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is on one day, and who says so.

    Attributes
    ----------
    value : int, float, bool or {"zh", "en"}
        In ``unit``; money in fen, shares between 0 and 1.
    source, article : str
        The law and its article (``"33"``, ``"31(6)"``); empty where ``local``.
    local : bool
        A setting of the city, never to be shown as law.
    since, until : date
        First and last day on which it holds; ``until`` is None while no end is known.
    """

    value: Any
    unit: str
    source: str
    article: str
    local: bool
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A length of time and how it is counted.

    Attributes
    ----------
    amount : int
        In ``unit``; at least 1.
    kind : {"working", "calendar"}
        Working days leave out statutory rest days and count make-up workdays.
    moves_last_day : bool
        A last day on a rest day moves to the first working day after it.
    name, zh, en : str
        The parameter it was read from and its titles; empty for a rule made on the spot.
    added : int
        How much of ``amount`` was added when the time was prolonged, in ``unit``.
    """

    amount: int
    unit: Span = "day"
    kind: Kind = "calendar"
    moves_last_day: bool = True
    name: str = ""
    zh: str = ""
    en: str = ""
    source: str = ""
    article: str = ""
    local: bool = False
    since: date | None = None
    added: int = 0
    until: date | None = None

    def __post_init__(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int) or self.amount < 1:
            raise ValueError(f"amount {self.amount!r}: write a whole number, at least 1")
        if not 0 <= self.added < self.amount:
            raise ValueError(f"added {self.added!r}: it is a part of amount {self.amount}")
        if self.unit not in SPANS:
            raise ValueError(f"unit {self.unit!r}: write one of {', '.join(SPANS)}")
        if self.kind not in KINDS:
            raise ValueError(f"kind {self.kind!r}: write one of {', '.join(KINDS)}")
        if self.kind == "working" and self.unit != "day":
            raise ValueError(f"unit {self.unit!r}: working time is counted in days only")
