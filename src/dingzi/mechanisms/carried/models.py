"""Projection of a carried case: what boards and figures ask for, one row a carried case."""

from __future__ import annotations

from django.db import models

from dingzi.matters.models import Matter


class Carry(models.Model):
    """A carried case beside its matter. Dates are the city's days.

    Of a confidential one only the city's totals know: place, level and kind stay empty here.
    """

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="carry")
    county = models.CharField("县", max_length=6, blank=True)
    town = models.CharField("乡镇", max_length=9, blank=True)
    level = models.CharField("领导的级别", max_length=8, blank=True)
    of = models.CharField("包的是哪类事", max_length=24, blank=True)
    carriers = models.JSONField("包过的岗位", default=list)
    units = models.JSONField("包过的单位", default=list)
    assigned_on = models.DateField("交包案日")
    read_on = models.DateField("阅卷日", null=True)
    met_on = models.DateField("第一次接访下访日", null=True)
    received = models.PositiveSmallIntegerField("接访次数", default=0)
    visited = models.PositiveSmallIntegerField("下访次数", default=0)
    decided_on = models.DateField("定办法日", null=True)
    settled_on = models.DateField("报告办到位日", null=True)
    word = models.CharField("当事人的话", max_length=12, blank=True)
    word_on = models.DateField("当事人说话日", null=True)
    looked_back = models.CharField("回头看", max_length=12, blank=True)
    looked_back_on = models.DateField("回头看日", null=True)
    resolved_on = models.DateField("实质化解日", null=True)
    closed_on = models.DateField("结束日", null=True, help_text="实质化解或者不再包案")
    outcome = models.CharField("结果", max_length=24, blank=True)
    days = models.PositiveIntegerField("包了多少天", null=True, help_text="交包案到报告办到位")
    on_time = models.BooleanField("按期办到位", null=True)
    days_left = models.IntegerField("办到位时离期限天数", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "领导包案"
        indexes = [
            models.Index(fields=["assigned_on", "county"], name="carried_assigned"),
            models.Index(fields=["settled_on", "county"], name="carried_settled"),
            models.Index(fields=["resolved_on", "county"], name="carried_resolved"),
        ]

    def __str__(self) -> str:
        return str(self.matter_id)
