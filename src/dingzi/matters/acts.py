"""The values that travel through ``record``: intents in, acts out, state between."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.db.models import Model
from pydantic import BaseModel

from dingzi.city.viewer import Viewer
from dingzi.core.canonical import plain
from dingzi.core.text import Text

from .fields import Data
from .models import Matter
from .process import Process


@dataclass(slots=True, kw_only=True)
class Intent:
    """What somebody wants done.

    Attributes
    ----------
    number : the matter's; None for an act that opens one (then ``process`` is named).
    ref : a name of this batch's own, under which later intents mean the matter opened here.
    seen : the version that the actor looked at; None where that does not matter.
    occurred_at : the time claimed; None for now. A past one needs permission and ``reason``.
    recorded_at : only the sample city may set it.
    """

    action: str
    data: dict[str, Any]
    by: Viewer
    number: str | None = None
    process: str | None = None
    ref: str | None = None
    parent: str | None = None
    seen: int | None = None
    key: UUID | None = None
    occurred_at: datetime | None = None
    recorded_at: datetime | None = None
    reason: str = ""
    door: str = "desk"
    source: str = ""
    foreign_number: str = ""
    forced: bool = False


@dataclass(slots=True, kw_only=True)
class Asked:
    """What a check sees of an intent: its cleaned data, who, when.

    ``known`` are the matters that the transaction has locked, by number: what the data names by a
    field of the kind ``matter`` is among them.
    """

    data: Data
    by: Viewer
    at: datetime
    now: datetime
    door: str
    known: Mapping[str, State] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Act:
    """One event as code sees it; ``apply`` folds it into the state."""

    stream: int
    seq: int
    process: str
    version: int
    action: str
    from_state: str
    to_state: str
    unit: int | None
    post: int | None
    door: str
    occurred_at: datetime
    recorded_at: datetime
    facts: dict[str, Any]
    private: dict[str, Any]
    public: frozenset[str] = frozenset()
    header: dict[str, Any] = field(default_factory=dict)
    key: UUID | None = None
    body: bytes | None = None


class Anchor(NamedTuple):
    """The last act that others build on: when it happened, as was claimed, and what it was."""

    at: datetime
    label: Text


@dataclass(slots=True)
class State:
    """A matter and its mechanism's projection while acts are folded into them.

    ``apply`` changes ``matter`` and ``own`` and appends new rows to ``added``; it never queries.
    ``below`` are the children that this batch has in hand, ``born`` how many a fresh matter got,
    ``ref`` its name in the batch that opens it. ``anchor``: the last act that others build on, where it
    is known (``order``). ``bare``: only the projection is wanted, so what
    belongs to lists (parts, papers, when it is due next) is left out.
    """

    matter: Matter
    process: Process
    own: Any = None
    fresh: bool = False
    added: list[Model] = field(default_factory=list)
    parent: State | None = None
    below: list[State] = field(default_factory=list)
    born: int = 0
    ref: str = ""
    anchor: Anchor | None = None
    bare: bool = False


@dataclass(slots=True)
class Outcome:
    """What a check adds to an act: facts, private data, and acts that must happen with it."""

    facts: dict[str, Any] = field(default_factory=dict)
    private: dict[str, Any] = field(default_factory=dict)
    then: list[Intent] = field(default_factory=list)


class Handler(Protocol):
    """What a mechanism may add to an action of its process; both parts are optional."""

    @staticmethod
    def check(state: State, asked: Asked) -> Outcome | dict[str, Any] | None: ...

    @staticmethod
    def apply(state: State, act: Act) -> None: ...


class Done(NamedTuple):
    """What an act gives back: the matter's number and version after it."""

    number: str
    stream: int
    seq: int
    state: str
    action: str
    again: bool = False
    with_it: tuple[str, ...] = ()


def facts_of(data: Data, personal: Container[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Split cleaned data into facts and the personal part, in JSON's own values; drop empties."""
    facts: dict[str, Any] = {}
    private: dict[str, Any] = {}
    for name, value in data.__dict__.items():
        if type(value) not in _PLAIN:
            value = _json(value)
        elif value is None or value == "":
            continue
        if value != [] and value != {}:
            (private if name in personal else facts)[name] = value
    return facts, private


_PLAIN = frozenset({str, int, bool, type(None)})


def _json(value: Any) -> Any:
    """Return a cleaned value as JSON has it; a moment in UTC with Z."""
    if isinstance(value, list):
        return [v if type(v) in _PLAIN else _json(v) for v in value]
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    return plain(value)
