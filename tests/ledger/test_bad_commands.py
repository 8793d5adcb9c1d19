"""Commands of the ledger asked what cannot be: a clear word and a status, never a trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core import management
from django.core.management import CommandError, call_command
from django.db import OperationalError

from dingzi.ledger import keys, witnessing
from dingzi.ledger.witnesses import standing
from dingzi.project import cli
from dingzi.tlog import notes


@pytest.mark.parametrize("home", ["file", "file/below"])
def test_a_witness_without_a_folder_of_its_own_says_so(
    home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its home is a file, or below one."""
    (tmp_path / "file").touch()
    key = notes.Signer.generate("city.example/log").verifier.vkey
    assert witnessing.main([str(tmp_path), "--key", key, "--home", str(tmp_path / home)]) == 2
    assert "Not a directory" in capsys.readouterr().err


@pytest.mark.parametrize("every", ["-3", "nan", "inf", "1e99", "often"])
def test_a_witness_looks_every_so_many_seconds(
    every: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is no number of seconds is refused before anything is made."""
    with pytest.raises(SystemExit) as ended:
        witnessing.main([str(tmp_path), "--key", "x", "--every", every])
    assert ended.value.code == 2
    assert "a number of seconds" in capsys.readouterr().err


@pytest.mark.django_db
@pytest.mark.parametrize("asked", [{"witness": ""}, {"witness": "x"}, {"end_witness": "nobody"}])
def test_keys_are_not_changed_beside_what_is_refused(asked: dict[str, str]) -> None:
    """A witness's key that is none, and a rotation asked for with it: neither is done."""
    keys.begin()
    before = keys.every()
    with pytest.raises(CommandError, match=r"\|"):
        call_command("keys", rotate=True, drop=True, **asked)
    assert (keys.every(), standing()) == (before, [])


@pytest.mark.parametrize("error", [OperationalError("no such table: x"), OSError(28, "No space")])
def test_a_database_or_disk_that_refuses_is_told_in_words(
    error: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An installation without tables, a full disk: what, and what to do; ``--traceback`` shows all."""

    def fails(argv: list[str]) -> None:
        raise error

    monkeypatch.setattr(management, "execute_from_command_line", fails)
    assert cli.main(["audit"]) == 1
    told = capsys.readouterr().err
    assert str(error) in told and "dingzi migrate" in told and "Traceback" not in told
    with pytest.raises(type(error)):
        cli.main(["audit", "--traceback"])
