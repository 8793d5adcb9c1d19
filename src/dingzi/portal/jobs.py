"""What the steward does for the public's door."""

from __future__ import annotations

import os
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q
from django.utils import timezone

from dingzi.core import blobs
from dingzi.core.blobs import Blob
from dingzi.core.errors import NotFound
from dingzi.core.jobs import job
from dingzi.matters.models import Paper

#: After this a paper that was sent but never filed is deleted; drafts live for hours.
ABANDONED = timedelta(days=3)
#: Deleted in one run at most.
BATCH = 500
#: What of the kinds that the public form takes nobody else keeps: spreadsheets and texts are also
#: of imports and of the city's divisions.
_TYPES = (
    Q(media_type__startswith="image/")
    | Q(media_type__startswith="audio/")
    | Q(media_type__startswith="video/")
    | Q(media_type="application/pdf")
    | Q(media_type__contains="word")
)


@job("abandoned", every=timedelta(hours=6))
def sweep_abandoned() -> int:
    """Delete papers of drafts that were never filed; return how many."""
    before = timezone.now() - ABANDONED
    lying = Blob.objects.filter(_TYPES, created_at__lt=before).exclude(
        Exists(Paper.objects.filter(blob=OuterRef("pk")))
    )
    gone = 0
    for digest in lying.values_list("digest", flat=True)[:BATCH]:
        if _touched(digest) >= before.timestamp():
            continue  # the same content was sent again
        try:
            with transaction.atomic():
                blobs.delete(digest)
        except ProtectedError:
            continue
        gone += 1
    return gone


@job("stray", every=timedelta(hours=6))
def sweep_stray() -> int:
    """Delete files that no row tells of: of uploads that broke off; return how many."""
    old = (timezone.now() - timedelta(days=1)).timestamp()
    gone = [path for path in blobs.stray() if path.stat().st_mtime < old]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


@job("sessions", every=timedelta(hours=1))
def sweep_sessions() -> int:
    """Delete sessions that have run out, with the drafts in them; return how many are left."""
    sessions = import_module(settings.SESSION_ENGINE).SessionStore
    sessions.clear_expired()
    return int(sessions.get_model_class().objects.count())


def _touched(digest: str) -> float:
    """Return when a file was last stored, 0 where it is gone already."""
    try:
        with blobs.open_blob(digest) as file:
            return os.fstat(file.fileno()).st_mtime
    except NotFound:
        return 0.0
