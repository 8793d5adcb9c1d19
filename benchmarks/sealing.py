"""What ``ledger.py`` measures of a whole installation: sealed acts, the sealer's lag, a sealed import.

An installation is a process's: ``ledger.py`` calls ``measure`` in a process of its own for each
engine, with the site's own steward beside it.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from claims import percentile
from installation import ROOT, Installation, filled

CLIENTS = (1, 8)
BATCH = 2_000


def measure(
    engine: str, seconds: float, rows: int, *, imports_alone: bool = False
) -> dict[str, Any]:  # fmt: skip
    """Return acts a second by clients, ours and the peer's, the lag, and both ways to import."""
    installation, _ = filled(engine, 0, None)
    found: dict[str, Any] = {}
    if not imports_alone:  # before the import, whose figures the steward then counts for long
        with _beside(["-m", "dingzi", "steward"]):
            _awake()
            matters = _opened(max(CLIENTS))
            for clients in CLIENTS:
                found[f"acts {clients}"] = _rate(clients, seconds, _sealed_act, matters)
            found |= _lag(seconds, matters)
        for clients in CLIENTS:
            found[f"appends {clients}"] = _appends(installation, clients, seconds)
    with _beside([str(ROOT / "benchmarks" / "ledger.py"), "--seal"]):
        _awake()  # a site's steward is there before the import
        found |= _imports(engine, rows)
    return found


def _rate(
    clients: int, seconds: float, act: Callable[[Any], None], given: list[Any]
) -> float:  # fmt: skip
    """Return how often a second ``clients`` threads get the act done, each with its own of ``given``."""
    end = [0.0]
    ready = threading.Barrier(clients + 1)

    def work(one: Any) -> int:
        from django.db import connection

        try:
            act(one)  # plans, caches and statements are made once in a server's life
        except BaseException:
            ready.abort()
            raise
        ready.wait()
        done = 0
        while time.perf_counter() < end[0] or not end[0]:
            act(one)
            done += 1
        connection.close()
        return done

    with ThreadPoolExecutor(clients) as pool:
        running = [pool.submit(work, one) for one in given[:clients]]
        begin = time.perf_counter()
        end[0] = begin + seconds + 30  # not before all are ready
        with suppress(threading.BrokenBarrierError):  # why is said by the act that failed
            ready.wait()
        begin = time.perf_counter()
        end[0] = begin + seconds
        done = sum(one.result() for one in running)
    return round(done / (time.perf_counter() - begin), 1)


# -- sealed acts --------------------------------------------------------------------------------


@contextmanager
def _beside(arguments: list[str]) -> Iterator[None]:
    """Have another process at work: the steward, as ``dingzi run`` starts it, or its sealing alone."""
    call = [sys.executable, *arguments]
    with subprocess.Popen(call, cwd=ROOT, env=os.environ) as running:
        try:
            yield
        finally:
            running.terminate()
            running.wait()


def _awake() -> None:
    """Wait until the steward listens."""
    from dingzi.core import bell

    while True:
        with bell.ear() as ear:
            bell.ring()
            if ear.heard:
                return
        time.sleep(0.05)


def _opened(count: int) -> list[tuple[str, Any]]:
    """Open a dispute for each client; return its number and who acts on it."""
    from lifecycles import _desks

    from dingzi import matters
    from dingzi.city.viewer import PUBLIC

    found = []
    for place, window, _, _ in _desks()[:count]:
        data = {"text": "楼上卫生间漏水，天花板泡坏了。", "place": place}
        number = matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number
        found.append((number, window))
    return found


def _act(one: tuple[str, Any]) -> int:
    from dingzi import matters
    from dingzi.matters.models import event_id

    done = matters.act(one[0], "note", {"text": "去看过了，约了下周再谈。"}, by=one[1])
    return event_id(done.stream, done.seq)


def _sealed_act(one: tuple[str, Any]) -> None:
    """Do one act and wait until it stands under a published head."""
    from dingzi.ledger.waiting import sealing, until_sealed

    with sealing() as ear:
        assert until_sealed(_act(one), ear, 60), "not sealed within a minute"


def _lag(seconds: float, matters: list[Any]) -> dict[str, float]:
    """Return seconds from an event's record to the head over it, 8 writers at work: median and most."""
    from django.db import connection

    from dingzi.matters.models import Event

    first = Event.objects.order_by("-recorded_at").values_list("recorded_at", flat=True)[0]
    rate = _rate(8, seconds, lambda one: _act(one) and None, matters)
    time.sleep(2)
    late = []
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT e.recorded_at, (SELECT min(h.at) FROM ledger_head h WHERE h.size > l."index") '
            "FROM matters_event e LEFT JOIN ledger_leaf l ON l.event_id = e.id "
            "WHERE e.recorded_at > %s",
            [first],
        )
        for recorded, sealed in cursor.fetchall():
            late.append((_time(sealed) - _time(recorded)).total_seconds())
    return {"lag": percentile(late, 50), "most lag": max(late), "written": rate}


def _time(value: Any) -> Any:
    from django.utils.dateparse import parse_datetime

    return parse_datetime(value) if isinstance(value, str) else value


# -- the peer's appends -------------------------------------------------------------------------


