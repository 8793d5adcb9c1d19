"""What the core stores: files by content, and the search index's entries."""

from __future__ import annotations

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class Blob(models.Model):
    """A file kept under its own SHA-256; the bytes lie in ``settings.BLOBS``."""

    digest = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.media_type}"


class TokensField(models.TextField):
    """What ``core.search`` indexes: integers on PostgreSQL, words with spaces elsewhere."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        return "integer[]" if connection.vendor == "postgresql" else super().db_type(connection)


class SearchEntry(models.Model):
    """The tokens under which one matter is found; written by ``core.search`` alone."""

    matter = models.BigIntegerField(primary_key=True)
    tokens = TokensField()

    def __str__(self) -> str:
        return str(self.matter)
