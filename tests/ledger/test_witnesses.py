"""Witnesses: they cosign what only grows, refuse a fork or a rollback, and keep the evidence."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from dingzi.ledger import keys, witnesses, witnessing
from dingzi.ledger.models import Cosignature
from dingzi.ledger.sealing import Sealer
from dingzi.project import roles
from dingzi.tlog import notes
from dingzi.tlog.checkpoints import Checkpoint
from dingzi.tlog.errors import LogError
from dingzi.tlog.log import TileLog
from dingzi.tlog.witness import Cosigned, Evidence, Refused
from tests.databases import acting_as
from tests.world import World

from .conftest import file

pytestmark = pytest.mark.django_db
NOW = 1_760_000_000


def seal(count: int = 1) -> None:
    for at in range(count):
        file(f"第{at}件")
    with acting_as(roles.STEWARD):
        Sealer().seal()


@pytest.fixture
def verifier(world: World) -> notes.Verifier:
    """The public key of a log with a few leaves."""
    seal(3)
    named = keys.named()
    assert named
    return notes.Verifier.parse(named.log)


@pytest.fixture
def watcher(verifier: notes.Verifier, tmp_path: Path) -> witnessing.Witness:
    return witnessing.Witness(tmp_path / "witness", verifier, "renda.example")


def log() -> witnessing.Read:
    return witnessing.source(str(settings.LOG))


def republish(entries: list[bytes]) -> None:
    """Put another history in the place of the log, signed with the city's own key."""
    named = keys.named()
    assert named
    signer = keys.signers(keys.HEADS, named.log, [])[0]
    shutil.rmtree(settings.LOG)
    fresh = TileLog(settings.LOG)
    fresh.append(entries)
    fresh.publish(Checkpoint(named.origin, len(entries), fresh.root()).sign(signer))


def test_a_log_that_grows_is_cosigned_each_time(watcher: witnessing.Witness) -> None:
    """From the first look on, and over the edge of a tile; an unchanged head is cosigned anew."""
    for count in (0, 1, 300, 0):
        if count:
            seal(count)
        found = watcher.look(log(), NOW)
        assert isinstance(found, Cosigned)
        assert watcher.seen == found.note
    assert list(watcher.evidence.iterdir()) == []
    assert "renda.example" in (watcher.folder / "status.html").read_text()


@pytest.mark.parametrize(
    ("bend", "code"),
    [
        (lambda e: [e[1], e[0], *e[2:]], "fork"),
        (lambda e: e[:-1], "rollback"),
        (lambda e: [e[1], e[0], *e[2:], b"more"], "bad_proof"),
    ],
)
def test_another_history_is_refused_and_kept_as_evidence(
    watcher: witnessing.Witness, bend: Callable[[list[bytes]], list[bytes]], code: str
) -> None:
    """Even signed with the right key; the witness goes on from what it saw and shows the evidence."""
    assert isinstance(watcher.look(log(), NOW), Cosigned)
    before = watcher.seen
    republish(bend(list(TileLog(settings.LOG).read())))
    found = watcher.look(log(), NOW)
    assert isinstance(found, Refused)
    assert found.reason[0] == f"tlog.witness_{code}"
    assert watcher.seen == before
    (path,) = watcher.evidence.iterdir()
    evidence = Evidence.parse(path.read_bytes())
    assert evidence.code == code
    assert evidence.convicts(watcher.log) == (code == "fork")
    assert path.name in (watcher.folder / "status.html").read_text()


@pytest.mark.parametrize("cut", [None, b"", b"\0" * 31])
def test_a_tile_that_is_not_there_is_no_evidence(
    watcher: witnessing.Witness, cut: bytes | None
) -> None:
    """Gone or cut short: not cosigned, nothing kept against the log; it is looked at again."""
    assert isinstance(watcher.look(log(), NOW), Cosigned)
    seal(3)
    whole = log()
    with pytest.raises(LogError, match="tile/0"):
        watcher.look(lambda path: cut if path.startswith("tile/") else whole(path), NOW)
    assert list(watcher.evidence.iterdir()) == []
    assert "not cosigned" in (watcher.folder / "status.html").read_text()
    assert isinstance(watcher.look(whole, NOW), Cosigned)


def test_tiles_withheld_do_not_hide_a_rollback(watcher: witnessing.Witness) -> None:
    """What two heads tell by themselves is told and kept, with no tile at all."""
    seal(3)
    assert isinstance(watcher.look(log(), NOW), Cosigned)
    republish(list(TileLog(settings.LOG).read())[:-1])
    whole = log()
    found = watcher.look(lambda path: None if path.startswith("tile/") else whole(path), NOW)
    assert isinstance(found, Refused)
    assert found.reason[0] == "tlog.witness_rollback"


