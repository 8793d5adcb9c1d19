"""The parallel tree under 国密 SM3: kept where it is asked for, from the same entries, verified."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dingzi.ledger import keys, parallel
from dingzi.ledger.sealing import Sealer
from dingzi.project import roles
from dingzi.tlog import cli, hashing
from dingzi.tlog.checkpoints import open_checkpoint
from dingzi.tlog.errors import NotAvailable
from dingzi.tlog.log import TileLog
from dingzi.tlog.notes import Verifier
from tests.databases import acting_as
from tests.world import World

from .conftest import file

pytestmark = pytest.mark.django_db


def seal(count: int) -> None:
    for at in range(count):
        file(f"第{at}件")
    with acting_as(roles.STEWARD):
        Sealer().seal()


@pytest.fixture
def asked(settings: Any) -> None:
    settings.SM3 = True


def test_both_trees_are_signed_and_verify(
    world: World, asked: None, capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    """After each batch both heads have one size; ``tlog verify`` checks both, the site serves both."""
    for count in (2, 260):
        seal(count)
        named = keys.named()
        assert named
        tree = TileLog(settings.LOG).beside(hashing.sm3())
        signed = tree.published()
        assert signed
        head, _ = open_checkpoint(signed, Verifier.parse(named.log), f"{named.origin}/sm3")
        entries = list(TileLog(settings.LOG).read())
        assert head.size == len(entries)
        assert head.root == hashing.sm3().root(hashing.sm3().leaf(one) for one in entries)
    assert cli.main(["verify", str(settings.LOG), "--key", named.log]) == 0
    assert "sm3 相符 sound" in capsys.readouterr().out
    assert client.get("/log/sm3/checkpoint").content == signed
    tile = client.get("/log/sm3/tile/0/000")
    assert b"".join(tile) == (settings.LOG / "sm3/tile/0/000").read_bytes()  # type: ignore[arg-type]
    assert client.get("/log/sm3/.state/size").status_code == 404


def test_switched_on_later_it_takes_over_what_is_there(
    world: World, settings: Any, client: Client
) -> None:
    """Nothing is kept unasked; once asked, the whole log is under SM3 with the next start."""
    seal(3)
    assert not (settings.LOG / "sm3").exists()
    assert client.get("/log/sm3/checkpoint").status_code == 404
    settings.SM3 = True
    seal(1)
    main = TileLog(settings.LOG)
    tree = main.beside(hashing.sm3())
    assert tree.size() == main.size()
    assert tree.published() is not None


def test_a_kill_before_the_parallel_head_is_made_good(
    world: World, asked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever was left undone is done with the next head; the head of the main tree stands."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    seal(2)
    for step in ("follow", "publish"):
        original = getattr(TileLog, step)

        def stop(self: TileLog, *given: Any, act: Callable[..., Any] = original, **how: Any) -> Any:
            return killed() if self.folder.name == "sm3" else act(self, *given, **how)

        with monkeypatch.context() as patch:
            patch.setattr(TileLog, step, stop)
            with pytest.raises(KeyboardInterrupt):
                seal(2)
        main = TileLog(settings.LOG)
        assert main.published() and main.beside(hashing.sm3()).published()
        seal(1)
        tree = main.beside(hashing.sm3())
        assert tree.size() == main.size()
        assert tree.root() == hashing.sm3().root(hashing.sm3().leaf(one) for one in main.read())


def test_without_sm3_on_the_machine_sealing_goes_on(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The main tree does not wait for it; the steward's log says what is missing."""

    def missing() -> object:
        raise NotAvailable("no_sm3")

    settings.SM3 = True
    monkeypatch.setattr(parallel, "sm3", missing)
    with caplog.at_level("ERROR", "dingzi.ledger"):
        seal(1)
    assert "no parallel root is kept" in caplog.text
    assert TileLog(settings.LOG).published() is not None
