"""What the running installation says of itself; no projection, nothing of the city's."""

from __future__ import annotations

from django.db import models


class Heartbeat(models.Model):
    """The steward's sign of life: one row, written every few seconds.

    ``jobs`` maps a job's name to when it ran, for how many seconds, and the class of its last
    error (never its text, which may hold what somebody typed).
    """

    name = models.CharField("名称", max_length=20, primary_key=True)
    at = models.DateTimeField("时间")
    started_at = models.DateTimeField("启动时间")
    host = models.CharField("主机", max_length=120)
    pid = models.PositiveIntegerField("进程号")
    jobs = models.JSONField("各项工作", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "管家的脉搏"

    def __str__(self) -> str:
        return self.name
