"""Projection of a problem on a list: what boards and figures ask for, one row a problem."""

from __future__ import annotations

from django.db import models

from dingzi.matters.models import Matter


class Problem(models.Model):
    """A problem beside its matter. Dates are the city's days."""

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="problem")
    county = models.CharField("县", max_length=6, blank=True)
    town = models.CharField("乡镇", max_length=9, blank=True)
    category = models.CharField("领域", max_length=24, blank=True)
    on_list = models.CharField("清单", max_length=12)
    how = models.CharField("怎么发现的", max_length=12)
    figure = models.CharField("数字", max_length=60, blank=True)
    guard = models.CharField("提醒", max_length=60, blank=True)
    month = models.CharField("哪个月", max_length=7, blank=True)
    found_on = models.DateField("发现日")
    told_on = models.DateField("交办日", null=True)
    recognised_on = models.DateField("认账日", null=True)
    argued = models.BooleanField("有过异议", default=False)
    planned_on = models.DateField("报方案日", null=True)
    needs_vote = models.BooleanField("要业主表决", default=False)
    votes = models.PositiveSmallIntegerField("表决次数", default=0)
    passed_on = models.DateField("表决通过日", null=True)
    rectified_on = models.DateField("报验收日", null=True)
    returned = models.PositiveSmallIntegerField("退回次数", default=0)
    accepted_on = models.DateField("验收日", null=True)
    delisted_on = models.DateField("销号日", null=True)
    looked_back_on = models.DateField("回头看日", null=True)
    held = models.BooleanField("没有反弹", null=True)
    relapses = models.PositiveSmallIntegerField("反弹次数", default=0)
    closed_on = models.DateField("离开清单日", null=True, help_text="销号或者撤下")
    outcome = models.CharField("结果", max_length=24, blank=True)
    days = models.PositiveIntegerField("整改天数", null=True, help_text="认账到报验收")
    on_time = models.BooleanField("按期改好", null=True)
    days_left = models.IntegerField("改好时离期限天数", null=True)
    posts = models.JSONField("动手整改的岗位", default=list)
    units = models.JSONField("动手整改的单位", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "整改问题"
        indexes = [
            models.Index(fields=["found_on", "county"], name="rectification_found"),
            models.Index(fields=["delisted_on", "county"], name="rectification_delisted"),
            models.Index(fields=["guard", "month"], name="rectification_guard"),
        ]

    def __str__(self) -> str:
        return str(self.matter_id)
