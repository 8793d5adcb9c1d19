"""What the steward's queue does for imports."""

from __future__ import annotations

from django_tasks import task

from . import work


@task()
def bring_in(run: int) -> None:
    """Bring in the rows of an import that was started."""
    work.work(run)
