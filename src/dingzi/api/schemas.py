"""The shapes that machines get and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Header, Path, Query, Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, StrictInt

from dingzi.matters.fields import EARLIEST, LATEST

NUMBER = "袁纠〔2025〕4172号"
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

# -- parameters ---------------------------------------------------------------------------------

Number = Annotated[
    str,
    Path(
        pattern=r"^[^\x00-\x20/]{1,4}〔[0-9]{4}〕[0-9]{1,9}号(-[0-9]{1,4}){0,4}$",
        description="The matter's number, percent-encoded (UTF-8).",
        examples=[NUMBER],
    ),
]
ProcessName = Annotated[
    str, Path(pattern="^[a-z][a-z0-9_]{0,39}$", description="The process's name.")
]
ActionName = Annotated[
    str, Path(pattern="^[a-z][a-z0-9_]{0,39}$", description="The action's name in its process.")
]
Key = Annotated[
    UUID,
    Header(
        alias="Idempotency-Key",
        description="A UUID of your own, one for each act; send it again with a retry.",
        examples=["0192f3a0-5c1e-7b3a-9d2e-4f6a8b1c0d3e"],
    ),
]
#: Text of a query: PostgreSQL takes no NUL.
_TEXT = r"^[^\x00]*$"
Cursor = Annotated[
    str | None,
    Query(max_length=400, pattern=_TEXT, description="`next` of the page before."),
]
Back = Annotated[
    str | None, Query(max_length=400, pattern=_TEXT, description="`previous` of the page after.")
]


def _in_range(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError("date_out_of_range")
    return day


Day = Annotated[date, AfterValidator(_in_range)]


def _as_text(value: Any) -> Any:
    """A bare number would be read as seconds since 1970."""
    if value is not None and not isinstance(value, str):
        raise ValueError("wrong_value")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_as_text)]


class Filters(Schema):
    state: str | None = Field(None, max_length=40, pattern=_TEXT)
    category: str | None = Field(None, max_length=24, pattern=_TEXT)
    county: str | None = Field(None, pattern="^[0-9]{6}$")
    town: str | None = Field(None, pattern="^[0-9]{9}$")
    outcome: str | None = Field(None, max_length=24, pattern=_TEXT)
    active: bool | None = Field(None, description="Whether something is still to be done.")
    overdue: bool | None = Field(None, description="true: only what is late.")
    opened_from: Day | None = Field(None, description="First day, of the city.")
    opened_to: Day | None = Field(None, description="Last day, counted in.")


# -- refusals -----------------------------------------------------------------------------------


class ReasonOut(Schema):
    code: str = Field(description="Stable; programs go by it.", examples=["required"])
    text: str = Field(description="In words, in your language.", examples=["这一项必须填写。"])
    field: str = Field("", description="What is to blame; empty where no field is.")


class ChangeOut(Schema):
    seq: int
    action: str
    at: datetime


class Problem(Schema):
    """RFC 9457."""

    type: str = "about:blank"
    title: str = Field(examples=["填写的内容不对"])
    status: int = Field(ge=400, le=599, examples=[422])
    detail: str = Field("", description="The first reason in words.")
    reasons: list[ReasonOut] = []
    changes: list[ChangeOut] = Field([], description="Where stale: what happened since `seen`.")


# -- processes ----------------------------------------------------------------------------------


class TextOut(Schema):
    zh: str
    en: str


class FieldOut(Schema):
    name: str
    kind: str
    label: TextOut
    required: bool
    personal: bool = Field(description="Kept apart and erasable; in no figure.")
    shown: bool = Field(description="The holder of the receipt sees the answer.")
    choices: dict[str, TextOut]


class ActionOut(Schema):
    name: str
    label: TextOut
    opens: bool = Field(description="Whether it opens a matter.")
    sources: list[str] = Field(description="States in which it may happen; `open`, `any`.")
    to: str = Field(description="The state after it; `same` where it stays.")
    by: list[str] = Field(description="Roles of a post; `citizen`, `anyone`, `staff`, `system`.")
    fields: list[FieldOut]
    schema_: dict[str, Any] = Field(alias="schema", description="JSON Schema of the act's `data`.")


class StateOut(Schema):
    name: str
    label: TextOut
    closed: bool
    end: bool


class ProcessBrief(Schema):
    name: str
    version: int
    versions: list[int] = Field(description="All that matters may still run on.")
    title: TextOut
    digest: str = Field(description="SHA-256 of the released file.", examples=[DIGEST])


class ProcessOut(ProcessBrief):
    states: list[StateOut]
    actions: list[ActionOut]


# -- matters ------------------------------------------------------------------------------------


class MatterOut(Schema):
    number: str = Field(examples=[NUMBER])
    process: str
    version: int
    seq: int = Field(description="Its version: give it back as `seen`.")
    state: str
    state_label: TextOut
    title: str
    category: str
    place: str = Field(description="Code of the division.", examples=["360902001"])
    place_name: str
    unit: str = Field(description="Who has it in hand.")
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str
    reopened: int
    parent: str | None = Field(description="Number of the matter that it is a part of.")


class MattersOut(Schema):
    items: list[MatterOut]
    next: str | None = Field(description="Cursor of the next page, null at the end.")
    previous: str | None


class PaperOut(Schema):
    id: str
    name: str
    media_type: str
    size: int = Field(description="Bytes.")


class EntryOut(Schema):
    number: str
    seq: int
    action: str
    title: str
    at: datetime
    who: str
    actor: Literal["citizen", "staff", "timer", "import"]
    public: bool = Field(description="The holder of the receipt sees it too.")
    data: dict[str, Any]
    papers: list[PaperOut]


class PossibleOut(Schema):
    action: str
    label: TextOut
    ready: bool
    reasons: list[ReasonOut] = Field(description="What stands in the way, where not ready.")


class DeadlineOut(Schema):
    clock: str
    label: TextOut
    due: date | None
    state: Literal["running", "paused", "done"]
    provisional: bool = Field(description="The calendar of its year is not published yet.")
    lines: list[str] = Field(description="Why this date, in your language.")


class GroupOut(Schema):
    name: Literal["overdue", "today", "week", "later"]
    count: int
    items: list[MatterOut]


# -- acts ---------------------------------------------------------------------------------------


class OpenIn(Schema):
    model_config = ConfigDict(extra="forbid")

    data: dict[str, Any] = Field(
        {},
        description="As the action's JSON Schema says.",
        examples=[{"text": "楼道堆放杂物，不好走。", "place": "360902001"}],
    )
    occurred_at: Moment | None = Field(
        None, description="When it happened, if earlier; needs permission and `reason`."
    )
    reason: str = Field("", max_length=500, description="Why it is entered late.")


class ActIn(OpenIn):
    seen: Annotated[StrictInt, Field(ge=0, le=2**31 - 1)] | None = Field(
        None, description="`seq` that you looked at; 409 where the matter moved on.", examples=[3]
    )


class DoneOut(Schema):
    number: str = Field(examples=[NUMBER])
    seq: int
    state: str
    action: str
    url: str = Field(
        "",
        description="What the QR of a printed receipt holds, for a receipt's holder: an address with "
        "a reference signed by the city's key of promises. What follows `#` is what `X-Receipt` "
        "takes. The reference is left unsigned before the log has begun.",
        examples=[f"https://city.example/r#2.ZA.K7QM2XRD9TVA.1.1758852060.{'A' * 22}.{'B' * 91}"],
    )
    promise: str = Field(
        "",
        description="For a receipt's holder: a signed note (C2SP signed-note) that this act will be "
        "in the public log within a minute. Empty before the log has begun.",
    )


class OpenedOut(DoneOut):
    receipt: str = Field(
        description="The receipt's code, for the one who filed.", examples=["K7QM-2XRD-9TVA"]
    )
    reference: str = Field(description="What `X-Receipt` takes.", examples=["1.ZZ.K7QM2XRD9TVA"])


class PaperRefOut(Schema):
    """What an act takes as one of its papers."""

    digest: str = Field(description="SHA-256 of the content.", examples=[DIGEST])
    ticket: str = Field(description="Shows that you have sent it: an act takes no paper without.")
    name: str = Field(description="Made harmless; this is how it is kept.")
    media_type: str
    size: int


# -- open data ----------------------------------------------------------------------------------


class DivisionOut(Schema):
    code: str = Field(examples=["360902"])
    name: str
    name_en: str
    level: str
    parent: str | None
