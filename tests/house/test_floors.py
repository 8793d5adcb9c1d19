"""The floors: nothing imports upward, no mechanism another, the bottom no Django."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.house.tree import ROOT


def test_every_import_contract_is_kept() -> None:
    """What pyproject.toml draws under tool.importlinter holds."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_the_bare_commands_load_no_django() -> None:
    """`dingzi law` and `dingzi run` start without Django, settings or a database."""
    code = (
        "import sys; from dingzi.project import cli; import importlib\n"
        "for module, _, _ in cli.BARE.values(): importlib.import_module(module)\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
