"""Projection of a petition: what lists and figures ask for, one row a petition."""

from __future__ import annotations

from django.db import models

from dingzi.matters.models import Matter


class Petition(models.Model):
    """A petition beside its matter. Dates are the city's days.

    Of an accusation only the city's totals know: its county and category stay empty here.
    """

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="petition")
    county = models.CharField("县", max_length=6, blank=True)
    town = models.CharField("乡镇", max_length=9, blank=True)
    category = models.CharField("领域", max_length=24, blank=True)
    kind = models.CharField("哪一类", max_length=12)
    channel = models.CharField("渠道", max_length=12)
    people = models.PositiveIntegerField("人数", default=1)
    imported = models.BooleanField("导入", default=False)
    again = models.BooleanField("重复信访", null=True)
    received_on = models.DateField("收到日")
    registered_on = models.DateField("登记日", null=True)
    routed_on = models.DateField("转送日", null=True)
    routed_late = models.BooleanField("转送逾期", null=True)
    told_on = models.DateField("告知受理日", null=True, help_text="受理、不予受理、当场答复等")
    told_late = models.BooleanField("告知逾期", null=True)
    closed_on = models.DateField("办结日", null=True)
    outcome = models.CharField("结果", max_length=24, blank=True)
    days = models.PositiveIntegerField("办理天数", null=True, help_text="受理到办结,自然日")
    on_time = models.BooleanField("按期办结", null=True)
    days_left = models.IntegerField(
        "办结时离期限天数", null=True, help_text="逾期为负,没有期限为空"
    )
    noted_after = models.PositiveIntegerField("补记天数", null=True, help_text="办结到记下,自然日")
    prolonged = models.PositiveSmallIntegerField("延长天数", default=0)
    inquiries = models.PositiveSmallIntegerField("调查核实次数", default=0)
    meetings = models.PositiveSmallIntegerField("联席会议次数", default=0)
    objections = models.PositiveSmallIntegerField("异议次数", default=0)
    handlers = models.JSONField("办理过的岗位", default=list)
    served_on = models.DateField("送达日", null=True)
    reviews = models.PositiveSmallIntegerField("复查复核次数", default=0)
    fulfilled_on = models.DateField("落实日", null=True)
    word = models.CharField("信访人的话", max_length=12, blank=True)
    word_on = models.DateField("信访人说话日", null=True)
    looked_back = models.CharField("回头看", max_length=12, blank=True)
    looked_back_on = models.DateField("回头看日", null=True)
    resolved_on = models.DateField("实质解决日", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "信访事项"
        indexes = [
            models.Index(fields=["received_on", "county"], name="petitions_received"),
            models.Index(fields=["registered_on", "county"], name="petitions_registered"),
            models.Index(fields=["closed_on", "county"], name="petitions_closed"),
        ]

    def __str__(self) -> str:
        return str(self.matter_id)
