"""How fast snapshots follow real events: the sample city's, told over again under other numbers."""

from __future__ import annotations

import time

from claims import Claims, percentile

FULL, QUICK = 24, 3
SHARE = 0.008


def write(claims: Claims, *, quick: bool) -> None:
    from dingzi.figures.snapshots import Writer
    from dingzi.ledger.models import Leaf
    from dingzi.ledger.sealing import Sealer
    from dingzi.sample import making

    making.make(share=SHARE, seed=7)
    Sealer().seal()
    one = Leaf.objects.count()
    for turn in range(1, (QUICK if quick else FULL) + 1):
        again(turn)
    head(Leaf.objects.count())
    begin = time.perf_counter()
    done = Writer().catch_up(anew=True)
    seconds = time.perf_counter() - begin
    assert done
    size = f"{done.size:,} events of the sample city, SQLite"
    claims.at_least(
        "figures: snapshot catch-up from nothing", done.leaves / seconds, 50_000, "events/s",
        judged=not quick, size=size,
    )  # fmt: skip
    writer, taken = Writer(), []
    for turn in range(100, 108 if quick else 124):
        again(turn, most=40)
        head(Leaf.objects.count())
        begin = time.perf_counter()
        assert writer.catch_up()
        taken.append(time.perf_counter() - begin)
    claims.at_most(
        "figures: a round of the steward over some hundred new events, p95", percentile(taken, 95), 1, "s",
        judged=not quick, size=size,
    )  # fmt: skip
    print(f"  {one:,} events of the sample city; round: median {percentile(taken, 50):.3f} s")


def again(turn: int, most: int = 10**9) -> None:
    """Tell the sample's events once more: the same matters under new numbers, with their leaves."""
    from django.db import connection, transaction

    from dingzi.matters.models import FIRST_MATTER, SEQ_BITS, Event

    names = [field.column for field in Event._meta.concrete_fields]
    shift = turn * 1_000_000
    told = {"id": f"id + ({shift} << {SEQ_BITS})", "stream": f"stream + {shift}", "key": "NULL"}
    columns = ", ".join(told.get(name, name) for name in names)
    first, last = FIRST_MATTER, min(FIRST_MATTER + most, 1_000_000)
    with transaction.atomic(), connection.cursor() as found:
        found.execute(
            f"INSERT INTO matters_event ({', '.join(names)}) SELECT {columns} FROM matters_event "
            f"WHERE id >= ({first} << {SEQ_BITS}) AND id < ({last} << {SEQ_BITS})"
        )
        found.execute("DELETE FROM matters_outbox")
        found.execute(
            'INSERT INTO ledger_leaf ("index", event_id, hash) '
            "SELECT (SELECT max(\"index\") FROM ledger_leaf) + row_number() OVER (ORDER BY id), id, x'00' "
            f"FROM matters_event WHERE id >= ({first + shift} << {SEQ_BITS}) AND id < ({last + shift} << {SEQ_BITS})"
        )


def head(size: int) -> None:
    from django.utils import timezone

    from dingzi.ledger.models import Head

    Head.objects.get_or_create(size=size, defaults={"root": bytes(32), "at": timezone.now()})
