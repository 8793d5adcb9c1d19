"""A spreadsheet on its way in. No fold of events: what it opened says so in events of its own."""

from __future__ import annotations

from django.db import models

from dingzi.city.models import Account, Post
from dingzi.core.blobs import Blob


class ImportRun(models.Model):
    """One uploaded spreadsheet: how it is to be read, how far it is, what came of it.

    What it holds of persons (``blob``, ``profile``, ``look``, its faults) is deleted some days
    after it ended; how its columns were read is kept for the next sheet from the same source.
    """

    class State(models.TextChoices):
        MAPPING = "mapping", "正在对应"
        WAITING = "waiting", "排队"
        RUNNING = "running", "导入中"
        DONE = "done", "完成"
        FAILED = "failed", "没有完成"

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="账号")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", verbose_name="岗位")
    process = models.CharField("流程", max_length=40)
    action = models.CharField("开头动作", max_length=40)
    name = models.CharField("文件名", max_length=120)
    digest = models.CharField("文件摘要", max_length=64)
    blob = models.ForeignKey(Blob, models.SET_NULL, null=True, related_name="+")
    sheet = models.CharField("工作表", max_length=100, blank=True)
    header_row = models.PositiveIntegerField("列名在第几行")
    header = models.JSONField("列名", default=list)
    source = models.CharField("来源", max_length=40, blank=True)
    plan = models.JSONField("怎么对应", default=dict)
    profile = models.JSONField("每列的样子", default=dict)
    look = models.JSONField("试一遍的结果", default=dict)
    whole = models.BooleanField("要么全部要么不收", default=False)
    state = models.CharField("进度", max_length=8, choices=State.choices, default=State.MAPPING)
    created_at = models.DateTimeField("上传时间")
    started_at = models.DateTimeField("开始", null=True)
    ended_at = models.DateTimeField("结束", null=True)
    at_row = models.PositiveIntegerField("到第几行", default=0)
    rows = models.PositiveIntegerField("行数", default=0)
    opened = models.PositiveIntegerField("登记", default=0)
    corrected = models.PositiveIntegerField("更正", default=0)
    same = models.PositiveIntegerField("没有变化", default=0)
    bad = models.PositiveIntegerField("没有收", default=0)
    faults = models.JSONField("为什么没有完成", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "导入"

    def __str__(self) -> str:
        return f"{self.pk} {self.name}"

    @property
    def ended(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class ImportFault(models.Model):
    """One row that was not taken, and why."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="bad_rows", db_index=False)
    row = models.PositiveIntegerField("行号")
    reasons = models.JSONField("原因")

    class Meta:
        verbose_name = verbose_name_plural = "没有收的行"
        constraints = [
            models.UniqueConstraint(fields=["run", "row"], name="matters_importfault_once")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.row}"
