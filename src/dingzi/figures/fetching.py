"""Tallies of parts: the one border between figures and where their rows lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from .declare import Part
from .populations import Dimension
from .tally import Tally

P = ParamSpec("P")
T = TypeVar("T")
_known: ContextVar[dict[Any, Any] | None] = ContextVar("figures_known", default=None)


def one_reading(question: Callable[P, T]) -> Callable[P, T]:
    """Have a question find out once as of when the cells hold and since when there are any."""

    @wraps(question)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        if _known.get() is not None:
            return question(*args, **kwargs)
        token = _known.set({})
        try:
            return question(*args, **kwargs)
        finally:
            _known.reset(token)

    return ask


def during(name: Any, find: Callable[[], T]) -> T:
    """Return what was found under this name during the question at hand, or find it."""
    known = _known.get()
    if known is None:
        return find()
    if name not in known:
        known[name] = find()
    found: T = known[name]
    return found


def know(name: Any, found: Any) -> None:
    """Keep what was found under this name for the question at hand."""
    known = _known.get()
    if known is not None:
        known.setdefault(name, found)


#: Values of the dimensions asked for, in their order, then the day or the first of the month.
Key = tuple[str | date, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What to tally.

    Attributes
    ----------
    first, last : days, both included; ``first`` None is from the beginning.
    by : dimensions to divide by. time : "", ``day`` or ``month`` to divide by time as well.
    filters : dimension -> the one value to take.
    """

    parts: tuple[Part, ...]
    first: date | None
    last: date
    by: tuple[Dimension, ...] = ()
    time: str = ""
    filters: Mapping[Dimension, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Tallies by part and key; what is not there is none. As of ``at``."""

    tallies: dict[Part, dict[Key, Tally]]
    at: datetime


_answering: ContextVar[Callable[[Query], Found] | None] = ContextVar(
    "figures_answering", default=None
)


def fetch(query: Query) -> Found:
    """Answer from the cells where they are kept for it, else from the rows themselves."""
    from . import cells, rowstore

    if (answer := _answering.get()) is not None:
        return answer(query)
    return cells.fetch(query) or rowstore.fetch(query)


@contextmanager
def answered_by(answer: Callable[[Query], Found]) -> Iterator[None]:
    """Have every query answered by another than cells and rows (``snapshots.as_of``)."""
    token, known = _answering.set(answer), _known.set(None)
    try:
        yield
    finally:
        _known.reset(known)
        _answering.reset(token)


def elsewhere() -> bool:
    """Tell whether queries are answered by another than cells and rows."""
    return _answering.get() is not None
