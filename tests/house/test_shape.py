"""The shape of the code: short modules, names that say something, rooms that are always the same."""

from __future__ import annotations

import re

import pytest

from tests.house.tree import MECHANISMS, SOURCE, files, mechanisms, name

LONGEST = 400
#: Names that say where code was put, not what it is.
GRAB_BAGS = {"utils", "util", "helpers", "helper", "managers", "manager", "common", "misc", "base"}

#: A mechanism's rooms (DESIGN.md). A face that outgrows one file becomes a folder of that name.
ROOMS = {
    "__init__",
    "apps",
    "mechanism",
    "process",
    "filing",
    "models",
    "services",
    "selectors",
    "decisions",
    "forms",
    "views",
    "urls",
    "api",
    "exchange",
    "figures",
    "sample",
    "jobs",
}
FOLDERS = {"processes", "parameters", "templates", "locale", "migrations", "static", "data"}
NEEDED = {"__init__.py", "apps.py", "mechanism.py", "process.py", "processes"}


def test_no_module_is_longer_than_a_reader_can_hold() -> None:
    """Modules have at most 400 lines; longer ones hold two ideas."""
    long = {
        name(path): lines
        for path in files("*.py")
        if "migrations" not in path.parts
        and (lines := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert not long


def test_no_module_is_a_grab_bag() -> None:
    """No module is called utils, helpers, managers or common."""
    assert not [name(path) for path in files("src/*.py") if path.stem in GRAB_BAGS]


def test_no_module_imports_upward_by_a_string() -> None:
    """Nothing below the doors names a mechanism in its code."""
    names = [path.name for path in mechanisms()]
    pattern = re.compile(rf"mechanisms\.({'|'.join(names)})\b")
    found = [
        name(path)
        for path in files("src/*.py")
        if MECHANISMS not in path.parents
        and path != SOURCE / "project" / "settings.py"
        and pattern.search(path.read_text("utf-8"))
    ]
    assert not found


@pytest.mark.parametrize("mechanism", [path.name for path in mechanisms()])
def test_a_mechanism_has_its_rooms_and_no_others(mechanism: str) -> None:
    """One shape for all: what is where is known before one looks."""
    folder = MECHANISMS / mechanism
    tracked = {
        path.relative_to(folder).parts
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    tops = {parts[0] for parts in tracked}
    assert tops >= NEEDED, f"missing: {NEEDED - tops}"
    rooms = {top.removesuffix(".py") for top in tops if top.endswith(".py")}
    folders = {parts[0] for parts in tracked if len(parts) > 1}
    assert not rooms - ROOMS, f"rooms that no other mechanism has: {rooms - ROOMS}"
    assert not folders - FOLDERS - ROOMS, f"folders: {folders - FOLDERS - ROOMS}"
    assert not rooms & folders, "a room is a file or a folder, not both"


def test_every_process_file_is_named_by_process_and_version() -> None:
    """processes/NAME.N.yaml, and the file says the same."""
    wrong = []
    for path in files("src/*/processes/*.yaml"):
        match = re.fullmatch(r"([a-z_]+)\.([1-9]\d*)\.yaml", path.name)
        text = path.read_text("utf-8")
        if (
            not match
            or not re.search(rf"^process: {match[1]}$", text, re.M)
            or not re.search(rf"^version: {match[2]}$", text, re.M)
        ):
            wrong.append(name(path))
    assert not wrong
