"""A process as BPMN 2.0 XML with its drawing (BPMN DI), for tools that read the standard.

A state is a user task; an action is a sequence flow that carries its name (several flows out of a
task are alternatives, one of which somebody takes); an opening is a start event, an end state leads
to an end event.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

from .layout import HEIGHT, WIDTH, layout
from .process import Process

NS = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
DOT = 36


class _Builder:
    """Gathers the semantic elements and their shapes side by side."""

    def __init__(self, process: Process, language: str) -> None:
        self.process, self.language = process, language
        self.plan = layout(process)
        for prefix, uri in NS.items():
            ET.register_namespace(prefix, uri)
        self.root = ET.Element(
            _q("bpmn", "definitions"),
            {
                "id": f"{process.name}_{process.version}",
                "targetNamespace": f"urn:dingzi:process:{process.name}:{process.version}",
                "exporter": "Dingzi",
            },
        )
        self.body = ET.SubElement(
            self.root,
            _q("bpmn", "process"),
            {
                "id": f"process_{process.name}",
                "name": process.title.in_language(language),
                "isExecutable": "false",
            },
        )
        self.flows: list[tuple[str, str, str, str]] = []
        self.places: dict[str, tuple[int, int, int, int]] = {}

    def build(self) -> bytes:
        self._nodes()
        self._flows()
        self._drawing()
        ET.indent(self.root)
        return ET.tostring(self.root, encoding="utf-8", xml_declaration=True)

    def _nodes(self) -> None:
        opening = [a for a in self.process.actions.values() if a.opens]
        for action in opening:
            box = self.plan.boxes[action.to]
            node = f"start_{action.name}"
            self._node("startEvent", node, action.label.in_language(self.language))
            self.places[node] = (box.x - 56, box.y + (HEIGHT - DOT) // 2, DOT, DOT)
            self.flows.append((f"f_{action.name}_open", node, f"s_{action.to}", ""))
        for name, state in self.process.states.items():
            box = self.plan.boxes[name]
            self._node("userTask", f"s_{name}", state.label.in_language(self.language))
            self.places[f"s_{name}"] = (box.x, box.y, WIDTH, HEIGHT)
            if state.end:
                self._node("endEvent", f"end_{name}", state.label.in_language(self.language))
                self.places[f"end_{name}"] = (
                    box.x + WIDTH + 16, box.y + (HEIGHT - DOT) // 2, DOT, DOT,
                )  # fmt: skip
                self.flows.append((f"f_{name}_end", f"s_{name}", f"end_{name}", ""))

    def _node(self, kind: str, node: str, name: str) -> None:
        ET.SubElement(self.body, _q("bpmn", kind), {"id": node, "name": name})

    def _flows(self) -> None:
        for edge in self.plan.edges:
            for action in edge.actions:
                label = self.process.actions[action].label.in_language(self.language)
                self.flows.append(
                    (f"f_{action}_{edge.start}", f"s_{edge.start}", f"s_{edge.end}", label)
                )
        for name, source, target, label in self.flows:
            given = {"id": name, "sourceRef": source, "targetRef": target}
            if label:
                given["name"] = label
            ET.SubElement(self.body, _q("bpmn", "sequenceFlow"), given)

    def _drawing(self) -> None:
        diagram = ET.SubElement(self.root, _q("bpmndi", "BPMNDiagram"), {"id": "diagram"})
        plane = ET.SubElement(
            diagram,
            _q("bpmndi", "BPMNPlane"),
            {"id": "plane", "bpmnElement": f"process_{self.process.name}"},
        )
        for node, (x, y, w, h) in self.places.items():
            shape = ET.SubElement(
                plane, _q("bpmndi", "BPMNShape"), {"id": f"d_{node}", "bpmnElement": node}
            )
            ET.SubElement(
                shape,
                _q("dc", "Bounds"),
                {"x": str(x), "y": str(y), "width": str(w), "height": str(h)},
            )
        for name, source, target, _ in self.flows:
            edge = ET.SubElement(
                plane, _q("bpmndi", "BPMNEdge"), {"id": f"d_{name}", "bpmnElement": name}
            )
            for node, right in ((source, True), (target, False)):
                x, y, w, h = self.places[node]
                ET.SubElement(
                    edge,
                    _q("di", "waypoint"),
                    {"x": str(x + (w if right else 0)), "y": str(y + h // 2)},
                )


def _q(prefix: str, name: str) -> str:
    return f"{{{NS[prefix]}}}{name}"


def bpmn(process: Process, language: str = "zh-hans") -> bytes:
    """Return the process as BPMN 2.0 XML, valid against the OMG schema."""
    return _Builder(process, language).build()
