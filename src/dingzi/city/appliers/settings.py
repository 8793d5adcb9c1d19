"""The city's own values of parameters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dingzi import law
from dingzi.core.errors import Invalid

from .. import directory
from ..models import LocalParameter
from .reading import Field, anything, day, optional, read, text
from .replaying import put

_SET = {
    "name": Field(text(80)),
    "value": Field(anything),
    "since": Field(day),
    "reason": optional(text(200), ""),
}


def check_parameter_set(facts: dict[str, Any]) -> None:
    """A value of None gives the parameter back to what ``law`` says, from that day on."""
    given = read(facts, _SET)
    try:
        reasons = law.override_refusals(given["name"], given["since"], given["value"])
    except law.UnknownParameter as error:
        name = {"field": "name", "value": given["name"]}
        if error.near:
            raise Invalid(("city_parameter_near", {**name, "near": list(error.near)})) from error
        raise Invalid(("city_unknown_parameter", {**name})) from error
    if reasons:
        raise Invalid(*((code, {**params, "field": "value"}) for code, params in reasons))


def apply_parameter_set(facts: dict[str, Any], at: datetime) -> None:
    """Set a value from a day on; of two for one day the later event holds."""
    given = read(facts, _SET)
    said = {"value": given["value"], "reason": given["reason"]}
    put(LocalParameter, said, name=given["name"], since=given["since"])
    directory.changed()
