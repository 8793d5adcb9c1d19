"""Files kept by content: each lies once under its SHA-256 in ``settings.BLOBS``.

A file is judged by what it holds, not by what it says it is; it is given out as a download only,
never shown by the browser in our name.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, HttpResponseBase

from . import filetypes
from .errors import Invalid, NotFound
from .models import Blob

__all__ = ["Blob", "Stored", "Upload", "clean_name", "delete", "open_blob", "respond", "store"]

_CHUNK = 256 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch
_NAME_BYTES = 180  # in UTF-8, of a name without its ending: file systems take 255
# what HTML and headers give a meaning to, and what file systems refuse
_UNWANTED = re.compile(r"[<>:\"'`&|?*;%\\/]")
_SPACES = re.compile(r"\s+")
_EXTENSION = re.compile(r"(?=.*[a-z])[a-z0-9]{1,5}").fullmatch


class Upload(Protocol):
    """What can be stored: a Django ``UploadedFile`` or an open binary file with a name."""

    name: Any

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored file: its digest (hex), bytes, type by content, and its name made harmless."""

    digest: str
    size: int
    media_type: str
    name: str


def store(upload: Upload, *, limit: int | None = None) -> Stored:
    """Keep an upload; the same content is kept once.

    Reads in pieces and stops as soon as ``limit`` bytes (default ``settings.UPLOAD_LIMIT``) are
    exceeded. Raises Invalid (``too_large``, ``empty_file``, ``wrong_type``,
    ``type_differs_from_name``, ``broken_file``, ``macros`` ...); then nothing is left behind.
    """
    limit = settings.UPLOAD_LIMIT if limit is None else limit
    declared = getattr(upload, "size", None)
    if isinstance(declared, int) and declared > limit:
        raise Invalid.of("too_large", field="file", limit=limit)
    root = Path(settings.BLOBS)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=root, prefix=".incoming-", delete=False) as file:
        temporary = Path(file.name)
        try:
            digest, size = _receive(upload, cast(IO[bytes], file), limit)
            kind = filetypes.recognise(cast(IO[bytes], file))
            name = clean_name(str(upload.name or ""), kind)
            file.flush()
            os.fsync(file.fileno())
            path = _path(digest)
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.chmod(0o640)
            temporary.replace(path)
            _sync(path.parent)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    Blob.objects.get_or_create(
        digest=digest, defaults={"size": size, "media_type": kind.media_type}
    )
    return Stored(digest, size, kind.media_type, name)


def _receive(upload: Upload, file: IO[bytes], limit: int) -> tuple[str, int]:
    size, sha = 0, hashlib.sha256()
    if hasattr(upload, "seek"):
        upload.seek(0)
    while chunk := upload.read(_CHUNK):
        size += len(chunk)
        if size > limit:
            raise Invalid.of("too_large", field="file", limit=limit)
        sha.update(chunk)
        file.write(chunk)
    return sha.hexdigest(), size


def clean_name(name: str, kind: filetypes.FileType) -> str:
    """Make a file name harmless in HTML, headers and on disk; keep its words.

    Raises Invalid ``type_differs_from_name`` where its ending promises another type.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C" or c in "\t\n")
    name = _SPACES.sub(" ", _UNWANTED.sub("_", name)).strip(" .")
    stem, _, extension = name.rpartition(".")
    extension = extension.lower()
    if not stem or not _EXTENSION(extension):  # "notes of 26.9" ends in no ending
        stem, extension = name, kind.extensions[0]
    if extension not in kind.extensions:
        raise Invalid.of(
            "type_differs_from_name", field="file", extension=extension, found=kind.title
        )
    stem = stem.strip(" ._").encode()[:_NAME_BYTES].decode(errors="ignore").strip(" .")
    return f"{stem or 'file'}.{extension}"


def open_blob(digest: str) -> IO[bytes]:
    """Open the file of a digest for reading; NotFound where there is none."""
    try:
        return _path(digest).open("rb")
    except FileNotFoundError as error:
        raise NotFound.of("not_found") from error


def respond(digest: str, name: str, media_type: str) -> HttpResponseBase:
    """Answer with the file as a download that no browser runs; NotFound where there is none."""
    response = FileResponse(
        open_blob(digest), as_attachment=True, filename=name, content_type=media_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


def delete(digest: str) -> None:
    """Remove a file and its row; the file goes when the transaction is committed.

    The caller makes sure that no paper refers to it (a foreign key does so too).
    """
    Blob.objects.filter(digest=digest).delete()
    transaction.on_commit(lambda: _path(digest).unlink(missing_ok=True))


def stray() -> Iterator[Path]:
    """Files without a row: of transactions that failed, of uploads that broke off."""
    root = Path(settings.BLOBS)
    for path in root.glob("*/*/*"):
        if not Blob.objects.filter(digest=path.name).exists():
            yield path
    yield from root.glob(".incoming-*")


def _path(digest: str) -> Path:
    if not _DIGEST(digest):
        raise NotFound.of("not_found")
    return Path(settings.BLOBS) / digest[:2] / digest[2:4] / digest


def _sync(directory: Path) -> None:
    with contextlib.suppress(OSError):  # not every file system lets a directory be opened
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
