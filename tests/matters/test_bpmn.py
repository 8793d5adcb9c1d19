"""Processes as pictures and as BPMN 2.0."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import SpiffWorkflow
import xmlschema

from dingzi.matters import registry
from dingzi.matters.bpmn import NS, bpmn
from dingzi.matters.diagram import svg

SCHEMA = Path(SpiffWorkflow.__file__).parent / "bpmn" / "parser" / "schema" / "BPMN20.xsd"


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMA)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_process_is_valid_bpmn(schema: xmlschema.XMLSchema, language: str) -> None:
    """Each released process passes OMG's schema, with a task a state and a flow an action."""
    for handle in registry.handles():
        for process in handle.versions.values():
            root = ET.fromstring(bpmn(process, language))
            schema.validate(root)
            tasks = root.findall(".//bpmn:userTask", NS)
            assert {t.get("id") for t in tasks} == {f"s_{s}" for s in process.states}
            ids = {e.get("id") for e in root.iter() if e.get("id")}
            assert len(ids) == len([e for e in root.iter() if e.get("id")])


def test_a_diagram_names_every_state_and_rings_the_present_one() -> None:
    """The picture holds all labels, escaped, and marks where the matter is."""
    process = registry.handle("dispute").latest
    drawn = svg(process, "zh-hans", "mediating")
    ET.fromstring(drawn)
    assert all(s.label.zh in drawn for s in process.states.values())
    assert drawn.count('class="state now"') == 1
