"""Finding places: the picker, imports, names in both languages."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dingzi.city import directory, divisions, selectors
from dingzi.city.models import Unit
from tests.city.conftest import Record

_loaded: list[Any] = []


@pytest.fixture
def yichun(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The divisions of Yichun in memory; loaded into the database by the first test only."""
    if not _loaded:
        divisions.load(divisions.YICHUN.read_bytes(), since=date(2000, 1, 1))
        _loaded.append(directory._now())
    monkeypatch.setattr(directory, "_now", lambda: _loaded[0])


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("高安", "高安市"),
        ("高安市", "高安市"),
        ("新街", "新街镇"),
        ("高安 新街", "新街镇"),
        ("高安市新街镇", "新街镇"),
        ("宜春市高安市新街镇", "新街镇"),
        ("荷湖乡", "荷湖镇"),
        ("阁山", "𬮤山镇"),
        ("360983", "高安市"),
        ("yuanzhou", "袁州区"),
        ("fengxin", "奉新县"),
    ],
)
def test_the_picker_finds(yichun: None, words: str, first: str) -> None:
    """A place is found as people write it, the best answer first."""
    found = selectors.search_divisions(words)
    assert found
    assert found[0].name == first


def test_the_picker_looks_within(yichun: None) -> None:
    """Within a county, and at a level, nothing else is offered."""
    found = selectors.search_divisions("石", within="360924", level="town")
    assert [one.name for one in found] == ["石市镇"]
    assert len(selectors.search_divisions("村", limit=7)) == 7


@pytest.mark.parametrize("words", ["", "   ", "没有这个地方", "高安 没有", "999"])
def test_the_picker_finds_nothing(yichun: None, words: str) -> None:
    """What is nowhere gives an empty list."""
    assert selectors.search_divisions(words) == []


def test_searching_asks_no_database(yichun: None) -> None:
    """Names are kept in memory: looking costs no query and little time."""
    selectors.search_divisions("高安")
    began = time.process_time()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(20):
            selectors.search_divisions("高安 新街")
    assert len(queries) == 0
    assert (time.process_time() - began) / 20 < 0.1


@pytest.mark.parametrize(
    ("name", "within", "code"),
    [
        ("袁州区", "", "360902"),
        ("袁州", "", "360902"),
        ("丰城", "", "360981"),
        ("360981205", "", "360981205"),
        ("荷湖乡", "", "360981205"),
        ("荷湖", "360981", "360981205"),
        ("宜春市丰城市荷湖镇", "", "360981205"),
        ("丰城市荷湖镇", "", "360981205"),
        ("灵泉", "360902", "360902001"),
        ("Yuanzhou District", "", "360902"),
    ],
)
def test_an_import_finds_the_one_place(yichun: None, name: str, within: str, code: str) -> None:
    """A name in a spreadsheet is taken where it can only mean one place."""
    found = selectors.find_division(name, within=within)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("name", ["", "建设村", "某某县", "宜", "36090", "360981205"])
def test_an_import_does_not_guess(yichun: None, name: str) -> None:
    """A name that may mean several places, or none, is left to a person."""
    assert selectors.find_division(name, within="360902") is None


def test_names_in_both_languages(yichun: None) -> None:
    """The full name reads from the county down, in English from the place up."""
    assert selectors.full_name("360983101") == directory.place_name("360983101")
    assert selectors.full_name("360983101").startswith("高安市")
    assert selectors.full_name("360983101", "en").endswith(", Gao'an City")
    assert selectors.full_name(None) == ""


def test_the_tree_is_read_once(yichun: None) -> None:
    """Walking the tree costs no query after the first read."""
    directory.city()
    with CaptureQueriesContext(connection) as queries:
        counties = directory.children("3609")
        towns = [town for county in counties for town in directory.children(county.code)]
    assert (len(queries), len(counties), len(towns)) == (0, 10, 186)


def test_another_process_sees_a_change(city: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another process has changed is read after a few seconds; without a change nothing is."""
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    unit = Unit.objects.get(code="jia")
    directory.forget()
    assert directory.unit(unit.pk).name == "甲县综治中心"  # type: ignore[union-attr]
    here = directory._kept.copy()
    city("unit_changed", {"code": "jia", "name": "新名", "on": "2024-01-01"})
    directory._kept.update(here)  # as a process does that did not make the change
    assert directory.unit(unit.pk).name == "甲县综治中心"  # type: ignore[union-attr]
    clock[0] += directory.FRESH + 1
    assert directory.unit(unit.pk).name == "新名"  # type: ignore[union-attr]
    clock[0] += directory.FRESH + 1
    with CaptureQueriesContext(connection) as queries:
        directory.unit(unit.pk)
        directory.unit(unit.pk)
    assert len(queries) == 1
