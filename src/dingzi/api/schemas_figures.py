"""The shapes in which figures are given."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Field, Schema

from .schemas import TextOut


class FigureOut(Schema):
    name: str
    title: TextOut
    unit: TextOut
    definition: TextOut
    mechanism: str
    kind: str
    also: list[str] = Field(description="Other names.")
    dimensions: list[str] = Field(description="By what the public may divide it.")
    grain: Literal["day", "month", "quarter", "half", "year"] = Field(
        description="The finest time that it is told for."
    )
    since: date = Field(description="First day of this definition.")
    version: int = Field(description="Number of the definition, from 1.")
    good: Literal["up", "down", ""] = Field(description="What is an improvement.")


class BehindOut(Schema):
    name: str
    label: TextOut
    n: int | None


class ValueOut(Schema):
    figure: str
    period: str = Field(examples=["2025-01..2025-08"])
    number: str | None = Field(
        description="Exact: a whole number or a fraction.", examples=["481/500"]
    )
    shown: str | None = Field(
        description="In the figure's unit, rounded as it is shown.", examples=["96.2"]
    )
    unit: TextOut
    why_none: Literal[
        "",
        "empty",
        "small",
        "future",
        "uncounted",
        "no_residents",
        "unranked",
        "definition_changed",
        "period_not_over",
    ] = Field(description="Why there is no number; empty where there is one.")
    so_far: bool = Field(description="The period has not ended.")
    behind: list[BehindOut] = Field(description="The counts it was made of.")
    definition: str = Field(description="Id of the definition it was counted by.")
    version: int = Field(description="Number of that definition.")
    computed_at: datetime


class FigureProofOut(Schema):
    form: Literal["dingzi-figure-proof/1"]
    figure: str
    title: TextOut
    period: dict[str, str] = Field(description="`code`, `first` and `last` day.")
    dims: dict[str, str]
    number: str = Field(description="Exact: a whole number or a fraction.")
    shown: str
    unit: TextOut
    behind: list[dict[str, Any]] = Field(description="`name` and `n` of each count.")
    definition: str = Field(description="Digest of `counted`.")
    version: int
    counted: dict[str, Any] = Field(description="The definition: which rows, by which day.")
    log: str = Field(description="Name of the public log.")
    tree_size: int = Field(description="Entries under the head.")
    root: str = Field(description="Root of the head, hexadecimal.")
    waiting: int = Field(description="Acts that are counted and not sealed yet.")
    confidential: bool = Field(
        description="It may count confidential matters, of which the public log shows nothing: from "
        "the log alone it can be bounded, from openings for auditors recounted."
    )
    computed_at: datetime


class FrozenOut(Schema):
    period: str = Field(examples=["2025"])
    number: str = Field(description="What was frozen, exact.")
    now: str | None = Field(description="What the figure says of the period now.")
    difference: str | None
    why: list[TextOut] = Field(description="Why they differ; none where they do not.")
    definition: str
    version: int
    tree_size: int
    root: str
    frozen_at: datetime


class GuardOut(Schema):
    name: str
    title: TextOut
    means: TextOut = Field(description="What is looked at.")
    harmless: TextOut = Field(description="What makes it unusual with nothing being wrong.")
    period: str = Field(examples=["2026-10"])
    kind: Literal["share", "change"] = Field(
        description="A share, or the change a working day on the same month of the year before."
    )
    says: Literal["usual", "look", "few"] = Field(
        description="`look` is worth looking at, no more; `few` is too little to say."
    )
    value: str | None = Field(description="Exact: a fraction of one.", examples=["7/50"])
    low: str | None = Field(description="From here on it is usual.")
    high: str | None = Field(description="Up to here it is usual.")
    n: int
    of: int
    false_alarms: int = Field(
        description="In how many of 1,000 months with nothing wrong it says `look`, at most."
    )


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
    hidden: bool = Field(description="Some rows are withheld because they are small.")


class ComparisonOut(Schema):
    now: ValueOut
    then: ValueOut
    difference: str | None = Field(description="Exact, in the value's own terms.")
    relative: str | None = Field(description="Difference over the earlier value, exact.")
    direction: Literal["up", "down", "same", ""]
    good: bool | None = Field(description="Whether it is an improvement; null for neither.")
    text: TextOut
