"""The queue of tasks (django-tasks): worked off by the steward."""

from __future__ import annotations

import logging
import socket

from django.db import transaction
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

#: A task that this many workers have died of is not begun again.
TRIES = 3

log = logging.getLogger("dingzi.steward")


def work_off() -> None:
    """Run every task that is ready, in order of priority, then return."""
    if not DBTaskResult.objects.ready().exists():  # spares SQLite its write lock each second
        return
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{socket.gethostname()[:60]}",
        excluded_queue_names=[],
    )
    worker.run()


def take_up_orphans() -> int:
    """Put tasks back that a dead steward left in their middle; give up those that killed it.

    Only for the one steward, when it starts: nobody else runs tasks. Returns how many were found.
    """
    with transaction.atomic():
        orphans = list(DBTaskResult.objects.select_for_update().running())
        for task in orphans:
            worn = len(task.worker_ids) >= TRIES
            if worn:
                task.set_failed(RuntimeError("the steward died of it"))
            else:
                task.status = "READY"
                task.save(update_fields=["status"])
            log.warning(
                "a task was left in its middle",
                extra={"fields": {"task": task.task_path, "given_up": worn}},
            )
    return len(orphans)
