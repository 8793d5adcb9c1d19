"""The OpenAPI document: stable, valid, complete, and its examples true to it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from django.test import Client

SNAPSHOT = Path(__file__).parent / "openapi.json"
CHANGED = (
    "The machines' document has changed. Programs of others go by it: a field or a status that "
    "went, or a new demand, needs /api/v2. If the change is meant and only adds, write it down: "
    "WRITE=1 pytest tests/api/test_document.py, look at the diff, and tell it in CHANGELOG.md."
)


@pytest.fixture(scope="module")
def document() -> Any:
    return Client().get("/api/v1/openapi.json").json()


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_as_it_was(document: Any) -> None:
    """A change of the machines' door is never an accident."""
    told = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("WRITE"):
        SNAPSHOT.write_text(told, "utf-8")
    assert told == SNAPSHOT.read_text("utf-8"), CHANGED


def test_the_document_is_openapi(document: Any) -> None:
    """It holds to the specification of OpenAPI 3.1."""
    assert document["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(document).validate()


def test_every_operation_is_named_described_and_tagged(document: Any) -> None:
    """Ids are unique words of our own; each operation and parameter says what it is."""
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(name.isalpha() for name in ids)
    for path, method, operation in operations(document):
        where = f"{method} {path}"
        assert operation["description"] and operation["summary"], where
        assert set(operation["tags"]) <= {tag["name"] for tag in document["tags"]}, where


def test_every_operation_tells_all_that_it_can_answer(document: Any) -> None:
    """Statuses follow from what an operation is: guarded, a read, a write, by name."""
    for path, method, operation in operations(document):
        answers, where = set(operation["responses"]), f"{method} {path}"
        guarded = operation["security"] not in ([], [{}])
        needed = {"400"}
        if guarded:
            needed |= {"401"}
        if "{" in path:
            needed |= {"404", "422"}
        if method == "post":
            needed |= {"403", "413", "415", "422"}
        elif "application/json" in operation["responses"]["200"].get("content", {}):
            needed |= {"304"}
        if "/actions/" in path:
            needed |= {"409"}
        assert needed <= answers, where
        for status in answers:
            if int(status) >= 400:
                assert operation["responses"][status]["$ref"] == f"#/components/responses/{status}"


def test_every_example_holds_to_its_schema(document: Any) -> None:
    """What the document shows as an example would be taken."""
    seen = 0
    for where, schema in _schemas(document, "#"):
        for example in schema.get("examples", []):
            whole = {**schema, "components": document["components"]}
            jsonschema_rs.validator_for(whole).validate(example), where
            seen += 1
    assert seen > 20


def _schemas(node: Any, where: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        if "type" in node and isinstance(node.get("examples"), list):
            yield where, node
        for name, item in node.items():
            yield from _schemas(item, f"{where}/{name}")
    elif isinstance(node, list):
        for item in node:
            yield from _schemas(item, where)
