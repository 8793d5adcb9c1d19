"""The OpenAPI document made concrete for one city: each act its own path, with the data it asks.

The published document leaves an act's ``data`` open, for processes differ; what a generator makes
of that never gets past the first check. Here every action stands with its own schema, and what must
name something that is there names it.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from itertools import count
from typing import Any

from dingzi.matters import registry
from dingzi.matters.process import Action


@dataclass(frozen=True)
class Known:
    """What is there: values by kind of a field, and by name of a parameter."""

    kinds: dict[str, list[Any]]
    parameters: dict[str, list[Any]]


_REF = "#/components/schemas/{model}"


def concrete(document: dict[str, Any], known: Known) -> dict[str, Any]:
    """Return the document with acts spelled out and with what is there in its place."""
    made = copy.deepcopy(document)
    paths = made["paths"]
    opening = paths.pop("/api/v1/processes/{process}/{action}")
    acting = paths.pop("/api/v1/matters/{number}/actions/{action}")
    for handle in registry.handles():
        process = handle.latest
        for action in registry.actions(process):
            if action.opens:
                path = f"/api/v1/processes/{process.name}/{action.name}"
                paths[path] = _spelled(opening, action, known, made, ("process", "action"))
            else:
                path = f"/api/v1/matters/{{number}}/actions/{action.name}"
                if path not in paths:
                    paths[path] = _spelled(acting, action, known, made, ("action",))
    del made["components"]["securitySchemes"]
    turn = count()
    for path in paths.values():
        for operation in path.values():
            _name(operation, known, next(turn))
    return made


def _name(operation: dict[str, Any], known: Known, turn: int) -> None:
    """Let parameters name what is there, each operation beginning with another of them."""
    for parameter in operation["parameters"]:
        if values := known.parameters.get(parameter["name"]):
            first = turn % len(values)
            parameter["schema"] = {"enum": values[first:] + values[:first]}
    # Who asks is the test's to say, not the generator's.
    del operation["security"]


def _spelled(
    path: dict[str, Any], action: Action, known: Known, made: dict[str, Any], gone: tuple[str, ...]
) -> dict[str, Any]:
    spelled = copy.deepcopy(path)
    operation = spelled["post"]
    operation["operationId"] += f"_{action.name}"
    operation["parameters"] = [p for p in operation["parameters"] if p["name"] not in gone]
    content = operation["requestBody"]["content"]["application/json"]
    body = copy.deepcopy(made["components"]["schemas"][content["schema"]["$ref"].split("/")[-1]])
    body["properties"]["data"] = _data(action, known, made)
    body["required"] = ["data"]
    # Rarely what is asked for; nearly always what stops an act before its data is looked at.
    for name in ("occurred_at", "seen"):
        body["properties"].pop(name, None)
    content["schema"] = body
    return spelled


def _data(action: Action, known: Known, made: dict[str, Any]) -> dict[str, Any]:
    schema = action.model.model_json_schema(ref_template=_REF)
    made["components"]["schemas"] |= schema.pop("$defs", {})
    for one in action.fields:
        if values := known.kinds.get(one.kind):
            here = {"enum": values}
            if one.kind == "units":
                here = {"type": "array", "items": here, "maxItems": 2}
            schema["properties"][one.name] = here
    return schema
