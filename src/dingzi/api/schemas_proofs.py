"""The shape of a full proof, as a receipt's holder downloads it."""

from __future__ import annotations

from typing import Literal

from ninja import Field, Schema


class OpenedFieldOut(Schema):
    """A value that the entry only commits to, and what opens it."""

    place: int = Field(description="Which of `commitments` it opens, from 0.")
    field: str
    zh: str
    en: str
    salt: str = Field(description="16 bytes, hexadecimal.")
    value: str = Field(description="Canonical JSON (RFC 8785), as it was committed to.")


class ProvenActOut(Schema):
    entry: str = Field(description="The entry of the public log, byte for byte.")
    promise: str = Field(description="Signed note: it will be in the log within a minute.")
    index: int | None = Field(description="Its place in the log; null while it is not sealed.")
    path: list[str] = Field(description="Inclusion proof up to `checkpoint`, base64 (RFC 6962).")
    commitments: list[str] = Field(description="All commitments of the act, hexadecimal.")
    opened: list[OpenedFieldOut] = Field(description="What its holder may read of it.")


class ProofOut(Schema):
    form: Literal["dingzi receipt 1"]
    site: str
    number: str
    log: str = Field(description="Verifier (vkey) of the log's heads.")
    promise: str = Field(description="Verifier (vkey) of promises.")
    checkpoint: str = Field(
        description="The signed head (C2SP checkpoint); empty before the first."
    )
    acts: list[ProvenActOut]
