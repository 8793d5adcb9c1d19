"""Subscriptions and what waits to be sent. What has been sent, or has ended, leaves no row."""

from __future__ import annotations

from django.db import models

from dingzi.matters.models import Matter


class Subscription(models.Model):
    """Somebody wants to be told: of one matter (``matter``), or of what is public of a process.

    Attributes
    ----------
    gateway : name of the way; ``feed`` has none, its reader comes himself.
    target : where to; personal, deleted with the row.
    key : opens the pages that confirm and end it. secret : signs what a webhook gets.
    former : the secret before it, which signs beside it until ``former_until``.
    """

    id = models.BigAutoField(primary_key=True)
    gateway = models.CharField("方式", max_length=20)
    target = models.CharField("送到哪里", max_length=300, blank=True)
    matter = models.ForeignKey(Matter, models.CASCADE, null=True, related_name="+")
    process = models.CharField("流程", max_length=40, blank=True)
    county = models.CharField("县", max_length=6, blank=True)
    language = models.CharField("语言", max_length=10)
    key = models.CharField("钥匙", max_length=43, unique=True)
    secret = models.CharField("签名密钥", max_length=43)
    former = models.CharField("原来的签名密钥", max_length=43, blank=True)
    former_until = models.DateTimeField("原来的签名密钥用到", null=True)
    created_at = models.DateTimeField("订阅时间")
    confirmed_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "订阅"
        indexes = [models.Index(fields=["process", "county"], name="notices_public")]

    def __str__(self) -> str:
        return str(self.pk)


class Notice(models.Model):
    """Something to be sent. ``what`` holds codes; words are made when it goes out."""

    id = models.BigAutoField(primary_key=True)
    subscription = models.ForeignKey(Subscription, models.CASCADE, db_index=False)
    event = models.BigIntegerField("事件", help_text="确认通知为0")
    what = models.JSONField("内容")
    created_at = models.DateTimeField("产生时间")
    try_at = models.DateTimeField("什么时候送", db_index=True)
    tries = models.PositiveSmallIntegerField("送过几次", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "待送通知"
        constraints = [
            models.UniqueConstraint(fields=["subscription", "event"], name="notices_notice_once")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Place(models.Model):
    """How far in the log the telling has come: one row, the index of the last leaf that was read."""

    last = models.BigIntegerField("读到第几条", default=-1)

    class Meta:
        verbose_name = verbose_name_plural = "通知读到哪里"

    def __str__(self) -> str:
        return str(self.last)
