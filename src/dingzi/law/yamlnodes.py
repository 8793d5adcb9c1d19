"""YAML read with the line of every value, so that an error can say where it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from .errors import BadFile


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place: a dict of nodes, a list of nodes, or a plain value."""

    value: Any
    path: Path
    line: int
    field: str

    def bad(self, write: str, *, field: str = "") -> BadFile:
        """The error to raise about this value; ``write`` says what to write."""
        named = ".".join(part for part in (self.field, field) if part)
        return BadFile(self.path, self.line, named, write)

    def mapping(self, write: str) -> dict[str, Node]:
        if not isinstance(self.value, dict):
            raise self.bad(f"{write} (found {self.shown})")
        return self.value

    @property
    def shown(self) -> str:
        if isinstance(self.value, dict):
            return "a mapping"
        if isinstance(self.value, list):
            return "a list"
        if self.value is None:
            return "nothing"
        return repr(self.value) if isinstance(self.value, str) else str(self.value)


def read(path: Path) -> Node:
    """Read one file; raise BadFile for what YAML itself refuses, and for a key given twice."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise BadFile(path, line, "", "save the file as UTF-8") from None
    try:
        loader = yaml.SafeLoader(text)
        root = loader.get_single_node()
        if root is None:
            raise BadFile(path, 1, "", "the file is empty: declare at least one parameter")
        return _node(loader, root, path, "", root.start_mark.line + 1)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise BadFile(path, line, "", f"not YAML: {error.problem or error.context}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise BadFile(path, line, "", f"not YAML: {error.reason}") from None


def _node(loader: yaml.SafeLoader, node: yaml.Node, path: Path, field: str, line: int) -> Node:
    """``line`` is that of the key, so that what a mapping lacks is told where it begins."""
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Node] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            inner = f"{field}.{key}" if field else key
            key_line = key_node.start_mark.line + 1
            if key in found:
                raise BadFile(
                    path, key_line, inner, f"given twice; the first is on line {found[key].line}"
                )
            found[key] = _node(loader, value_node, path, inner, key_line)
        return Node(found, path, line, field)
    if isinstance(node, yaml.SequenceNode):
        items = [
            _node(loader, item, path, f"{field}[{index}]", item.start_mark.line + 1)
            for index, item in enumerate(node.value)
        ]
        return Node(items, path, line, field)
    try:
        value = loader.construct_object(node)
    except ValueError as error:  # 2025-13-01 looks like a date but is none
        raise BadFile(path, line, field, f"{node.value!r} cannot be read: {error}") from None
    if isinstance(value, datetime):
        value = str(node.value)
    return Node(value, path, line, field)
