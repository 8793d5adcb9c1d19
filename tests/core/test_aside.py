"""Database work beside its maker: in order, in one transaction, and all or nothing."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from dingzi.core import inserting
from dingzi.core.aside import aside
from dingzi.core.models import Blob, SearchEntry
from dingzi.matters.models import Counter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("beside", [True, False])
def test_work_is_done_in_order_in_the_callers_transaction(beside: bool) -> None:
    """Each piece sees what the one before has written, and the caller can undo all of them."""
    threads, counts = set(), []

    def add(name: str) -> None:
        threads.add(threading.get_ident())
        counts.append(Counter.objects.filter(name__startswith="aside").count())
        Counter.objects.create(name=name)

    with transaction.atomic():
        with aside(beside) as later:
            for n in range(5):
                later(lambda n=n: add(f"aside {n}"))
        assert counts == [0, 1, 2, 3, 4]
        assert Counter.objects.filter(name__startswith="aside").count() == 5
        transaction.set_rollback(True)
    assert not Counter.objects.filter(name__startswith="aside").exists()
    assert (threading.get_ident() in threads) is not beside


@pytest.mark.parametrize("beside", [True, False])
def test_what_fails_is_raised_and_nothing_after_it_begun(beside: bool) -> None:
    """The caller gets the database's own error, as if it had written itself; its connection works."""
    done: list[str] = []

    def twice() -> None:
        done.append("twice")
        Counter.objects.create(name="aside")
        Counter.objects.create(name="aside")

    with pytest.raises(IntegrityError), transaction.atomic(), aside(beside) as later:
        later(twice)
        later(lambda: done.append("after"))
    assert done == ["twice"]
    assert not Counter.objects.filter(name="aside").exists()


def test_an_error_of_the_caller_undoes_what_was_written_beside() -> None:
    """Who fails while rows are being written leaves none."""
    with pytest.raises(ZeroDivisionError), transaction.atomic(), aside(True) as later:
        later(lambda: Counter.objects.create(name="aside"))
        raise ZeroDivisionError
    assert not Counter.objects.filter(name="aside").exists()


@pytest.mark.one_engine
def test_many_rows_are_those_of_one_by_one() -> None:
    """Whole statements and the rest of them write each row once, a repeated one replaces."""
    if connection.vendor != "sqlite":
        return
    rows = [(n, f"t{n}") for n in range(2 * inserting.TOGETHER + 3)]
    tail = " ON CONFLICT (matter) DO UPDATE SET tokens = excluded.tokens"
    head = "INSERT INTO core_searchentry (matter, tokens) VALUES "
    inserting.insert(head, 2, rows, tail)
    assert list(SearchEntry.objects.order_by("matter").values_list()) == rows
    inserting.insert(head, 2, [(n, "new") for n, _ in rows], tail)
    assert set(SearchEntry.objects.values_list("tokens", flat=True)) == {"new"}
    with pytest.raises(DatabaseError), transaction.atomic():
        inserting.insert("INSERT INTO core_blob (digest) VALUES ", 1, [("a",)])
    assert not Blob.objects.exists()
