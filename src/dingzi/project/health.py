"""How the installation is, for a load balancer and for ``dingzi doctor``."""

from __future__ import annotations

import functools
from datetime import timedelta

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dingzi.core.doors import public

from .models import Heartbeat

#: A steward that has not been heard of for this long is late (it beats every ten seconds).
LATE = timedelta(seconds=60)


def pending_migrations() -> list[str]:
    """Return the names of the migrations that the database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


@functools.cache
def _none_pending() -> bool:
    """Remember that nothing is pending; code and database change only with a restart."""
    if pending_migrations():
        raise LookupError
    return True


def last_beat() -> Heartbeat | None:
    return Heartbeat.objects.filter(name="steward").first()


@public
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while pages can be served, 503 otherwise; a late steward is told, no failure."""
    told: dict[str, object] = {"database": "ok", "migrations": "ok", "steward": "ok"}
    try:
        _none_pending()
        beat = last_beat()
    except LookupError:
        told["migrations"] = "pending"
        return JsonResponse(told, status=503)
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    if beat is None:
        told["steward"] = "never seen"
    else:
        told["steward_beat"] = beat.at.isoformat(timespec="seconds")
        if timezone.now() - beat.at > LATE:
            told["steward"] = "late"
    return JsonResponse(told)
