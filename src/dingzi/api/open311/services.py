"""What may be reported: each category of each mechanism that the public files with is a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from dingzi.core import registry as mechanisms
from dingzi.core.registry import Mechanism
from dingzi.matters import registry
from dingzi.matters.fields import FieldDef
from dingzi.matters.process import Action

from .formats import Wrong

#: Fields that the standard's own arguments fill in, or that no foreign client can.
OURS = {"text", "place", "spot", "name", "phone", "category", "papers"}
#: Kinds of fields by the standard's names for them.
KINDS = {
    "line": "string", "text": "text", "number": "number", "date": "datetime",
    "moment": "datetime", "choice": "singlevaluelist", "choices": "multivaluelist",
    "flag": "singlevaluelist",
}  # fmt: skip
YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Service:
    """One category of one mechanism, opened by the action of its public form."""

    mechanism: Mechanism
    category: str
    action: Action

    @property
    def code(self) -> str:
        return f"{self.mechanism.name}.{self.category}"

    @property
    def fields(self) -> list[FieldDef]:
        """The questions of the public form that a client asks as attributes."""
        filing = self.mechanism.filing
        assert filing is not None
        asked = {name for step in filing.steps for name in step.fields} - OURS
        return [f for f in self.action.fields if f.name in asked and f.kind in KINDS]


def all_services() -> list[Service]:
    found = []
    for mechanism in mechanisms.mechanisms():
        if mechanism.filing is None:
            continue
        action = registry.handle(mechanism.process).latest.actions[mechanism.filing.action]
        found += [Service(mechanism, category, action) for category in mechanism.categories]
    return found


def get(code: str) -> Service:
    """Return a service; Wrong 404 where there is none, 400 where none was named."""
    if not code:
        raise Wrong(400, ("open311_no_service_code", {}))
    for service in all_services():
        if service.code == code:
            return service
    raise Wrong(404, ("open311_unknown_service", {"value": code[:60]}))


def _tongue() -> str:
    return get_language() or "zh-hans"


def name_of(service: Service) -> str:
    label = service.mechanism.categories[service.category].in_language(_tongue())
    return f"{service.mechanism.title.in_language(_tongue())}: {label}"


def entry(service: Service) -> dict[str, Any]:
    """Return a service as ``GET services`` lists it."""
    filing = service.mechanism.filing
    assert filing is not None
    about = filing.about or service.mechanism.about
    return {
        "service_code": service.code,
        "service_name": name_of(service),
        "description": about.in_language(_tongue()),
        "metadata": bool(service.fields),
        "type": "realtime",
        "keywords": service.mechanism.categories[service.category].in_language(_tongue()),
        "group": service.mechanism.title.in_language(_tongue()),
    }


def definition(service: Service) -> dict[str, Any]:
    """Return the attributes that a report of this service is asked for."""
    return {
        "service_code": service.code,
        "attributes": [
            {
                "variable": True,
                "code": one.name,
                "datatype": KINDS[one.kind],
                "required": one.required,
                "datatype_description": None,
                "order": order,
                "description": one.label.in_language(_tongue()),
                "values": [{"key": key, "name": name} for key, name in _values(one)],
            }
            for order, one in enumerate(service.fields, 1)
        ],
    }


def _values(one: FieldDef) -> list[tuple[str, str]]:
    if one.kind == "flag":
        english = _tongue().startswith("en")
        return [(YES, "Yes" if english else "是"), (NO, "No" if english else "否")]
    return [(code, label.in_language(_tongue())) for code, label in one.choices.items()]
