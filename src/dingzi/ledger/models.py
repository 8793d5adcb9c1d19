"""Which event stands at which place of the public log, and what could not be put there."""

from __future__ import annotations

from django.db import models

from dingzi.matters.models import Event


class Leaf(models.Model):
    """An event's place in the log: the only global order. Indexes are dense and never change.

    ``event`` is None where the log holds an entry whose event was lost with a database that had
    to be restored from an older copy.
    """

    index = models.BigIntegerField("位置", primary_key=True)
    event = models.OneToOneField(
        Event,
        models.DO_NOTHING,
        null=True,
        db_constraint=False,
        related_name="leaf",
        verbose_name="事件",
    )
    hash = models.BinaryField("叶子摘要", help_text="RFC 6962, SHA-256")

    class Meta:
        verbose_name = verbose_name_plural = "公开日志的叶子"

    def __str__(self) -> str:
        return str(self.index)


class Refused(models.Model):
    """An event that the sealer did not take, and why; it stays in the outbox."""

    event = models.OneToOneField(
        Event, models.DO_NOTHING, primary_key=True, related_name="+", verbose_name="事件"
    )
    why = models.CharField("原因", max_length=24)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "没有封存的事件"

    def __str__(self) -> str:
        return f"{self.event_id} {self.why}"


class Head(models.Model):
    """A head of the log that was signed: how many leaves, their root, when.

    One size has one head for ever; the key says so before it is signed.
    """

    size = models.BigIntegerField("叶子数", primary_key=True)
    root = models.BinaryField("根")
    at = models.DateTimeField("签署时间")

    class Meta:
        verbose_name = verbose_name_plural = "总印"

    def __str__(self) -> str:
        return str(self.size)


class Erasure(models.Model):
    """An erasure that was decided, by the event that did; ``done_at`` when it was carried out."""

    event = models.OneToOneField(
        Event, models.DO_NOTHING, primary_key=True, related_name="+", verbose_name="事件"
    )
    done_at = models.DateTimeField("删完的时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "依法删除"

    def __str__(self) -> str:
        return str(self.event_id)


class Cosignature(models.Model):
    """The newest head that a named witness has cosigned, and when it says that it did."""

    name = models.CharField("见证方", max_length=120, primary_key=True)
    size = models.BigIntegerField("总印")
    at = models.DateTimeField("副署时间")
    note = models.TextField("副署的总印")

    class Meta:
        verbose_name = verbose_name_plural = "副署"

    def __str__(self) -> str:
        return f"{self.name} {self.size}"
