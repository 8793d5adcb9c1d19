"""A category is proposed from words that stand in a list, and the proposal says which."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingzi.core import triage
from dingzi.core.errors import LoadError

WORDS = """
categories:
  wages: {sure: [拖欠工资], hints: [工资, 老板]}
  noise: {sure: [噪音], hints: [施工]}
signs:
  question: {zh: 像是咨询, en: Looks like a question, words: [请问]}
"""


def made(tmp_path: Path, text: str = WORDS) -> triage.Triage:
    path = tmp_path / "triage.yaml"
    path.write_text(text, "utf-8")
    return triage.load(path, ["wages", "noise", "other"])


def test_a_proposal_names_the_words_it_found(tmp_path: Path) -> None:
    """What weighs most comes first: a sure word before a hint, the title before the text."""
    found = made(tmp_path).propose("工地拖欠工资", "老板不接电话，夜里还在施工。")
    assert (found.category, found.next) == ("wages", "noise")
    assert found.words == ("拖欠工资", "老板")


def test_words_of_two_categories_propose_none(tmp_path: Path) -> None:
    """Where two weigh nearly the same nobody is led astray."""
    found = made(tmp_path).propose("拖欠工资，噪音", "")
    assert (found.category, found.words) == ("", ())


def test_without_words_nothing_is_proposed(tmp_path: Path) -> None:
    """An empty text, or one about something else, leaves the choice open; one hint is not enough."""
    one = made(tmp_path)
    assert one.propose("", "").category == ""
    assert one.propose("水管坏了", "没人来修，老板也不管。").category == ""


def test_signs_are_read_from_the_title_alone(tmp_path: Path) -> None:
    """Every text asks something; a title that asks is a question."""
    one = made(tmp_path)
    assert [str(sign.zh) for sign in one.propose("请问怎么办", "").signs] == ["像是咨询"]
    assert one.propose("噪音", "请问有没有人管？").signs == ()


def test_full_width_and_capitals_do_not_matter(tmp_path: Path) -> None:
    """Words are compared as the search compares them."""
    one = made(tmp_path, "categories: {noise: {sure: [KTV]}}")
    assert one.propose("ｋｔｖ太吵", "").category == "noise"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("categories: {nowhere: {sure: [x]}}", "no category is called 'nowhere'"),
        ("categories: {wages: {sure: [工资], hints: [工资]}}", "工资 stands there twice"),
        ("categories: {wages: [工资]}", "write sure and hints"),
        ("signs: {q: {zh: 问, words: [x]}}", "write zh, en and words"),
        ("words: {}", "write categories and signs"),
        ("categories: {", "triage.yaml"),
    ],
)
def test_a_faulty_list_does_not_load(tmp_path: Path, text: str, said: str) -> None:
    """Each fault is named with its place and what to write."""
    with pytest.raises(LoadError, match=said):
        made(tmp_path, text)
