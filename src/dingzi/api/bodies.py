"""JSON as it comes in: read strictly, so that nothing reaches the record that has no one form.

Every value becomes what an event may hold (``core.canonical``): text, whole numbers up to 53 bits,
truth, nothing, lists, mappings. A whole number written ``1.0`` is 1, as RFC 8785 writes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NoReturn, cast

from django.http import HttpRequest
from ninja.parser import Parser

from dingzi.core.errors import Invalid, Reason, Refusal

DEEPEST = 32
_GREATEST = 2**53 - 1
#: Faults named in one answer.
_NAMED = 20


class BadJson(Refusal):
    """The body is no JSON, or says a thing twice."""

    status = 400


class WrongType(Refusal):
    """The body is of a type that this operation does not take."""

    status = 415


class TooLarge(Refusal):
    """The body or the file is larger than is taken."""

    status = 413


class StrictJson(Parser):
    """Reads bodies for django-ninja; what it refuses is told by ``problems``."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body's values.

        Raises
        ------
        WrongType
            ``api_want_json``: another Content-Type.
        BadJson
            ``api_bad_json``, ``api_bad_encoding``, ``api_no_number`` (NaN), ``api_named_twice``,
            ``api_too_deep``.
        Invalid
            ``api_no_fraction``, ``api_great_number``, ``api_no_text``, ``control_characters``;
            each reason names its field.
        """
        if request.content_type != "application/json":
            raise WrongType.of("api_want_json")
        return cast(dict[str, Any], read(request.body))


def read(body: bytes) -> Any:
    """Return the values of a JSON text; see ``StrictJson.parse_body`` for what it refuses."""
    try:
        value = json.loads(body.decode(), parse_constant=_no_number, object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise BadJson.of("api_bad_encoding") from None
    except json.JSONDecodeError as error:
        raise BadJson.of("api_bad_json", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise BadJson.of("api_too_deep", limit=DEEPEST) from None
    except ValueError:  # more digits than Python turns into a number
        raise Invalid.of("api_great_number", field="") from None
    faults: list[Reason] = []
    value = _settled(value, "", 0, faults)
    if faults:
        raise Invalid(*faults)
    return value


def _no_number(name: str) -> NoReturn:
    raise BadJson.of("api_no_number", value=name)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise BadJson.of("api_named_twice", value=shown(twice))
    return made


def _settled(value: Any, where: str, depth: int, faults: list[Reason]) -> Any:
    """Return a value as the record has it; note what it cannot hold."""
    if depth > DEEPEST:
        raise BadJson.of("api_too_deep", limit=DEEPEST)
    if isinstance(value, dict):
        for name in value:
            faults += _of_text(name, f"{where}{shown(name)}", len(faults))
        return {
            name: _settled(item, f"{where}{shown(name)}.", depth + 1, faults)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_settled(v, f"{where}{i}.", depth + 1, faults) for i, v in enumerate(value)]
    field = where.removesuffix(".")
    if isinstance(value, str):
        faults += _of_text(value, field, len(faults))
    elif isinstance(value, float):
        if value.is_integer() and abs(value) <= _GREATEST:
            return int(value)
        if len(faults) < _NAMED:
            faults.append(("api_no_fraction", {"field": field}))
    elif isinstance(value, int) and abs(value) > _GREATEST and len(faults) < _NAMED:
        faults.append(("api_great_number", {"field": field}))
    return value


def _of_text(text: str, field: str, named: int) -> Iterator[Reason]:
    if named >= _NAMED:
        return
    if "\0" in text:
        yield ("control_characters", {"field": field})
    try:
        text.encode()
    except UnicodeEncodeError:
        yield ("api_no_text", {"field": field})


def shown(text: str) -> str:
    """Return a name cut short, as an answer can repeat it."""
    return text[:60].encode("utf-8", "replace").decode()
