"""Projection of an old debt: what lists and figures ask for, one row an obligation."""

from __future__ import annotations

from django.db import models

from dingzi.matters.models import Matter


class Debt(models.Model):
    """An obligation beside its matter. Dates are the city's days, money is fen."""

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="debt")
    county = models.CharField("县", max_length=6, blank=True)
    town = models.CharField("乡镇", max_length=9, blank=True)
    unit = models.CharField("责任单位", max_length=40, blank=True)
    category = models.CharField("种类", max_length=24)
    arose_on = models.DateField("哪天起欠")
    age_years = models.PositiveSmallIntegerField("上账时欠了几年", default=0)
    amount = models.BigIntegerField("金额(分)", null=True)
    paid = models.BigIntegerField("已付(分)", default=0)
    entered_on = models.DateField("上账日")
    recognised_on = models.DateField("认账日", null=True)
    disputed = models.BooleanField("有过争议", default=False)
    planned_on = models.DateField("报计划日", null=True)
    by_when = models.DateField("计划兑现日", null=True)
    performed_on = models.DateField("报兑现日", null=True)
    word = models.CharField("对方的话", max_length=12, blank=True)
    word_on = models.DateField("对方说话日", null=True)
    settled_on = models.DateField("了结日", null=True)
    closed_on = models.DateField("离账日", null=True, help_text="了结或者销账")
    outcome = models.CharField("结果", max_length=24, blank=True)
    days = models.PositiveIntegerField("兑现天数", null=True, help_text="上账到报兑现")
    on_time = models.BooleanField("按期兑现", null=True)
    days_left = models.IntegerField("兑现时离期限天数", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "旧账"
        indexes = [
            models.Index(fields=["entered_on", "county"], name="debts_entered"),
            models.Index(fields=["settled_on", "county"], name="debts_settled"),
        ]

    def __str__(self) -> str:
        return str(self.matter_id)
