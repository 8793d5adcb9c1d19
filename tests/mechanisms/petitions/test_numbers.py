"""Numbers tell nothing of an accusation: they run on without a gap for whoever counts them."""

from __future__ import annotations

import pytest

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.core.errors import LoadError
from dingzi.matters import finding, numbers, process
from dingzi.matters.models import Matter
from tests.world import TOWN

from .conftest import Petitions


def test_a_countys_numbers_have_no_gap_where_an_accusation_is(city: Petitions) -> None:
    """Two claims around two accusations follow each other; the accusations count with the city's."""
    first = city.brought()
    accused = [city.brought("accusation", accused_units=[city.housing.unit]) for _ in range(2)]
    second = city.brought()
    assert [n.partition("访")[0] for n in (first, *accused, second)] == ["袁", "宜", "宜", "袁"]
    assert (first[-3:], second[-3:]) == ("〕1号", "〕2号")
    top = matters.open_matter(
        "petition", "receive", {"text": "建议修路。", "kind": "suggestion", "place": "3609"},
        by=city.city_office, door="desk",
    )  # fmt: skip
    assert top.number.endswith("〕3号")  # the city's own series does not tell which was which
    assert numbers.tidy(accused[0]) == accused[0]
    assert Matter.objects.get(number=accused[0]).county == TOWN[:6]


def test_its_holder_finds_it_by_its_number_and_nobody_by_its_words(city: Petitions) -> None:
    """No index holds the words of an accusation; its number finds it for the post that has it alone."""
    number = city.brought("accusation", text="私设小金库发补贴，请查。", title="私设小金库")
    claim = city.brought(text="路灯坏了半年，请修。")
    for words in ("小金库", "私设小金库发补贴"):
        for viewer in (city.office, city.colleague, city.supervisor, city.city_office):
            assert finding.find(words, viewer).matters == []
    assert [m.number for m in finding.find("路灯", city.office).matters] == [claim]
    found = finding.by_number(number.strip("号"), city.office)
    assert found is not None
    assert found.number == number
    for viewer in (city.colleague, city.supervisor, city.city_office, city.housing, PUBLIC):
        assert finding.by_number(number, viewer) is None


def test_apart_is_for_what_an_opening_act_asks(city: Petitions) -> None:
    """A process that confides nothing, or does not ask, cannot set numbers apart."""
    good = """
process: odd
version: 1
title: {zh: 某, en: Odd}
start: begun
states:
  begun: {zh: 开始, en: Begun}
  over: {zh: 完, en: Over, end: true}
actions:
  begin: {zh: 开, en: Begin, from: [], to: begun, by: anyone}
  finish: {zh: 完, en: Finish, from: begun, to: over, by: staff}
"""
    process.parse(good, "odd")
    with pytest.raises(LoadError, match="apart is for a process"):
        process.parse(good + "apart: {kind: accusation}\n", "odd")
    with pytest.raises(LoadError, match="no opening action asks for 'kind'"):
        process.parse(good + "confidential: some\napart: {kind: accusation}\n", "odd")
