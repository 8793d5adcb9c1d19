"""What an act may ask: a closed vocabulary of field kinds.

A process declares its fields once in YAML; from the declaration come the pydantic model that
checks every door's data, the form in the browser, the API schema, and what of the answer is
personal.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    create_model,
)

from dingzi.core.errors import Invalid, LoadError, Reason
from dingzi.core.identity import is_identity_number
from dingzi.core.text import Text

KINDS = (
    "line", "text", "choice", "choices", "flag", "date", "moment", "number", "money", "unit",
    "units", "post", "place", "matter", "phone", "identity", "papers", "parties", "names",
)  # fmt: skip

#: Kinds whose answer names something that must be there (``references``).
REFERENCES = frozenset({"unit", "units", "post", "place", "matter", "papers"})
#: Nothing in a city's record happened before the republic, nothing is dated beyond this century.
EARLIEST, LATEST = date(1949, 10, 1), date(2099, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDef:
    """One question of an act.

    Attributes
    ----------
    personal : kept in ``Private`` and erasable; all else is a fact that figures may use.
    shown : the holder of the receipt sees the answer.
    choices : code -> label, for ``choice`` and ``choices``.
    unit_kinds, roles : of the units, and of the posts, that a form offers.
    rich : a text with headings, lists and the like, in a small markup (Markdown).
    """

    name: str
    kind: str
    label: Text
    help: Text | None = None
    required: bool = True
    personal: bool = False
    shown: bool = False
    max: int | None = None
    choices: dict[str, Text] = field(default_factory=dict)
    unit_kinds: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    rich: bool = False


_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]").search


def no_control(value: Any) -> Any:
    if isinstance(value, str):
        if "\r" in value:
            value = value.replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROL(value):
            raise ValueError("control_characters")
    return value


#: Text as people write it: without control characters, lines ended by ``\\n``.
Plain = Annotated[str, BeforeValidator(no_control)]


class PaperRef(BaseModel):
    """A stored file (``core.blobs``) that an act brings along.

    Only ``digest`` and ``name`` count; type and size are taken from the store (``references``).
    """

    model_config = ConfigDict(extra="forbid")

    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: Plain = Field(min_length=1, max_length=120)
    media_type: Plain = Field(default="", max_length=80)
    size: int = Field(default=0, ge=0)


def _in_range(value: date) -> date:
    day = value.date() if isinstance(value, datetime) else value
    if not EARLIEST <= day <= LATEST:
        raise ValueError("date_out_of_range")
    return value


_ISO = re.compile(r"\s*\d{4}-\d{2}-\d{2}").match


def _written(value: Any) -> Any:
    """Take a date only as it is written: a bare number would be read as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and _ISO(value)):
        return value
    raise ValueError("not_a_date")


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("moment_without_zone")
    return value


#: A mobile, a line with or without its area, a service number, one from abroad. A digit too few
#: or too many is what people mistype, and nobody would be reached.
_PHONE = re.compile(
    r"1[3-9]\d{9}|0[1-9]\d{8,10}|[2-9]\d{6,7}|[48]00\d{7}|(?:\+|00)[1-9]\d{6,14}", re.ASCII
).fullmatch


def _phone(value: str) -> str:
    """Return a number without what people put between its digits."""
    digits = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", value))
    if digits and not _PHONE(digits):
        raise ValueError("bad_phone")
    return digits


def _identity(value: str) -> str:
    value = value.strip().upper()
    if value and not is_identity_number(value):
        raise ValueError("bad_identity_number")
    return value


class Party(BaseModel):
    """Somebody concerned: only what the matter needs."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    side: Literal["applicant", "respondent", "other"] = "respondent"
    name: Plain = Field(default="", max_length=60)
    phone: Plain = Field(default="", max_length=20)
    identity: Annotated[Plain, AfterValidator(_identity)] = Field(default="", max_length=18)
    note: Plain = Field(default="", max_length=120)


_TYPES: dict[str, Any] = {
    "flag": bool,
    "date": Annotated[date, BeforeValidator(_written), AfterValidator(_in_range)],
    "moment": Annotated[
        datetime, BeforeValidator(_written), AfterValidator(_aware), AfterValidator(_in_range)
    ],
    "number": Annotated[int, Field(ge=0, le=10**12)],
    "money": Annotated[int, Field(ge=0, le=10**15)],
    "unit": int,
    "units": Annotated[list[int], Field(max_length=20)],
    "post": int,
    "place": Annotated[str, Field(pattern=r"^[0-9]{4}([0-9]{2}([0-9]{3}([0-9]{3})?)?)?$")],
    "matter": Annotated[Plain, Field(max_length=40)],
    "phone": Annotated[Plain, Field(max_length=24), AfterValidator(_phone)],
    "identity": Annotated[Plain, Field(max_length=18), AfterValidator(_identity)],
    "papers": Annotated[list[PaperRef], Field(max_length=12)],
    "parties": Annotated[list[Party], Field(max_length=20)],
    "names": Annotated[list[Annotated[Plain, Field(max_length=60)]], Field(max_length=20)],
}
_EMPTY: dict[str, Any] = {
    "line": "", "text": "", "phone": "", "identity": "", "flag": False,
    "units": [], "papers": [], "parties": [], "names": [], "choices": [],
}  # fmt: skip


class Data(BaseModel):
    """Base of the models made from declarations: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)