def test_the_command_says_what_it_found(
    verifier: notes.Verifier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 0 for a log that follows, 1 for one that does not, 2 where there is none."""
    asked = [str(settings.LOG), "--key", verifier.vkey, "--home", str(tmp_path / "w")]
    assert witnessing.main([*asked, "--name", "shenji.example"]) == 0
    assert "cosigned" in capsys.readouterr().out
    republish(list(TileLog(settings.LOG).read())[:-1])
    assert witnessing.main(asked) == 1
    assert witnessing.main([str(tmp_path), *asked[1:]]) == 2
    assert witnessing.main([*asked[:2], "nonsense", *asked[3:]]) == 2


@pytest.mark.parametrize(
    "where", ["http://[x", "http://a b", "http://x:port", "http://127.0.0.1:1"]
)
def test_an_address_that_is_none_is_said(
    verifier: notes.Verifier, tmp_path: Path, capsys: pytest.CaptureFixture[str], where: str
) -> None:
    """Exit status 2 and a line, so that a watch with ``--every`` goes on."""
    assert witnessing.main([where, "--key", verifier.vkey, "--home", str(tmp_path)]) == 2
    assert capsys.readouterr().err.strip()


def test_what_answers_no_http_is_said(
    verifier: notes.Verifier, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Something else listens there: the same."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        answering = threading.Thread(target=_nonsense, args=[server])
        answering.start()
        where = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert witnessing.main([where, "--key", verifier.vkey, "--home", str(tmp_path)]) == 2
        answering.join()
    assert where in capsys.readouterr().err


def _nonsense(server: socket.socket) -> None:
    one, _ = server.accept()
    with one:
        one.recv(4_096)
        one.sendall(b"220 mail.example\r\n")


def test_one_witness_looks_once_at_a_time(
    watcher: witnessing.Witness, verifier: notes.Verifier
) -> None:
    """Two looks at one time could be shown two histories and cosign both."""
    other = witnessing.Witness(watcher.home, verifier, "ignored")

    def meanwhile(path: str) -> bytes | None:
        with pytest.raises(LogError, match="另一个进程"):
            other.look(log(), NOW)
        return log()(path)

    assert isinstance(watcher.look(meanwhile, NOW), Cosigned)
    assert isinstance(other.look(log(), NOW), Cosigned)
    assert (watcher.home / "witness.key").stat().st_mode & 0o077 == 0


def test_the_site_shows_who_cosigned_and_takes_no_strangers_word(
    watcher: witnessing.Witness, client: Client
) -> None:
    """A named witness's cosignature counts; a stranger's, a bent and a future one do not."""
    assert "还没有登记见证方" in client.get("/log/").content.decode()
    found = watcher.look(log(), int(timezone.now().timestamp()))
    assert isinstance(found, Cosigned)

    def send(data: bytes) -> int:
        answer = client.post("/log/cosignature", data, content_type="text/plain")
        return int(answer.status_code)

    assert send(found.note) == 422
    vkey = watcher.signer.verifier.vkey
    with acting_as(roles.STEWARD):
        call_command("keys", witness=vkey)
    assert "还没有副署过" in client.get("/log/").content.decode()
    assert send(found.note.replace(b"\n4\n", b"\n3\n")) == 422
    for bad in (b"", b"nonsense", b"x" * 30_000):
        assert send(bad) == 422
    future = watcher.look(log(), int((timezone.now() + timedelta(days=1)).timestamp()))
    assert isinstance(future, Cosigned) and send(future.note) == 422
    assert not Cosignature.objects.exists()
    assert send(found.note) == 204
    body = client.get("/log/").content.decode()
    assert "renda.example" in body and "0分钟前" in body
    assert [one.size for one in witnesses.standing()] == [4]
    with acting_as(roles.STEWARD):
        call_command("keys", end_witness="renda.example")
    assert witnesses.standing() == []


def test_what_is_no_witness_key_is_refused(verifier: notes.Verifier) -> None:
    """The log's own key cosigns nothing; nothing is written."""
    for bad in (verifier.vkey, "nonsense"):
        with acting_as(roles.STEWARD), pytest.raises(CommandError, match="见证方"):
            call_command("keys", witness=bad)
    with acting_as(roles.STEWARD), pytest.raises(CommandError, match="见证方"):
        call_command("keys", end_witness="nobody")
    assert witnesses.standing() == []


@pytest.mark.django_db(transaction=True)
def test_a_witness_reads_and_answers_a_site(
    world: World, tmp_path: Path, live_server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """From another machine: tiles over HTTP, the cosignature sent back."""
    seal(270)
    named = keys.named()
    assert named
    asked = [
        live_server.url,
        "--key",
        named.log,
        "--home",
        str(tmp_path),
        "--name",
        "press.example",
    ]
    assert witnessing.main(asked) == 0
    vkey = capsys.readouterr().err.strip().split(" ")[-1]
    with acting_as(roles.STEWARD):
        call_command("keys", witness=vkey)
    seal(5)
    assert witnessing.main(asked) == 0
    assert [one.name for one in witnesses.standing() if one.at] == ["press.example"]
