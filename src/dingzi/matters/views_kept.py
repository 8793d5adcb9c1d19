"""Lists that somebody wants to see again: filters and columns under a name, his own alone."""

from __future__ import annotations

from dingzi.city.viewer import Viewer

from .models import SavedView

#: So many an account may keep for one process.
MOST = 20


def of(viewer: Viewer, process: str) -> list[SavedView]:
    """Return what the viewer keeps for a process, the oldest first."""
    if viewer.account is None:
        return []
    return list(SavedView.objects.filter(account=viewer.account, process=process).order_by("id"))


def keep(viewer: Viewer, process: str, name: str, query: str) -> None:
    """Keep a list under a name; the same name again means the newer one."""
    if viewer.account is None:
        return
    SavedView.objects.update_or_create(
        account_id=viewer.account,
        process=process,
        name=name[:40],
        defaults={"query": query[:1000]},
    )
    extra = [v.id for v in of(viewer, process)[:-MOST]]
    SavedView.objects.filter(id__in=extra).delete()


def forget(viewer: Viewer, view: int) -> None:
    SavedView.objects.filter(id=view, account=viewer.account).delete()
