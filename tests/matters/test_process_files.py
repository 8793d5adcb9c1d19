"""A process that cannot run does not load: each fault is named with its place and what to write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core import checks as system_checks

from dingzi.core.errors import LoadError
from dingzi.matters import registry
from dingzi.matters.process import load, parse

GOOD = """\
process: park
version: 1
title: {zh: 公园, en: Park}
prefix: 园
start: asked
public: [kind]
clocks:
  answer: {zh: 答复, en: Answer, rule: matters.task_days}
states:
  asked: {zh: 已问, en: Asked}
  told: {zh: 已答, en: Told, end: true}
actions:
  ask:
    zh: 问
    en: Ask
    from: []
    to: asked
    by: anyone
    clock: {start: answer}
    fields:
      text: {kind: text, zh: 内容, en: Text, personal: true}
      kind: {kind: choice, zh: 类, en: Kind, choices: {a: {zh: 甲, en: A}}}
  tell:
    zh: 答
    en: Tell
    from: asked
    to: told
    by: handler
    clock: {stop: answer}
"""

#: What is put instead of what, and what must be said of it.
BAD = {
    "no YAML": ("title: {zh", "title: [zh", "not YAML"),
    "no mapping": (GOOD, "- park\n", "a process is a mapping"),
    "an unknown key": ("prefix: 园", "prefx: 园", "unknown key 'prefx'"),
    "a key twice": ("  tell:\n", "  ask:\n", "'ask' stands there twice"),
    "no states": ("states:\n", "sates:\n", "unknown key 'sates'"),
    "no title": ("title: {zh: 公园, en: Park}\n", "", "title is missing"),
    "a title without English": ("en: Park", "fr: Parc", "title: both zh and en are needed"),
    "a version that is no number": ("version: 1", "version: one", "wrong form"),
    "states as a list": ("  asked: {zh: 已问, en: Asked}\n", "  - asked\n", "not YAML"),
    "a start that is no state": ("start: asked", "start: begun", "start 'begun' is no state"),
    "no end": (", end: true", "", "no state is an end"),
    "a trap": (
        "  told: {zh: 已答, en: Told, end: true}",
        "  told: {zh: 已答, en: Told, end: true}\n  stuck: {zh: 卡, en: Stuck}",
        "state 'stuck' can never be reached",
    ),
    "a state that leads to no end": (
        "    from: asked\n    to: told",
        "    from: asked\n    to: asked",
        "state 'told' can never be reached",
    ),
    "an action without a role": ("    by: handler\n", "", "nobody may do it; name roles under by"),
    "an action from nowhere": ("from: asked", "from: nowhere", "from 'nowhere' is no state"),
    "an action to nowhere": ("to: told", "to: nowhere", "to 'nowhere' is no state"),
    "no opening action": ("from: []", "from: asked", "no action opens a matter"),
    "an opening that stays": ("    from: []\n    to: asked\n", "    from: []\n", "needs its to"),
    "an undeclared clock": ("{stop: answer}", "{stop: other}", "clock 'other' is not declared"),
    "a clock that is wound": ("{stop: answer}", "{wind: answer}", "'wind' is none of start"),
    "a clock without its rule": (", rule: matters.task_days", "", "a clock needs its rule"),
    "a clock that ends in nothing": (
        "rule: matters.task_days",
        "rule: matters.task_days, then: vanish",
        "then 'vanish' is no action",
    ),
    "an unknown kind of field": ("kind: text", "kind: essay", "kind 'essay' is none of"),
    "a choice without choices": (", choices: {a: {zh: 甲, en: A}}", "", "needs choices"),
    "a choice in one language": ("{zh: 甲, en: A}", "{zh: 甲}", "both zh and en are needed"),
    "an unknown key of a field": ("personal: true", "private: true", "unknown key 'private'"),
    "a personal field in public": (
        "kind: {kind: choice,",
        "kind: {kind: choice, personal: true,",
        "kind is personal and public",
    ),
    "a field that core writes itself": ("      text: {", "      holder: {", "'holder' is core's own"),
    "an unknown standing": ("by: handler", "by: handler\n    standing: near", "standing 'near'"),
    "a desk without its role": ("prefix: 园", "desk: {kind: centre}", "desk: write kind"),
}  # fmt: skip


def test_the_good_one_loads() -> None:
    """What the table below spoils is sound."""
    park = parse(GOOD, "park.1.yaml")
    assert (park.name, park.version, set(park.states)) == ("park", 1, {"asked", "told"})


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_is_named_with_its_fault(fault: str, tmp_path: Path) -> None:
    """The message begins with the file and says what to write."""
    old, new, told = BAD[fault]
    assert GOOD.count(old) >= 1, fault
    path = tmp_path / "park.1.yaml"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(LoadError) as refused:
        load(path)
    assert str(refused.value).startswith("park.1.yaml: ")
    assert told in str(refused.value)


def test_a_state_from_which_no_end_can_be_reached_is_a_trap() -> None:
    """A state that is entered and never left does not load."""
    trap = (
        GOOD.replace("states:\n", "states:\n  lost: {zh: 丢失, en: Lost}\n")
        + "  lose: {zh: 丢, en: Lose, from: asked, to: lost, by: handler}\n"
    )
    with pytest.raises(LoadError, match="state 'lost' is a trap: no end can be reached"):
        parse(trap, "park.1.yaml")


@pytest.fixture
def process_named(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Register a process for one test, as a mechanism would."""
    monkeypatch.setattr(registry, "_handles", dict(registry._handles))
    monkeypatch.setattr(registry, "_prefixes", dict(registry._prefixes))

    def put(folder: Path, text: str, name: str = "park.1.yaml") -> registry.Handle:
        (folder / name).write_text(text, "utf-8")
        return registry.register("park", folder)

    return put


