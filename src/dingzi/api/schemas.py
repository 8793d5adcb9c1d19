"""The shapes that machines get and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema


class ReasonOut(Schema):
    code: str
    text: str
    field: str = ""


class ChangeOut(Schema):
    seq: int
    action: str


class Problem(Schema):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    reasons: list[ReasonOut] = []
    changes: list[ChangeOut] = []


class TextOut(Schema):
    zh: str
    en: str


class FieldOut(Schema):
    name: str
    kind: str
    label: TextOut
    required: bool
    personal: bool
    choices: dict[str, TextOut]


class ActionOut(Schema):
    name: str
    label: TextOut
    sources: list[str]
    to: str
    by: list[str]
    fields: list[FieldOut]
    schema_: dict[str, Any] = Field(alias="schema", description="JSON Schema of an act's data")


class StateOut(Schema):
    name: str
    label: TextOut
    closed: bool
    end: bool


class ProcessOut(Schema):
    name: str
    version: int
    title: TextOut
    digest: str
    states: list[StateOut]
    actions: list[ActionOut]


class MatterOut(Schema):
    number: str
    process: str
    version: int
    seq: int
    state: str
    state_label: TextOut
    title: str
    category: str
    place: str
    place_name: str
    unit: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str
    reopened: int
    parent: str | None


class MattersOut(Schema):
    items: list[MatterOut]
    next: str | None
    previous: str | None


class EntryOut(Schema):
    number: str
    seq: int
    action: str
    title: str
    at: datetime
    who: str
    actor: str
    public: bool
    data: dict[str, Any]
    papers: list[PaperOut]


class PaperOut(Schema):
    id: str
    name: str
    media_type: str
    size: int


class PaperRefOut(Schema):
    digest: str
    name: str
    media_type: str
    size: int


class PossibleOut(Schema):
    action: str
    label: TextOut
    ready: bool
    reasons: list[ReasonOut]


class DeadlineOut(Schema):
    clock: str
    label: TextOut
    due: date | None
    state: str
    provisional: bool
    lines: list[str]


class ActIn(Schema):
    data: dict[str, Any] = {}
    seen: int | None = Field(None, ge=0, le=2**31 - 1)
    occurred_at: datetime | None = None
    reason: str = Field("", max_length=500)


class OpenIn(Schema):
    data: dict[str, Any] = {}
    occurred_at: datetime | None = None
    reason: str = Field("", max_length=500)


class DoneOut(Schema):
    number: str
    seq: int
    state: str
    action: str
    again: bool


class OpenedOut(DoneOut):
    receipt: str | None = Field(None, description="the receipt's code, told once to who filed")
    reference: str | None = None


class GroupOut(Schema):
    name: str
    count: int
    items: list[MatterOut]


class DivisionOut(Schema):
    code: str
    name: str
    level: str
    parent: str | None


class FigureOut(Schema):
    name: str
    title: TextOut
    unit: TextOut
    definition: TextOut
    mechanism: str
    kind: str


class BehindOut(Schema):
    name: str
    label: TextOut
    n: int | None


class ValueOut(Schema):
    figure: str
    period: str
    number: str | None = Field(description="exact: an integer, or a fraction such as 481/500")
    shown: str | None = Field(description="in the figure's unit, rounded as it is shown")
    unit: TextOut
    why_none: str
    so_far: bool
    behind: list[BehindOut]
    definition: str
    computed_at: datetime


class RowOut(Schema):
    key: str
    label: TextOut
    value: ValueOut


class TableOut(Schema):
    figure: str
    by: str
    period: str
    rows: list[RowOut]
    total: RowOut
    hidden: bool


EntryOut.model_rebuild()