def model_of(name: str, fields: tuple[FieldDef, ...]) -> type[Data]:
    """Make the pydantic model that checks an act's data."""
    made: dict[str, Any] = {}
    for one in fields:
        kind = _type(one)
        if one.required:
            made[one.name] = (kind, Field(title=one.label.zh, description=one.label.en))
        else:
            empty = _EMPTY.get(one.kind)
            hint = kind if one.kind in _EMPTY else kind | None
            made[one.name] = (
                hint,
                Field(default=empty, title=one.label.zh, description=one.label.en),
            )
    return create_model(name, __base__=Data, **made)


def _type(one: FieldDef) -> Any:
    if one.kind in ("line", "text"):
        limit = one.max or (120 if one.kind == "line" else 2_000)
        return Annotated[Plain, Field(min_length=int(one.required), max_length=limit)]
    if one.kind == "choice":
        codes = tuple(one.choices) if one.required else ("", *one.choices)
        return Literal[codes]
    if one.kind == "choices":
        return Annotated[list[Literal[tuple(one.choices)]], Field(max_length=len(one.choices))]  # type: ignore[misc]
    return _TYPES[one.kind]


def parse_field(name: str, raw: Any, where: str) -> FieldDef:
    """Read one field of a process file; raise LoadError that names the place."""
    if not isinstance(raw, dict):
        raise LoadError(f"{where}.{name}: write a mapping with kind, zh, en")
    if not isinstance(name, str):  # on, off, yes and no are flags to YAML
        raise LoadError(f"{where}: {name!r} is no name of a field; put it in quotes or rename it")
    known = {"kind", "zh", "en", "help", "required", "personal", "shown", "max", "choices",
             "unit_kinds", "roles", "rich"}  # fmt: skip
    if extra := set(raw) - known:
        raise LoadError(f"{where}.{name}: unknown key {sorted(extra)[0]!r}; known: {sorted(known)}")
    if raw.get("kind") not in KINDS:
        raise LoadError(f"{where}.{name}: kind {raw.get('kind')!r} is none of {', '.join(KINDS)}")
    if raw["kind"] in ("choice", "choices") and not raw.get("choices"):
        raise LoadError(f"{where}.{name}: a {raw['kind']} needs choices")
    return FieldDef(
        name=name,
        kind=raw["kind"],
        label=text_of(raw, f"{where}.{name}"),
        help=text_of(raw["help"], f"{where}.{name}.help") if "help" in raw else None,
        required=bool(raw.get("required", True)),
        personal=bool(raw.get("personal", raw["kind"] in ("phone", "identity", "parties"))),
        shown=bool(raw.get("shown", False)),
        max=raw.get("max"),
        choices={
            str(code): text_of(label, f"{where}.{name}.choices.{code}")
            for code, label in (raw.get("choices") or {}).items()
        },
        unit_kinds=tuple(raw.get("unit_kinds", ())),
        roles=tuple(raw.get("roles", ())),
        rich=bool(raw.get("rich", False)),
    )


def text_of(raw: Any, where: str) -> Text:
    if not isinstance(raw, dict) or not raw.get("zh") or not raw.get("en"):
        raise LoadError(f"{where}: both zh and en are needed")
    return Text(str(raw["zh"]), str(raw["en"]))


def clean(model: type[Data], data: dict[str, Any]) -> Data:
    """Check an act's data; raise Invalid with one reason for each field that is wrong."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise Invalid(*(reason_of(e) for e in error.errors(include_url=False))) from None


_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "string_too_short": "required",
    "too_long": "too_many",
    "too_short": "required",
    "literal_error": "unknown_choice",
    "int_parsing": "not_a_number",
    "int_type": "not_a_number",
    "int_from_float": "not_a_number",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large_number",
    "date_parsing": "not_a_date",
    "date_from_datetime_parsing": "not_a_date",
    "date_from_datetime_inexact": "not_a_date",
    "datetime_parsing": "not_a_date",
    "datetime_from_date_parsing": "not_a_date",
    "timezone_aware": "moment_without_zone",
    "bool_parsing": "not_yes_or_no",
    "bool_type": "not_yes_or_no",
}
_WITH_LIMIT = frozenset({"too_long", "too_many", "too_small", "too_large_number"})
_WITH_VALUE = frozenset({"not_a_number", "not_a_date", "unknown_choice"})
#: Of what was sent, a refusal repeats no more than this.
_REPEATED = 60


def reason_of(error: Any, where: str | None = None) -> Reason:
    """Return one of pydantic's errors as a reason with all that its words need."""
    kind, given, context = error["type"], error.get("input"), error.get("ctx", {})
    code = str(context["error"]) if kind == "value_error" else _CODES.get(kind, "wrong_value")
    if given is None and (kind.endswith("_type") or kind == "literal_error"):
        code = "required"
    if code == "too_many" and isinstance(given, str):
        code = "too_long"  # pydantic's name where a validator stands before the limit
    params: dict[str, Any] = {
        "field": _readable(where if where is not None else ".".join(map(str, error["loc"])))
    }
    limits = (context.get(name) for name in ("max_length", "ge", "le"))
    limit = next((found for found in limits if found is not None), None)
    if code in _WITH_LIMIT:
        params["limit"] = limit
    if code == "too_long":
        params["length"] = len(given)
    elif code == "date_out_of_range":
        params |= {"first": EARLIEST, "last": LATEST}
    elif code in _WITH_VALUE:
        if not isinstance(given, str | int | float):
            return ("wrong_value", params)
        params["value"] = _readable(str(given))
    return (code, params)


def _readable(text: str) -> str:
    """Cut a text short; a lone surrogate, which no answer could carry, becomes a question mark."""
    return text[:_REPEATED].encode("utf-8", "replace").decode()
