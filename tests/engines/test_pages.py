"""The pages of the engines, typed as they stand: every command, what it prints, every Python example."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dingzi.engines import cli
from dingzi.project.cli import main
from tests.engines import page_files
from tests.house.tree import ROOT

PAGES = [ROOT / "docs" / "engines.md", *sorted((ROOT / "docs" / "engines").glob("*.md"))]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
#: a search for routes, which ends by its seconds alone, is cut to this; others end with their proof
_MOST_SECONDS = 2.0


def blocks(page: Path, *kinds: str) -> list[str]:
    return [text for kind, text in _BLOCK.findall(page.read_text("utf-8")) if kind in kinds]


def typed(page: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Give each command of a page, and the lines that it shows as printed."""
    for text in blocks(page, "sh", "console", ""):
        command, shown = None, []
        for line in text.splitlines():
            if line.startswith(("$ dingzi ", "dingzi ")):
                if command:
                    yield command, shown
                command, shown = shlex.split(line.removeprefix("$ "), comments=True), []
            else:
                shown.append(line)
        if command:
            yield command, shown


@pytest.fixture
def place(page, tmp_path, monkeypatch):
    """A folder to work in, with the files that the pages name; searches for routes are cut."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(ROOT)
    stop = cli._stop

    def short(options):
        found = stop(options)
        return replace(found, seconds=found.seconds and min(found.seconds, _MOST_SECONDS))

    if page.stem == "routing":
        monkeypatch.setattr(cli, "_stop", short)
    return tmp_path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_of_a_page_works_as_it_stands(page, place, capsys) -> None:
    """Exit status 0, and every line that the page shows is printed, in that order."""
    page_files.write(page.stem, place, blocks(page, "yaml"))
    commands = list(typed(page))
    assert commands
    for command, shown in commands:
        status = main(command[1:])
        told = capsys.readouterr()
        assert status == 0, (command, told.out, told.err)
        printed = iter(told.out.splitlines())
        for line in shown:
            assert line == "..." or any(line == one for one in printed), (command, line, told.out)


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.stem
)
def test_every_python_example_of_a_page_runs(page, place) -> None:
    """Each is whole but for a problem, which a page may take as given."""
    for text in blocks(page, "python"):
        names = page_files.given(page.stem)
        exec(compile(text, str(page), "exec"), names)
        assert names["result" if "result" in names else "again"]


def test_every_engine_has_its_page_with_a_plot() -> None:
    """No engine without one; a plot has a text for who does not see it, or is named beside it."""
    assert {page.stem for page in PAGES} == {"engines", *cli.names()}
    for page in PAGES[1:]:
        assert re.search(rf"!\[[^\]]+\]\({page.stem}\.svg\)", page.read_text("utf-8")), page.stem
        assert "<svg" in page.with_suffix(".svg").read_text("utf-8")
