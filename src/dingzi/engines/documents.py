"""YAML documents read field by field: every read says what it wants, every fault has its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from .errors import BadProblem
from .tokens import text_of

#: what has no default must stand in the file
_NEEDED: Any = object()
Default = TypeVar("Default")


def read_yaml(path: Path) -> Document:
    """Return the mapping that a file holds."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text_of(path), loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else None
        why = (error.problem or "").strip()
        raise BadProblem(path, line, "document_broken", {"why": why}) from None
    except yaml.YAMLError as error:
        raise BadProblem(path, None, "document_broken", {"why": str(error)}) from None
    except RecursionError:
        raise BadProblem(path, None, "document_broken", {"why": "too deep"}) from None
    if not isinstance(node, yaml.MappingNode):
        raise BadProblem(path, 1, "document_mapping", {"name": path.name})
    return Document(path, node)


class Document:
    """A mapping of a YAML file, or of one inside it."""

    def __init__(self, path: Path, node: yaml.MappingNode) -> None:
        self.path, self.line = path, node.start_mark.line + 1
        self.fields: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._scalar(key, "key")
            if name in self.fields:
                self.refuse("document_twice", key, name=name)
            self.fields[name] = value

    def refuse(self, code: str, node: yaml.Node | None = None, /, **params: object) -> NoReturn:
        line = self.line if node is None else node.start_mark.line + 1
        raise BadProblem(self.path, line, code, dict(params))

    def refuse_field(self, name: str, code: str, /, **params: object) -> NoReturn:
        """Refuse at the line of a field."""
        self.refuse(code, self.fields.get(name), **params)

    def only(self, *names: str) -> None:
        """Refuse a field that nobody reads: a slip of the keyboard must not be passed over."""
        for name, node in self.fields.items():
            if name not in names:
                self.refuse("document_unknown", node, name=name, known=", ".join(names))

    def has(self, name: str) -> bool:
        node = self.fields.get(name)
        return node is not None and node.tag != "tag:yaml.org,2002:null"

    def text(self, name: str, default: Default = _NEEDED) -> str | Default:
        return self._scalar(self.fields[name], name) if self._there(name, default) else default

    def whole(self, name: str, low: int, high: int, default: Default = _NEEDED) -> int | Default:
        """Return a whole number within [low, high]."""
        if not self._there(name, default):
            return default
        return self._whole(self.fields[name], name, low, high)

    def decimal(
        self, name: str, low: str, high: str, default: Default = _NEEDED
    ) -> Decimal | Default:
        """Return a number exactly as written, within [low, high]."""
        if not self._there(name, default):
            return default
        node = self.fields[name]
        found = self._scalar(node, name)
        try:
            value = Decimal(found.replace("_", ""))
        except InvalidOperation:
            self.refuse("number_expected", node, what=name, found=found)
        if not value.is_finite() or not Decimal(low) <= value <= Decimal(high):
            self.refuse("number_range", node, what=name, found=found, low=low, high=high)
        return value

    def decimals(self, name: str, count: int) -> list[Decimal]:
        """Return a list of so many numbers from 0, exactly as written."""
        if not self.has(name):
            self.refuse("document_missing", name=name)
        node = self.fields[name]
        try:
            found = [Decimal(self._scalar(one, name)) for one in self._list(node, name)]
        except InvalidOperation:
            self.refuse("document_numbers", node, name=name, count=count)
        if len(found) != count or any(not one.is_finite() or one < 0 for one in found):
            self.refuse("document_numbers", node, name=name, count=count)
        return found

    def flag(self, name: str, default: bool) -> bool:
        if not self._there(name, default):
            return default
        node = self.fields[name]
        word = self._scalar(node, name).lower()
        if word not in ("true", "false", "yes", "no"):
            self.refuse("table_bool", node, name=name, found=word)
        return word in ("true", "yes")

    def day(self, name: str, default: Default = _NEEDED) -> date | Default:
        if not self._there(name, default):
            return default
        node = self.fields[name]
        try:
            return date.fromisoformat(self._scalar(node, name))
        except ValueError:
            self.refuse("document_day", node, name=name, found=self._scalar(node, name))

    def inner(self, name: str, default: Default = _NEEDED) -> Document | Default:
        """Return the mapping that a field holds."""
        if not self._there(name, default):
            return default
        return self._mapping(self.fields[name], name)

    def rows(self, name: str, default: list[Document] = _NEEDED) -> list[Document]:
        """Return the mappings that a list holds."""
        if not self._there(name, default):
            return default
        return [self._mapping(one, name) for one in self._list(self.fields[name], name)]

    def texts(self, name: str, default: Default = _NEEDED) -> list[str] | Default:
        if not self._there(name, default):
            return default
        return [self._scalar(one, name) for one in self._list(self.fields[name], name)]

    def places(self, names: Sequence[str], field: str) -> dict[str, int]:
        """Return where each name stands; a name that stands twice is refused."""
        found: dict[str, int] = {}
        for at, name in enumerate(names):
            if name in found:
                self.refuse_field(field, "document_twice", name=name)
            found[name] = at
        return found

    def place(
        self, name: str, known: Mapping[str, int], default: Default = _NEEDED
    ) -> int | Default:
        """Return where the name stands that a field holds."""
        if not self._there(name, default):
            return default
        return self._known(self.fields[name], name, known)

    def listed(
        self, name: str, known: Mapping[str, int], default: tuple[int, ...] = _NEEDED
    ) -> tuple[int, ...]:
        """Return where the names of a list stand."""
        if not self._there(name, default):
            return default
        return tuple(self._known(one, name, known) for one in self._list(self.fields[name], name))

    def pairs(self, name: str, known: Mapping[str, int]) -> tuple[tuple[int, int], ...]:
        """Return a list of pairs of names as places; none where the field is left out."""
        found = []
        for node in self._list(self.fields[name], name) if self.has(name) else ():
            both = self._list(node, name)
            if len(both) != 2:
                self.refuse("document_pair", node, name=name)
            found.append((self._known(both[0], name, known), self._known(both[1], name, known)))
        return tuple(found)

    def amounts(self, name: str, known: Mapping[str, int], high: int) -> Iterator[tuple[str, int]]:
        """Yield (name, whole number from 0) of a mapping whose keys must be known."""
        inner = self.inner(name)
        for key, node in inner.fields.items():
            if key not in known:
                self.refuse("document_name", node, name=name, found=key)
            yield key, self._whole(node, key, 0, high)

    def _there(self, name: str, default: object) -> bool:
        if self.has(name):
            return True
        if default is _NEEDED:
            self.refuse("document_missing", name=name)
        return False

    def _scalar(self, node: yaml.Node, name: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.refuse("document_scalar", node, name=name)
        return str(node.value)

    def _whole(self, node: yaml.Node, name: str, low: int, high: int) -> int:
        found = self._scalar(node, name)
        plain = found.replace("_", "")
        digits = plain.removeprefix("-")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 30:
            self.refuse("integer_expected", node, what=name, found=found)
        if not low <= int(plain) <= high:
            self.refuse("number_range", node, what=name, found=found, low=low, high=high)
        return int(plain)

    def _list(self, node: yaml.Node, name: str) -> list[yaml.Node]:
        if not isinstance(node, yaml.SequenceNode):
            self.refuse("document_list", node, name=name)
        return list(node.value)

    def _mapping(self, node: yaml.Node, name: str) -> Document:
        if not isinstance(node, yaml.MappingNode):
            self.refuse("document_mapping", node, name=name)
        return Document(self.path, node)

    def _known(self, node: yaml.Node, name: str, known: Mapping[str, int]) -> int:
        found = self._scalar(node, name)
        if found not in known:
            self.refuse("document_name", node, name=name, found=found)
        return known[found]
