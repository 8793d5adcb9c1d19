"""``make mechanism NAME=x`` makes one that works; ``dingzi bundle`` packs what is needed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from dingzi.project import bundle, scaffold
from tests.house.tree import ROOT


@pytest.mark.slow
def test_a_new_mechanism_works_as_it_is_made(tmp_path: Path) -> None:
    """Its own test, the floors' and the shape's pass, untouched by hand."""
    for part in ("src", "tests", "pyproject.toml"):
        here = ROOT / part
        ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
        if here.is_dir():
            shutil.copytree(here, tmp_path / part, ignore=ignore)
        else:
            shutil.copy(here, tmp_path / part)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("DINGZI_", "PYTEST_"))}
    env |= {"PYTHONPATH": f"{tmp_path}/src:{tmp_path}", "DINGZI_HOME": str(tmp_path / "home")}
    assert scaffold.main(["petty_cash", "--zh", "小额报销"], root=tmp_path) == 0
    tests = [
        "tests/mechanisms/petty_cash",
        "tests/house/test_shape.py::test_a_mechanism_has_its_rooms_and_no_others[petty_cash]",
        "tests/house/test_docs.py::test_every_mechanism_has_its_page[petty_cash]",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    ruff = Path(sys.executable).with_name("ruff")
    made = ["src/dingzi/mechanisms/petty_cash", "tests/mechanisms/petty_cash"]
    for check in (["check"], ["format", "--check"]):
        done = subprocess.run([ruff, *check, *made], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["Petty"], "lower-case"),
        (["../x"], "lower-case"),
        (["petty_cash", "--prefix", "纠"], "taken"),
        (["disputes", "--zh", "小额"], "already"),
    ],
)
def test_a_scaffold_that_cannot_be_is_refused_and_writes_nothing(
    args: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bad name, a taken prefix, a mechanism that exists: told why, no file made."""
    processes = tmp_path / "src" / "dingzi" / "mechanisms" / "disputes"
    processes.joinpath("processes").mkdir(parents=True)
    (processes / "processes" / "dispute.1.yaml").write_text("prefix: 纠\n")
    (processes / "apps.py").write_text("")
    before = sorted(tmp_path.rglob("*"))
    assert scaffold.main(args, root=tmp_path) == 1
    assert words in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_bundle_lists_every_package_and_every_source() -> None:
    """What the lock pins for this system is wanted; source, units and installer go along."""
    pins = dict(pin.split("==") for pin in bundle.wanted())
    assert {"django", "psycopg-binary", "gunicorn", "setuptools"} <= set(pins)
    assert "tzdata" not in pins, "that is for Windows"
    members = {str(path.relative_to(ROOT)) for path in bundle.sources()}
    assert "src/dingzi/project/settings.py" in members
    assert "src/dingzi/ui/static/ui/dingzi.css" in members
    assert "src/dingzi/ui/locale/en/LC_MESSAGES/django.mo" in members
    assert "deploy/install.sh" in members
    assert not [name for name in members if "__pycache__" in name or name.startswith("var")]


def test_a_bundle_tells_nothing_of_the_machine_that_packed_it(tmp_path: Path) -> None:
    """No user, no absolute path; every file stands in SHA256SUMS."""
    archive = bundle.pack(tmp_path, wheels=False)
    with tarfile.open(archive) as tar:
        members = tar.getmembers()
        sums = tar.extractfile(next(m for m in members if m.name.endswith("/SHA256SUMS")))
        assert sums
        listed = set(re.findall(r"^[0-9a-f]{64}  (.+)$", sums.read().decode(), re.M))
    assert {(m.uname, m.gname, m.uid) for m in members} == {("root", "root", 0)}
    names = {m.name.split("/", 1)[1] for m in members} - {"SHA256SUMS"}
    assert names == listed
