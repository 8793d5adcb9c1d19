"""How a snapshot comes about: in steps or at once, killed anywhere, read meanwhile."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from dingzi import figures, matters
from dingzi.city import directory
from dingzi.core.errors import Refusal
from dingzi.figures import rowstore, snapshots
from dingzi.figures.fetching import Query
from dingzi.figures.period import Period, today
from dingzi.figures.snapshots import engine, manifest, merging, reading, tables, writing
from dingzi.figures.snapshots.writing import Writer
from dingzi.ledger.models import Head, Leaf
from dingzi.ledger.sealing import Sealer
from dingzi.mechanisms.disputes.figures import intake
from dingzi.mechanisms.disputes.models import Dispute
from dingzi.project import roles
from tests.databases import acting_as
from tests.killing import Fate, Killed
from tests.ledger.conftest import file
from tests.settings import CLUSTER
from tests.world import World, build

from .conftest import clean

pytestmark = pytest.mark.django_db
NOW = Period.whole_months
RIGHT = {"category": "family", "why": "分错了"}
FILE_STEPS = ("replace", "link", "fsync", "unlink")


def sealed() -> None:
    with acting_as(roles.STEWARD):
        Sealer().seal()


def seen() -> int:
    """Return how many disputes the snapshot counts as registered so far."""
    with snapshots.as_of() as tree:
        query = Query(intake.registered_count.parts, None, Period.parse("2099").last)
        found = reading.opened().answer(query, tree)
        return sum(t.n for t in found.tallies[query.parts[0]].values())


def rows(source: reading.Source | None = None) -> list[Any]:
    """Return all versions of disputes by leaf, whatever files they lie in."""
    source = source or reading.opened()
    made = source.manifest
    table = tables.of(Dispute)
    names = ", ".join(f'"{name}"' for name, _ in table.columns)
    with source.cursor() as cursor:
        found = []
        if made.base:
            for part, until in (("", str(tables.OPEN)), ("_past", "until")):
                sql = f"SELECT leaf, {until}, matter, {names} FROM base.{table.name}{part}"
                found += cursor.execute(sql).fetchall()
        for one in made.segments:
            if path := one.files.get(table.name):
                sql = f"SELECT leaf, until, matter, {names} FROM {engine.parquet([source.folder / path])} WHERE sign > 0"
                found += cursor.execute(sql).fetchall()
    return sorted(found, key=str)


def test_without_a_snapshot_one_is_refused_with_what_to_do(world: World) -> None:
    """No file, or none of this form: a clear refusal, and live figures go on."""
    with pytest.raises(Refusal) as refused, snapshots.as_of():
        pass
    assert refused.value.codes == ("figures_no_snapshot",)
    assert figures.value("disputes.registered", NOW()).why_none == "uncounted"


def test_an_act_is_in_the_snapshot_once_it_is_sealed(world: World) -> None:
    """Filed, sealed, taken: counted; what is not sealed yet is not."""
    file()
    sealed()
    done = Writer().catch_up()
    assert done and done.size == Leaf.objects.count() and done.anew
    assert seen() == 1
    file("又一件。")
    assert Writer().catch_up() == writing.Written(0, done.size)
    assert seen() == 1
    sealed()
    Writer().catch_up()
    assert seen() == 2


def test_a_correction_counts_from_its_leaf_on(world: World) -> None:
    """Before the leaf of a correction the old category is told, after it the new one."""
    number = file()
    sealed()
    writer = Writer()
    first = writer.catch_up()
    assert first
    matters.act(number, "correct", RIGHT, by=world.window)
    sealed()
    second = writer.catch_up()
    assert second and second.size == first.size + 1
    year = Period.year(today().year)
    for size, category in ((first.size, "property"), (second.size, "family")):
        with snapshots.as_of(size):
            for one in ("property", "family"):
                value = figures.value("disputes.registered", year, {"category": one}, public=False)
                assert value.number == (one == category)


def test_from_nothing_comes_what_came_in_steps(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same versions, row by row, whether segments were merged, a base was made, or both anew."""
    monkeypatch.setattr(writing, "MANY", 6)
    writer = Writer()
    bases = set()
    for n in range(14):
        number = file(f"第{n}件。")
        if n % 3 == 0:
            matters.act(number, "correct", RIGHT, by=world.window)
        sealed()
        assert writer.catch_up()
        made = manifest.current(engine.folder())
        assert made and made.base and len(made.segments) < 5
        bases.add(made.base.file)
    assert len(bases) > 2
    in_steps = reading.opened()
    assert Writer().catch_up(anew=True)
    anew = reading.opened()
    assert anew is not in_steps
    assert len(rows(anew)) == 19
    assert rows(anew) == rows(in_steps)


