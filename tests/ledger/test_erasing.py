"""Erasure: what was personal is gone from everywhere, and every proof still holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django_tasks_db.models import DBTaskResult

from dingzi import matters
from dingzi.city.viewer import PUBLIC, Viewer, receipt
from dingzi.core import blobs, search
from dingzi.core.errors import Forbidden, NotFound
from dingzi.ledger import erasing, keys, receipts
from dingzi.ledger.auditing import Difference, whole
from dingzi.ledger.checking import check
from dingzi.ledger.leaves import leaf
from dingzi.ledger.models import Erasure, Leaf
from dingzi.ledger.sealing import Sealer
from dingzi.matters.models import Event, Matter, Opening, Paper, Private
from dingzi.matters.rebuild import rebuild
from dingzi.matters.timeline import timeline
from dingzi.project import roles
from dingzi.tlog.log import TileLog
from dingzi.workbench import exports
from tests.databases import acting_as
from tests.settings import CLUSTER
from tests.world import TOWN, World

from .tampering import unguarded

#: A text that stands nowhere else, so that files can be searched for its bytes.
WORDS = "独角兽在阳台上养了七只火烈鸟"
NAME, PHONE = "欧阳火烈", "13955550123"


@pytest.fixture
def case(world: World) -> Iterator[Matter]:
    """A sealed dispute with words, name, telephone, paper, a task and a reply."""
    stored = blobs.store(SimpleUploadedFile("flamingo.txt", WORDS.encode()))
    paper = {"digest": stored.digest, "name": f"{NAME}.txt"}
    data = {
        "text": WORDS, "title": WORDS[:20], "spot": "阳台", "place": TOWN, "name": NAME,
        "phone": PHONE, "category": "neighbours", "papers": [paper],
    }  # fmt: skip
    number = matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number
    lead = {
        "category": "neighbours",
        "lead": world.mediation,
        "co_units": [world.housing],
        "what": WORDS,
    }
    matters.act(number, "accept_dispatch", lead, by=world.window)
    matters.act(number, "reply", {"text": f"{NAME}您好"}, by=world.mediator)
    seal()
    yield Matter.objects.get(number=number)


def seal() -> None:
    with acting_as(roles.STEWARD):
        Sealer().seal()


def erase(matter: Matter, by: Viewer) -> None:
    matters.act(matter.number, "erase", {"ground": "asked"}, by=by)
    with acting_as(roles.STEWARD):
        assert erasing.carry_out() == 1
        assert erasing.carry_out() == 0


def audit() -> list[Difference]:
    with acting_as(roles.STEWARD):
        return whole()[1]


@pytest.mark.django_db(transaction=True)
def test_nothing_personal_is_left_in_any_row(case: Matter, steward: Viewer) -> None:
    """Private parts, salts, titles, papers, search, kept exports and tasks are gone."""
    folder = Path(settings.CONFIG.home) / "exports"
    folder.mkdir(exist_ok=True)
    (folder / "1-x.csv").write_text(WORDS)
    DBTaskResult.objects.create(
        status="SUCCESSFUL", args_kwargs={"args": [WORDS], "kwargs": {}}, task_path="x",
        worker_ids=[], queue_name="q", backend_name="b", exception_class_path="", traceback="",
        finished_at=datetime.now(UTC),
    )  # fmt: skip
    digest = Paper.objects.exclude(blob=None).values_list("blob", flat=True)[0]
    erase(case, steward)
    assert not Private.objects.filter(event__stream=case.id).exists()
    assert not Opening.objects.filter(event__stream=case.id, event__seq__lte=3).exists()
    case.refresh_from_db()
    assert (case.title, case.spot, case.people, case.paper_count) == ("", "", [], 0)
    assert not Paper.objects.exists()
    with pytest.raises(NotFound):
        blobs.open_blob(digest)
    assert search.match("火烈鸟", None, limit=9).ids == []
    assert case.id in search.match(case.number, None, limit=9).ids
    assert list(folder.iterdir()) == []
    assert not DBTaskResult.objects.exists()
    assert exports.forget in erasing._forgets
    child = Matter.objects.get(parent=case)
    assert child.title == ""
    assert rebuild(write=False).differences == []


@pytest.mark.django_db(transaction=True)
def test_every_proof_stays_valid_and_the_audit_accepts_only_this_gap(
    case: Matter, steward: Viewer
) -> None:
    """Leaves and paths are as before; the gap without its erasure would be a difference."""
    events = list(Event.objects.of(case.id).order_by("seq"))
    before = [leaf(event) for event in events]
    erase(case, steward)
    seal()
    assert [leaf(event) for event in Event.objects.of(case.id).order_by("seq")][:3] == before
    named = keys.named()
    assert named
    text = receipts.full(case, events)
    assert check(text, [named.log], [named.promise], datetime.now(UTC)).verdict == "sealed"
    assert audit() == []
    with unguarded() as cursor:
        cursor.execute("DELETE FROM matters_private WHERE event_id > %s", [case.id << 21])
        cursor.execute("DELETE FROM matters_opening WHERE event_id > %s", [case.id << 20])
    last = Event.objects.of(case.id).order_by("-seq")[0]
    assert Difference(last.seq, case.id, "opening", "row") in audit()


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_away_without_an_erasure_is_a_difference(case: Matter) -> None:
    """The same deletion by hand is found, row by row; a decision that is not sealed excuses none."""
    with unguarded() as cursor:
        cursor.execute("DELETE FROM matters_private")
    found = {(d.sequence, d.field) for d in audit() if d.stream == case.id and d.kind == "private"}
    assert found == {(1, "row"), (2, "row"), (3, "row")}


@pytest.mark.django_db(transaction=True)
def test_the_page_says_what_is_gone_and_what_is_said_later_stays(
    case: Matter, steward: Viewer, world: World
) -> None:
    """Erased acts are marked; new words are not touched by the old erasure."""
    erase(case, steward)
    matters.act(case.number, "reply", {"text": "新的答复"}, by=world.mediator)
    with acting_as(roles.STEWARD):
        assert erasing.carry_out() == 0
    case.refresh_from_db()
    entries = {e.event.action: e for e in timeline(case, receipt(case.id), "zh-hans")}
    assert entries["file"].erased and not entries["file"].lines
    newest = timeline(case, world.mediator, "zh-hans")[0]
    assert [line.value for line in newest.lines] == ["新的答复"] and not newest.erased


@pytest.mark.django_db(transaction=True)
def test_only_the_steward_may_erase(case: Matter, world: World) -> None:
    """Neither who handles the case nor a steward who does not see it; nothing is written then."""
    with pytest.raises(Forbidden):
        matters.act(case.number, "erase", {"ground": "asked"}, by=world.mediator)
    blind = replace(world.supervisor, roles=frozenset({"steward"}), scope="", unit=None, post=None)
    with pytest.raises(NotFound):  # who does not see the case cannot decide about it
        matters.act(case.number, "erase", {"ground": "asked"}, by=blind)
    assert not Erasure.objects.exists()
    assert Private.objects.filter(event__stream=case.id).count() == 3


@pytest.mark.django_db(transaction=True)
def test_no_byte_is_left_in_the_databases_files(
    case: Matter, steward: Viewer, acting_as: Callable[..., object]
) -> None:
    """SQLite's file and journal, PostgreSQL's tables and statistics, rewritten: the words are nowhere."""
    if connection.vendor == "postgresql":
        with acting_as(roles.OWNER), connection.cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("ANALYZE")  # as the server does by itself at any moment
    assert _found()
    erase(case, steward)
    if connection.vendor == "postgresql":
        with acting_as(roles.OWNER):  # type: ignore[attr-defined]
            done = set(erasing.rewrite())
        # a comment's words stand in a table of its own, a draft's in its session
        assert {"matters_private", "articles_comment", "django_session"} <= done
        assert {"notices_subscription", "disputes_dispute"} <= done
    assert _found() == []
    assert Leaf.objects.exists()


def _found() -> list[str]:
    """Return the files of the database in which a piece of what was erased stands."""
    pieces = [WORDS.encode(), NAME.encode(), PHONE.encode()]
    if connection.vendor == "sqlite":
        path = Path(str(connection.settings_dict["NAME"]))
        files = list(path.parent.glob(path.name + "*"))
    else:
        assert CLUSTER
        with connection.cursor() as cursor:
            cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
            oid = cursor.fetchone()[0]
        _checkpoint()
        files = list((CLUSTER.data / "base" / str(oid)).iterdir())
    return [f"{f.name}" for f in files if any(p in f.read_bytes() for p in pieces)]


def _checkpoint() -> None:
    import psycopg

    assert CLUSTER
    with psycopg.connect(CLUSTER.url("postgres", "postgres"), autocommit=True) as superuser:
        superuser.execute("CHECKPOINT")


@pytest.mark.django_db(transaction=True)
def test_the_erased_cannot_be_guessed_back_from_the_log(case: Matter, steward: Viewer) -> None:
    """With the words, name and telephone in hand, nothing in log or database confirms them."""
    erase(case, steward)
    seal()
    entries = b"".join(TileLog(settings.LOG).read())
    kept = b"".join(bytes(e.commitments) for e in Event.objects.of(case.id))
    from hashlib import sha256

    from dingzi.core.canonical import canonical, commit

    filed = {"text": WORDS, "title": WORDS[:20], "spot": "阳台", "phone": PHONE}
    guesses = [
        WORDS,
        NAME,
        PHONE,
        filed,
        filed | {"parties": [{"side": "applicant", "name": NAME, "phone": PHONE}]},
    ]
    for guess in guesses:
        value = canonical(guess)
        for digest in (sha256(value).digest(), commit(b"\0" * 16, "@private", value)):
            assert digest not in kept and digest.hex().encode() not in entries
        assert value not in entries
    first = Event.objects.of(case.id).order_by("seq")[0]
    assert len(bytes(first.commitments)) // 32 > 1
    assert not Opening.objects.filter(event=first).exists()
