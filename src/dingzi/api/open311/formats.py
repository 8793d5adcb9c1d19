"""Answers in XML and JSON, as the standard lays them out, and its errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any
from xml.etree import ElementTree

import orjson
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from dingzi.core import reasons
from dingzi.core.errors import Reason, Refusal

FORMATS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
#: What XML 1.0 cannot hold.
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Names of the elements of a list, by the list's.
ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
}
Body = Mapping[str, Any]


class Wrong(Refusal):
    """What the standard answers with a code of its own: 400, 403 or 404."""

    def __init__(self, status: int, *why: Reason) -> None:
        super().__init__(*why)
        self.status = status


def answer(kind: str, name: str, body: Any, status: int = 200) -> HttpResponse:
    """Answer with ``body`` (a mapping, or a list of them) under the root element ``name``."""
    if kind == "json":
        content = orjson.dumps(body)
    else:
        root = ElementTree.Element(name)
        _fill(root, name, body)
        content = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    response = HttpResponse(content, status=status, content_type=FORMATS[kind])
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _fill(element: ElementTree.Element, name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            _fill(ElementTree.SubElement(element, key), key, inner)
    elif isinstance(value, list):
        for inner in value:
            _fill(ElementTree.SubElement(element, ITEMS[name]), "", inner)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _UNFIT.sub("", str(value))


def wrong(kind: str, status: int, why: Iterable[Reason]) -> HttpResponse:
    """Answer with the errors of the standard: a code and words for each reason."""
    told = [{"code": status, "description": reasons.say(reason)} for reason in why]
    return answer(kind, "errors", told, status)


def told(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Answer a refusal that the view leaves with the errors of the standard."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, kind: str, **more: Any) -> HttpResponseBase:
        try:
            return view(request, *args, kind=kind, **more)
        except Refusal as refusal:
            status = refusal.status if refusal.status in (400, 403, 404, 405, 413, 429) else 400
            return wrong(kind, status, refusal.reasons)

    return answered
