"""docs/law.md shows what really happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

import dingzi
from dingzi import law
from dingzi.law import Registry, cli
from dingzi.law.loading import _KEYS, UNITS

TEXT = (Path(__file__).parents[2] / "docs" / "law.md").read_text("utf-8")
COMMANDS = re.findall(r"```console\n\$ dingzi law (.*?)\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[c for c, _ in COMMANDS])
def test_commands(command, shown, capsys):
    """Each command prints what the page shows."""
    assert cli.main(shlex.split(command)) == 0
    assert capsys.readouterr().out == shown


def test_python():
    """The examples run, and give what their comments say."""
    law.register(Path(dingzi.__file__).parent / "mechanisms" / "disputes" / "parameters")
    space: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
        exec(block, space)
        for code, told in re.findall(
            r"^(\S.*?)  # (date\(.*?\)|\(19, 30\)|20$)", block, re.MULTILINE
        ):
            assert eval(code, space) == eval(told, space), code


def test_the_file_example(tmp_path):
    """It can be loaded as it stands."""
    [example] = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "park.yaml").write_text(example, "utf-8")
    (tmp_path / "sources.yaml").write_text("人民调解法: People's Mediation Law\n", "utf-8")
    found = Registry()
    found.register(tmp_path)
    assert found.definition("park.reply").city_may == "shorten"


@pytest.mark.parametrize("word", [*_KEYS, *UNITS])
def test_keys_and_units_are_documented(word):
    """A key or unit that the page does not know fails here."""
    assert f"`{word}`" in TEXT
