"""What was sent and never filed does not stay."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from dingzi.core.blobs import Blob
from dingzi.matters.models import Paper
from dingzi.portal import jobs
from tests.portal.conftest import photo
from tests.world import World

Fill = Callable[..., Any]
LONG = jobs.ABANDONED.total_seconds() + 60


def age(digest: str) -> None:
    """Let a stored file lie for longer than a draft may."""
    path = settings.BLOBS / digest[:2] / digest[2:4] / digest
    stat = path.stat()
    os.utime(path, (stat.st_atime - LONG, stat.st_mtime - LONG))
    blob = Blob.objects.get(digest=digest)
    Blob.objects.filter(digest=digest).update(created_at=blob.created_at - jobs.ABANDONED * 2)


def test_an_abandoned_photo_is_deleted(
    world: World, client: Client, fill: Fill, django_capture_on_commit_callbacks: Any
) -> None:
    """After three days, with its file."""
    fill(1, papers=[photo()])
    assert jobs.sweep_abandoned() == 0
    digest = Blob.objects.get().digest
    age(digest)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.sweep_abandoned() == 1
    assert not Blob.objects.exists()
    assert not (settings.BLOBS / digest[:2] / digest[2:4] / digest).exists()


def test_an_abandoned_recording_is_deleted(
    world: World, client: Client, fill: Fill, django_capture_on_commit_callbacks: Any
) -> None:
    """Whatever the form takes goes: a voice is more of a person than a photo."""
    fill(1, papers=[SimpleUploadedFile("说.mp3", b"ID3" + bytes(61))])
    age(Blob.objects.get().digest)
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.sweep_abandoned() == 1
    assert not Blob.objects.exists()


def test_what_an_upload_left_behind_is_deleted_after_a_day(world: World) -> None:
    """Files without a row lie nowhere in the way of one that is being sent right now."""
    settings.BLOBS.mkdir(parents=True, exist_ok=True)
    old, young = (settings.BLOBS / f".incoming-{name}" for name in ("old", "young"))
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert jobs.sweep_stray() == 1
    assert [old.exists(), young.exists()] == [False, True]
    young.unlink()


def test_a_filed_photo_stays(world: World, client: Client, fill: Fill) -> None:
    """A paper of a matter is not the sweeper's."""
    fill(1, papers=[photo()])
    fill(2)
    fill(3)
    age(Paper.objects.get().blob_id)  # type: ignore[arg-type]
    assert jobs.sweep_abandoned() == 0


def test_a_photo_sent_again_stays(world: World, client: Client, fill: Fill) -> None:
    """The old row stands for the new file too."""
    fill(1, papers=[photo()])
    age(Blob.objects.get().digest)
    client.cookies.clear()
    fill(1, papers=[photo()])
    assert jobs.sweep_abandoned() == 0


def test_a_draft_goes_with_its_session(world: World, client: Client, fill: Fill) -> None:
    """What was written and never filed is not in the database longer than the page says."""
    fill(1)
    assert Session.objects.count() == 1
    jobs.sweep_sessions()
    assert Session.objects.count() == 1
    Session.objects.update(expire_date=timezone.now())
    jobs.sweep_sessions()
    assert not Session.objects.exists()
