"""What the steward's queue does for matters."""

from __future__ import annotations

from django_tasks import task

from . import alike


@task()
def find_duplicates(account: int, post: int | None, process: str) -> int:
    """Compare the open matters that an account sees from a post."""
    return alike.compare_for(account, post, process)