def _appends(installation: Installation, clients: int, seconds: float) -> float:
    """Return how many events a second eventsourcing appends, its own aggregate for each client."""
    from eventsourcing.application import Application

    with tempfile.TemporaryDirectory(dir=installation.home.parent) as folder:
        if installation.cluster:
            user, _, host, port, name = _address(installation)
            environment = {
                "PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_DBNAME": name,
                "POSTGRES_HOST": host, "POSTGRES_PORT": port, "POSTGRES_USER": user,
                "POSTGRES_PASSWORD": "-", "POSTGRES_POOL_SIZE": "8",
            }  # fmt: skip
        else:
            environment = {
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "SQLITE_DBNAME": f"{folder}/peer.sqlite",
                "SQLITE_LOCK_TIMEOUT": "30",
            }
        application: Any = Application(env=environment)
        notes = [_note()() for _ in range(clients)]
        for one in notes:
            application.save(one)

        def append(one: Any) -> None:
            one.note("去看过了，约了下周再谈。")
            application.save(one)

        found = _rate(clients, seconds, append, notes)
        application.close()
    return found


@cache
def _note() -> Any:
    """Return the peer's aggregate; it can be declared only once in a process."""
    from eventsourcing.domain import Aggregate, event

    class Note(Aggregate):
        @event("Noted")
        def note(self, text: str) -> None:
            self.text = text

    return Note


def _address(installation: Installation) -> tuple[str, str, str, str, str]:
    from django.db import connection

    assert installation.cluster
    told = connection.settings_dict
    options = told.get("OPTIONS", {})
    return (
        "dingzi_owner", "", str(told["HOST"] or options.get("host")), str(told["PORT"] or 5432),
        str(told["NAME"]),
    )  # fmt: skip


# -- imports ------------------------------------------------------------------------------------


def seal_alone() -> None:
    """Seal what is written, as the steward does, and nothing else, until terminated.

    What the steward counts, snapshots and tells of new cases writes other rows than these.
    """
    if url := os.environ.get("DINGZI_DATABASE_STEWARD_URL"):
        os.environ["DINGZI_DATABASE_URL"] = url
    import django

    django.setup()
    from dingzi.core import bell
    from dingzi.ledger.jobs import seal

    with bell.hung() as heard:
        assert heard is not None
        while True:
            seal()
            heard.wait(0.25)


def _imports(engine: str, rows: int) -> dict[str, float]:
    """Bring in so many old cases and seal them; have Django write the very same rows elsewhere."""
    import filling
    from django.utils import timezone

    from dingzi import matters
    from dingzi.sample import city

    _sealed_all()
    before = _counts()
    one = city.build(seed=1, share=1.0, whole=True, now=timezone.now())
    random, first = one.random("import"), date(2025, 1, 1)
    intents = [
        filling._old(one, random.choice(one.towns), random, first + timedelta(n % 300), n).acts[0]
        for n in range(rows)
    ]
    begin = time.perf_counter()
    for at in range(0, rows, BATCH):
        matters.record(intents[at : at + BATCH])
    recorded = time.perf_counter() - begin
    _sealed_all()
    ours = time.perf_counter() - begin
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        path.write_bytes(pickle.dumps(_rows(before)))
        call = [sys.executable, str(ROOT / "benchmarks" / "ledger.py"), "--rows", str(path), engine]
        done = subprocess.run(call, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    theirs = json.loads(done.stdout.strip().splitlines()[-1])
    return {
        "imported": round(rows / ours, 1), "recorded": round(rows / recorded, 1),
        "bulk": round(rows / theirs["seconds"], 1), "rows": theirs["rows"],
    }  # fmt: skip


def _sealed_all() -> None:
    """Wait until nothing waits for its seal any more."""
    from dingzi.matters.models import Outbox

    while Outbox.objects.exists():
        time.sleep(0.01)


def _tables() -> list[Any]:
    """Return the tables into which an import writes, in an order that foreign keys allow."""
    from dingzi.core.models import SearchEntry
    from dingzi.ledger.models import Leaf
    from dingzi.matters.models import Event, Matter, Opening, Part, Private
    from dingzi.mechanisms.disputes.models import Dispute

    return [Matter, Dispute, Part, Event, Opening, Private, Leaf, SearchEntry]


def _counts() -> dict[str, Any]:
    from django.db.models import Max

    return {m._meta.label: m._default_manager.aggregate(m=Max("pk"))["m"] for m in _tables()}


def _rows(before: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    found = []
    for model in _tables():
        rows, last = model._default_manager.order_by("pk"), before[model._meta.label]
        if last is not None:
            rows = rows.filter(pk__gt=last)
        names = [field.attname for field in model._meta.concrete_fields]
        found.append(
            (
                model._meta.label,
                [dict(zip(names, r, strict=True)) for r in rows.values_list(*names)],
            )
        )
    return found


def bulk_create(path: Path, engine: str) -> dict[str, Any]:
    """Write the rows of a file into a fresh installation by Django's ``bulk_create`` and commit them.

    The peer begins where its user does, with values in hand: it makes its model objects, but checks,
    computes, hashes and signs nothing.
    """
    filled(engine, 0, None)  # the units and places that the rows refer to
    from django.apps import apps
    from django.db import connection, transaction

    from dingzi.core.models import SearchEntry

    if connection.vendor == "postgresql":
        connection.close()
        connection.settings_dict["USER"] = "dingzi_owner"  # the web's role may not write leaves
        # as of Django's own ArrayField, of which it then does not make an array of arrays (UNNEST)
        SearchEntry._meta.get_field("tokens").get_internal_type = lambda: "ArrayField"
    given = [(apps.get_model(label), rows) for label, rows in pickle.loads(path.read_bytes())]
    for row in next(rows for model, rows in given if model is SearchEntry):
        if isinstance(row["tokens"], list):  # an array, as its text
            row["tokens"] = "{" + ",".join(map(str, row["tokens"])) + "}"
    connection.ensure_connection()
    begin = time.perf_counter()
    with transaction.atomic():
        for model, rows in given:
            model._default_manager.bulk_create([model(**row) for row in rows], batch_size=1_000)
    return {
        "seconds": time.perf_counter() - begin, "rows": sum(len(rows) for _, rows in given)
    }  # fmt: skip
