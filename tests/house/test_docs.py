"""What exists has its page; what a page links to exists."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.tree import ROOT, files, mechanisms, name

LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)")


@pytest.mark.parametrize("mechanism", [path.name for path in mechanisms()])
def test_every_mechanism_has_its_page(mechanism: str) -> None:
    """docs/mechanisms/NAME.md tells what it does, for whom, under which law."""
    page = ROOT / "docs" / "mechanisms" / f"{mechanism}.md"
    assert page.is_file(), f"write docs/mechanisms/{mechanism}.md"
    assert len(page.read_text("utf-8")) > 1000


def test_every_link_in_the_documents_leads_somewhere() -> None:
    """A link to a file of ours names one that is there."""
    broken = [
        f"{name(page)}: {target}"
        for page in files("*.md")
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not broken


def test_every_command_and_target_that_the_readme_names_exists() -> None:
    """`make X` and `dingzi X` in the README work."""
    from django.core.management import get_commands

    from dingzi.project.cli import BARE, MANAGED

    readme = (ROOT / "README.md").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", readme)) <= targets
    commands = set(BARE) | set(get_commands())
    assert set(re.findall(r"\bdingzi ([a-z]+)\b", readme)) <= commands
    assert set(MANAGED) <= commands


def test_every_benchmark_has_quick_and_says_what_it_measures() -> None:
    """A benchmark opens with what it claims and takes --quick."""
    for path in files("benchmarks/*.py"):
        source = path.read_text("utf-8")
        if '__name__ == "__main__"' in source:
            assert ast.get_docstring(ast.parse(source)), f"{path.name}: say what is measured"
            assert "--quick" in source, path.name
