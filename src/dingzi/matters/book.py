"""The city's book: grants, tenures, reorganisations, settings, process releases.

One stream of events beside the matters. What the city may record, and how it takes effect, is
declared in ``city.appliers``; here it is written, with MAC and outbox, under the book's lock.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from dingzi.city import directory
from dingzi.city.appliers import BOOK as CITY
from dingzi.city.appliers import MAKES, made, put, replaying
from dingzi.city.viewer import Viewer
from dingzi.core.errors import Forbidden, NotFound

from . import envelope
from .acts import Act
from .models import BOOK, Event
from .writer import Batch

__all__ = ["declare", "demand", "entry", "made", "makes", "put", "record", "replaying"]

#: The role that may write the book.
STEWARD = "steward"
PROCESS = "book"

Check = Callable[[dict[str, Any]], None]
Apply = Callable[[dict[str, Any], Any], None]
_own: dict[str, tuple[Check, Apply]] = {}
_makes: dict[type[Model], tuple[str, ...] | None] = dict(MAKES)
#: Actions whose facts stand in the clear in the public log: who recounts the past needs them.
_shown: set[str] = {"parameter_set", "residents_loaded"}
_demands: dict[str, list[Check]] = {}
#: Roles that may record an action; the steward where none is named.
_by: dict[str, frozenset[str]] = {}


def declare(
    action: str,
    check: Check,
    apply: Apply,
    *,
    shown: bool = False,
    by: frozenset[str] = frozenset({STEWARD}),
    makes: tuple[type[Model], ...] = (),
) -> None:
    """Add an action of the book that lives above the city (hand-overs, process releases).

    ``shown``: the public log shows its facts, not only that it happened. ``by``: roles that may.
    ``makes``: tables whose rows it makes, all of them; ``apply`` makes each with `put`, or tells it with `made`.
    """
    _own[action] = (check, apply)
    _by[action] = by
    _makes.update(dict.fromkeys(makes))
    if shown:
        _shown.add(action)


def demand(action: str, check: Check) -> None:
    """Add a condition to one of the city's actions that only the matters know."""
    _demands.setdefault(action, []).append(check)


def entry(action: str) -> tuple[Check, Apply]:
    found = _own.get(action) or CITY.get(action)
    if found is None:
        raise NotFound.of("no_such_action", action=action)
    return found


def makes() -> dict[type[Model], tuple[str, ...] | None]:
    """Return the tables that the book makes, each with the columns that it says; None: all."""
    return dict(_makes)


def record(
    action: str, facts: dict[str, Any], *, by: Viewer, key: UUID | None = None, door: str = "desk"
) -> Event:
    """Append one event to the city's book and let it take effect.

    Raises
    ------
    Forbidden
        The viewer is neither the system nor has a role that may (the steward's, for most).
    Invalid
        The facts cannot be; each reason names its field. Nothing is written then.
    """
    check, apply = entry(action)
    if by.kind != "system" and by.roles.isdisjoint(_by.get(action, {STEWARD})):
        raise Forbidden.of("not_your_role", action=action)
    with transaction.atomic():
        seq = _next()
        check(facts)
        for demanded in _demands.get(action, ()):
            demanded(facts)
        now = timezone.now()
        act = Act(
            stream=BOOK,
            seq=seq,
            process=PROCESS,
            version=1,
            action=action,
            from_state="",
            to_state="",
            unit=by.unit,
            post=by.post,
            door=door,
            occurred_at=now,
            recorded_at=now,
            facts=facts,
            private={},
            header={"month": envelope.month(now)} | ({"facts": facts} if action in _shown else {}),
            key=key,
            body=envelope.body_digest(action, facts) if key else None,
        )
        batch = Batch()
        event = envelope.add(batch, act)
        batch.flush()
        apply(facts, now)
    directory.forget()
    return envelope.event_of(event)


def _next() -> int:
    """Lock the book and return its next number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO matters_book (id, seq) VALUES (%s, 1) "
            "ON CONFLICT (id) DO UPDATE SET seq = matters_book.seq + 1 RETURNING seq",
            [BOOK],
        )
        return int(cursor.fetchone()[0])
