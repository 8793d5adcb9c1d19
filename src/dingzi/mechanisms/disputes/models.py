"""Projection of a dispute: what lists and figures ask for, one row a dispute."""

from __future__ import annotations

from django.db import models

from dingzi.matters.models import Matter


class Dispute(models.Model):
    """A dispute beside its matter. Dates are the city's days; durations whole days."""

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="dispute")
    county = models.CharField("县", max_length=6, blank=True)
    town = models.CharField("乡镇", max_length=9, blank=True)
    category = models.CharField("大类", max_length=24, blank=True)
    top = models.CharField("公开的大类", max_length=24, blank=True, help_text="process.tops")
    subcategory = models.CharField("小类", max_length=24, blank=True)
    door = models.CharField("来路", max_length=12)
    imported = models.BooleanField("导入", default=False)
    registered_on = models.DateField("登记日")
    accepted_on = models.DateField("受理日", null=True)
    refused_on = models.DateField("不收日", null=True)
    mediated_on = models.DateField("首次调解日", null=True)
    closed_on = models.DateField("办结日", null=True)
    outcome = models.CharField("结果", max_length=24, blank=True)
    days = models.PositiveIntegerField("办理天数", null=True, help_text="受理到办结,自然日")
    on_time = models.BooleanField("按期", null=True)
    days_left = models.IntegerField(
        "办结时离期限天数", null=True, help_text="逾期为负,没有期限为空"
    )
    noted_after = models.PositiveIntegerField("补记天数", null=True, help_text="办结到记下,自然日")
    sessions = models.PositiveSmallIntegerField("调解次数", default=0)
    agreement = models.CharField("协议", max_length=12, blank=True, help_text="written, oral")
    effective_on = models.DateField("协议生效日", null=True)
    performed_on = models.DateField("履行日", null=True)
    court = models.CharField("司法确认", max_length=16, blank=True)
    court_on = models.DateField("申请司法确认日", null=True)
    visited_on = models.DateField("回访日", null=True)
    word = models.CharField("当事人的话", max_length=12, blank=True)
    word_on = models.DateField("当事人说话日", null=True)
    rating = models.PositiveSmallIntegerField("评分", null=True)
    reopened = models.PositiveSmallIntegerField("重新办理次数", default=0)
    reopened_on = models.DateField("最近重新办理日", null=True)
    mediators = models.JSONField("调解员岗位", default=list)
    status_matter = models.BooleanField("涉及身份关系", default=False)
    archived_on = models.DateField("归档日", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "矛盾纠纷"
        indexes = [
            models.Index(fields=["registered_on", "county"], name="disputes_registered"),
            models.Index(fields=["closed_on", "county"], name="disputes_closed"),
        ]

    def __str__(self) -> str:
        return str(self.matter_id)