def faults() -> list[str]:
    return [str(m.msg) for m in system_checks.run_checks(tags=["dingzi"])]


def test_a_sound_installation_passes_its_checks() -> None:
    """No shipped process names a guard, rule or role that is not there."""
    assert faults() == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "by: handler", "by: handler\n    guards: [moon_is_full]",
            "park.1: tell: guard 'moon_is_full' is not known",
        ),
        (
            "rule: matters.task_days", "rule: matters.tsk_days",
            "park.1: clock answer: rule 'matters.tsk_days': no parameter is named",
        ),
        (
            "rule: matters.task_days", "rule: matters.duplicate_days",
            "park.1: clock answer: rule 'matters.duplicate_days': "
            "matters.duplicate_days is not a deadline",
        ),
        (
            "by: handler", "by: gardener",
            "park.1: actions.tell: role 'gardener' is not declared",
        ),
        (
            "start: asked\n", "start: asked\nwithout: [juggle]\n",
            "park.1: without: 'juggle' is no common act",
        ),
    ],
)  # fmt: skip
def test_what_only_other_files_know_is_checked_at_the_start(
    process_named: Any, tmp_path: Path, old: str, new: str, told: str
) -> None:
    """A guard, a rule, a role that nobody declared stops `migrate` and every other command."""
    process_named(tmp_path, GOOD.replace(old, new, 1))
    assert any(fault.startswith(told) for fault in faults()), faults()


def test_a_file_holds_what_its_name_says(process_named: Any, tmp_path: Path) -> None:
    """park.2.yaml with version 1 inside is refused."""
    with pytest.raises(LoadError, match=r"park\.2\.yaml: holds park version 1"):
        process_named(tmp_path, GOOD, "park.2.yaml")


def test_two_processes_cannot_share_the_character_of_their_numbers(
    process_named: Any, tmp_path: Path
) -> None:
    """A number must say of what process it is."""
    with pytest.raises(LoadError, match="prefix 纠 is taken by dispute"):
        process_named(tmp_path, GOOD.replace("prefix: 园", "prefix: 纠"))


def test_an_empty_folder_is_no_process(tmp_path: Path) -> None:
    """A mechanism without its file says which."""
    with pytest.raises(LoadError, match=r"no park\.N\.yaml"):
        registry.register("park", tmp_path)


def test_a_process_names_common_acts_that_it_is_without():
    """They are neither offered nor taken; all others are."""
    park = parse(GOOD.replace("start: asked\n", "start: asked\nwithout: [reply]\n"), "park")
    assert registry.action(park, "reply") is None
    assert "reply" not in {one.name for one in registry.actions(park)}
    assert registry.action(park, "note") is not None
