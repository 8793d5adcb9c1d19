"""Whatever says that it belongs to an event does: salts, private parts, leaves; the outbox by its trigger."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from dingzi.ledger.models import Leaf
from dingzi.matters.models import Event, Opening, Outbox, Private
from dingzi.matters.writer import FEW, Batch
from dingzi.project import roles
from tests.databases import acting_as
from tests.world import World

from .conftest import file

pytestmark = pytest.mark.django_db

NOBODY = 77
ROWS: dict[type[Model], tuple[object, ...]] = {
    Opening: (b"\0" * 16,),
    Private: (b"{}", b"\0" * 16),
    Leaf: (b"\0" * 32,),
}


def _row(model: type[Model], event: int) -> tuple[object, ...]:
    return (event, event, *ROWS[model]) if model is Leaf else (event, *ROWS[model])


@pytest.mark.parametrize("model", ROWS)
@pytest.mark.parametrize("rows", [1, FEW + 1])
def test_a_row_of_no_event_is_refused(world: World, model: type[Model], rows: int) -> None:
    """By one statement or by COPY: one bad row among them, and nothing of it is written."""
    file()
    known = model._default_manager.count()
    batch = Batch()
    for n in range(rows):
        batch.add(model, _row(model, NOBODY + n))
    with (
        acting_as(roles.STEWARD if model is Leaf else roles.WEB),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        batch.flush()
        connection.check_constraints()
    assert model._default_manager.count() == known


def test_a_place_without_an_event_may_be_kept(world: World) -> None:
    """What an older backup has lost keeps its place: it names no event."""
    with acting_as(roles.STEWARD):
        Leaf.objects.create(index=5, event=None, hash=b"\0" * 32)
    connection.check_constraints()


def test_no_table_of_ones_own_takes_what_the_outbox_is_owed(world: World, db_engine: str) -> None:
    """The web's role may make a temporary table of that name, and hand it to the owner: in vain."""
    if db_engine == "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE matters_outbox (event_id bigint)")
        cursor.execute(f"GRANT ALL ON pg_temp.matters_outbox TO {roles.OWNER}")
        try:
            file()
            cursor.execute("SELECT count(*) FROM public.matters_outbox")
            assert cursor.fetchone() == (Event.objects.count(),)
            cursor.execute("SELECT count(*) FROM pg_temp.matters_outbox")
            assert cursor.fetchone() == (0,)
        finally:
            cursor.execute("DROP TABLE pg_temp.matters_outbox")
    assert Outbox.objects.count() == Event.objects.count()
