"""The OpenAPI document: what django-ninja makes of the operations, completed and kept true."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI

from dingzi.core.doors import public

from . import doors, edges, problems, schemas

BINARY = {
    "content": {
        "*/*": {"schema": {"type": "string", "format": "binary"}},
    },
    "headers": {
        "Content-Disposition": {
            "description": "Always attachment, with the file's name.",
            "schema": {"type": "string"},
        }
    },
}
_SAYS = {
    304: "You have it already (`If-None-Match`).",
    400: "The request cannot be read, or a rule of the process is in the way.",
    401: "Nobody knows you: no token, receipt or session, or a wrong one.",
    403: "You see it but may not do this; or the CSRF token is missing (sessions).",
    404: "It does not exist for you.",
    409: "It moved on since `seen`, or its state does not allow this now.",
    413: "The body or the file is too large.",
    415: "The body is of another type.",
    422: "The content cannot be taken, or the key was used with another body.",
}
_ETAG = {
    "ETag": {
        "description": "Changes when the content does; for `If-None-Match`.",
        "schema": {"type": "string"},
    }
}
_REPLAYED = {
    "Idempotency-Replayed": {
        "description": "`true` where this key was answered before and nothing was done again.",
        "schema": {"type": "string", "enum": ["true"]},
    }
}
_LOCATION = {
    "Location": {
        "description": "Address of the new matter.",
        "schema": {"type": "string", "format": "uri-reference"},
    }
}
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": "`ETag` of what you have.",
    "schema": {"type": "string"},
}
_LANGUAGE = {
    "in": "header",
    "name": "Accept-Language",
    "required": False,
    "description": "Language of words: zh-CN (default) or en.",
    "schema": {"type": "string"},
    "example": "zh-CN",
}


def refusals(*statuses: int) -> dict[int, Any]:
    """Return the responses of an operation that can be refused with these statuses."""
    return dict.fromkeys(statuses, schemas.Problem)


def made(api: NinjaAPI) -> dict[str, Any]:
    """Return the whole document as plain values, every operation with all that it can answer."""
    drawn: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    for path in drawn["paths"].values():
        for method, operation in path.items():
            _complete(operation, method)
    parts = drawn["components"]
    parts["schemas"] = dict(sorted(parts["schemas"].items()))
    parts["responses"] = {
        str(status): {
            "description": says,
            "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, says in _SAYS.items()
        if status >= 400
    }
    parts["securitySchemes"] = {
        short: _scheme(parts["securitySchemes"][name]) for name, short in doors.NAMES.items()
    }
    return drawn


def _scheme(given: dict[str, Any]) -> dict[str, Any]:
    wanted = ("type", "scheme") if given["type"] == "http" else ("type", "in", "name")
    says = " ".join(given["description"].split())
    return {name: given[name] for name in wanted} | {"description": says}


def _complete(operation: dict[str, Any], method: str) -> None:
    operation["parameters"].append(_LANGUAGE)
    answers = operation["responses"]
    for status in [s for s in answers if int(s) >= 400]:
        answers[status] = {"$ref": f"#/components/responses/{status}"}
    if method == "get" and "application/json" in answers["200"].get("content", {}):
        operation["parameters"].append(_IF_NONE_MATCH)
        answers["200"]["headers"] = _ETAG
        answers["304"] = {"description": _SAYS[304], "headers": _ETAG}
    if any(p["name"] == "Idempotency-Key" for p in operation["parameters"]):
        for status in ("200", "201"):
            if status in answers:
                answers[status]["headers"] = _REPLAYED | (_LOCATION if status == "201" else {})
    for parameter in operation["parameters"]:
        schema = parameter["schema"]
        if isinstance(examples := schema.pop("examples", None), list):
            schema["examples"] = examples
            parameter.pop("examples", None)
    operation["responses"] = {s: answers[s] for s in sorted(answers)}
    if "security" in operation:
        operation["security"] = _security(operation["security"])
    else:
        operation["security"] = []


def _security(listed: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the schemes by our names; an empty one means that none is needed."""
    return [{doors.NAMES[n]: [] for n in one if n in doors.NAMES} for one in listed]


@cache
def _text() -> bytes:
    from .app import api

    return json.dumps(made(api), ensure_ascii=False, indent=1).encode()


@public
@edges.for_anybody
def document(request: HttpRequest) -> HttpResponse:
    """Serve the document."""
    if request.method != "GET":
        return HttpResponse(status=405, headers={"Allow": "GET"})
    return edges.tagged(request, HttpResponse(_text(), content_type="application/json"))