def test_an_event_sealed_after_its_successors_changes_nothing_told_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was refused counts with the next of its stream, at once or from nothing."""
    number = file()
    matters.act(number, "correct", RIGHT, by=world.window)
    matters.act(number, "correct", RIGHT | {"category": "land"}, by=world.window)
    with acting_as(roles.STEWARD):
        Sealer().seal()
        _swap_last_two()
    assert Writer().catch_up()
    told = rows()
    assert [row[0] for row in told] == sorted(row[0] for row in told)
    assert len(told) == 2
    file("又一件。")
    sealed()
    assert Writer().catch_up()
    assert [row for row in rows() if row[2] == told[0][2]] == told


def _swap_last_two() -> None:
    """Let the last two leaves stand in the other order, as after a retry."""
    from tests.ledger.tampering import unguarded

    last = list(Leaf.objects.order_by("-index").values_list("index", "event_id")[:2])
    with unguarded() as cursor:
        for index, _ in last:
            cursor.execute('UPDATE ledger_leaf SET event_id = NULL WHERE "index" = %s', [index])
        for (index, _), (_, event) in zip(last, reversed(last), strict=True):
            cursor.execute(
                'UPDATE ledger_leaf SET event_id = %s WHERE "index" = %s', [event, index]
            )


# -- killed ---------------------------------------------------------------------------------------


@contextmanager
def killed(monkeypatch: pytest.MonkeyPatch, at: int) -> Iterator[Fate]:
    fate = Fate(at)
    with monkeypatch.context() as patch:
        for name in FILE_STEPS:
            patch.setattr(os, name, fate.step(getattr(os, name)))
        for name in ("to_segment", "to_base"):
            patch.setattr(merging, name, fate.step(getattr(merging, name)))
        yield fate


@pytest.mark.parametrize("anew", [False, True])
def test_a_kill_at_every_step_is_survived(
    world: World, monkeypatch: pytest.MonkeyPatch, campaign: Callable[[int, int], int], anew: bool
) -> None:
    """At each step in turn: kill there, look, go on; whole before, whole after, nothing left over."""
    monkeypatch.setattr(writing, "MANY", 3)
    file()
    sealed()
    Writer().catch_up()
    step, reached_end, bases = 0, 0, 0
    while not reached_end:
        step += 1
        for _ in range(campaign(1, 4)):
            file(f"第{step}件")
        sealed()
        before, there = seen(), Dispute.objects.count()
        with killed(monkeypatch, step) as fate:
            try:
                Writer().catch_up(anew=anew)
                reached_end = step
            except Killed:
                assert fate.left == 0
        assert seen() in (before, there)
        Writer().catch_up()
        assert seen() == there
        made = manifest.current(engine.folder())
        assert made
        bases += made.base is not None and not made.segments
        kept = {manifest.CURRENT, manifest.name_of(made.edition), *made.files}
        assert {path.name for path in _files()} == kept
    assert reached_end > 20
    assert bases > 3


def _files() -> list[Path]:
    # a manifest that a reader held until now is swept when something is written next
    Writer()._lock.release()
    reading.opened()
    manifest.sweep(engine.folder())
    return [path for path in engine.folder().iterdir() if path.is_file()]


def test_a_database_put_back_makes_the_snapshot_anew(world: World) -> None:
    """A head of another root at its size: what was projected belongs to another history."""
    file()
    sealed()
    Writer().catch_up()
    made = manifest.current(engine.folder())
    assert made
    other = type(made)(made.edition + 1, made.form, made.size, "00" * 32, made.at, made.base)
    manifest.publish(engine.folder(), other)
    done = Writer().catch_up()
    assert done and done.anew
    assert seen() == 1
    assert Head.objects.filter(size=done.size).exists()


def test_other_declarations_make_it_anew(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A snapshot of other columns is refused to readers and made from nothing by the writer."""
    file()
    sealed()
    Writer().catch_up()
    monkeypatch.setattr(tables, "FORM", tables.FORM + 1)
    reading._reader._source = None
    with pytest.raises(Refusal) as refused, snapshots.as_of():
        pass
    assert refused.value.codes == ("figures_no_snapshot",)
    done = Writer().catch_up()
    assert done and done.anew
    assert seen() == 1


def test_what_a_reader_holds_stays_until_he_is_done(world: World) -> None:
    """His files outlive the base that replaced them; when he is done they go with the next round."""
    file()
    sealed()
    Writer().catch_up()
    source = reading.opened()
    old = {engine.folder() / name for name in source.manifest.files}
    with snapshots.as_of() as tree:
        file("又一件。")
        sealed()
        Writer().catch_up(anew=True)
        query = Query(intake.registered_count.parts, None, Period.parse("2099").last)
        assert sum(t.n for t in source.answer(query, tree).tallies[query.parts[0]].values()) == 1
        assert all(path.exists() for path in old)
    del source
    assert seen() == 2
    Writer().catch_up(anew=True)
    assert not any(path.exists() for path in old)
    assert rowstore.rows_of(query.parts[0], None, query.last).count() == 2


def test_two_writers_do_not_meet(world: World) -> None:
    """The second one says so and writes nothing."""
    file()
    sealed()
    lock = writing.lock(engine.folder())
    assert lock.take()
    try:
        assert Writer().catch_up() is None
        assert manifest.current(engine.folder()) is None
    finally:
        lock.release()


@pytest.fixture
def committed_world(transactional_db: None) -> Iterator[World]:
    """A very small city that other processes see too."""
    clean()
    directory.forget()
    yield build()
    directory.forget()
    clean()


@pytest.mark.slow
def test_several_processes_fold_what_one_does(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each folds its own matters; together the same versions, row by row."""
    for n in range(7):
        number = file(f"第{n}件。")
        matters.act(number, "correct", RIGHT, by=committed_world.window)
    sealed()
    assert Writer().catch_up(anew=True, workers=1)
    alone = rows()
    url = (
        CLUSTER.url(roles.WEB, "dingzi")
        if CLUSTER
        else f"sqlite:///{connection.settings_dict['NAME']}"
    )
    for name, value in {
        "DJANGO_SETTINGS_MODULE": "dingzi.project.settings",
        "DINGZI_HOME": str(settings.CONFIG.home),
        "DINGZI_DATABASE_URL": url,
    }.items():
        monkeypatch.setenv(name, value)
    assert Writer().catch_up(anew=True, workers=2)
    assert len(alone) == 14
    assert rows() == alone
