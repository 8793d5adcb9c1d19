"""Projections: one row an estate, one an obstacle, one a household. Days are the city's."""

from __future__ import annotations

from django.db import models

from dingzi.matters.models import Matter


class Estate(models.Model):
    """An estate beside its matter.

    ``buildings`` is ``{name: {"households": n, "finished_on": ISO day or null}}`` in the order in
    which they were recorded.
    """

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="estate")
    county = models.CharField("县", max_length=6, blank=True)
    town = models.CharField("乡镇", max_length=9, blank=True)
    category = models.CharField("类型", max_length=24, blank=True)
    name = models.CharField("名称", max_length=60)
    registry = models.BigIntegerField("登记机构")
    filed_on = models.DateField("列入日")
    consulted_on = models.DateField("最近会商日", null=True)
    issuing_on = models.DateField("开始发证日", null=True)
    cleared_on = models.DateField("销号日", null=True)
    closed_on = models.DateField("了结日", null=True, help_text="销号或移出")
    outcome = models.CharField("结果", max_length=24, blank=True)
    days = models.PositiveIntegerField("列入到销号天数", null=True)
    buildings = models.JSONField("楼栋", default=dict)
    buildings_count = models.PositiveIntegerField("楼栋数", default=0)
    households = models.PositiveIntegerField("户数", default=0, help_text="各栋户数之和")
    consultations = models.PositiveIntegerField("会商次数", default=0)
    obstacles = models.PositiveIntegerField("障碍数", default=0)
    promised = models.PositiveIntegerField("容缺承诺数", default=0)
    broken = models.PositiveIntegerField("到期未补齐数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "问题楼盘"
        indexes = [
            models.Index(fields=["filed_on", "county"], name="estates_filed"),
            models.Index(fields=["closed_on", "county"], name="estates_closed"),
        ]

    def __str__(self) -> str:
        return self.name


class Obstacle(models.Model):
    """What stands in an estate's way; once tolerated, the promise and what became of it."""

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="obstacle")
    county = models.CharField("县", max_length=6, blank=True)
    town = models.CharField("乡镇", max_length=9, blank=True)
    kind = models.CharField("类别", max_length=24)
    listed_on = models.DateField("列明日")
    objected_on = models.DateField("提出异议日", null=True)
    cleared_on = models.DateField("清除日", null=True)
    on_time = models.BooleanField("按期清除", null=True)
    promised_on = models.DateField("承诺日", null=True)
    promised_for = models.DateField("承诺哪天前", null=True)
    broken_on = models.DateField("到期未补齐日", null=True)
    kept_on = models.DateField("补齐日", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "楼盘障碍"
        indexes = [
            models.Index(fields=["listed_on", "county"], name="estates_obstacle_listed"),
            models.Index(fields=["promised_on", "county"], name="estates_obstacle_promised"),
        ]

    def __str__(self) -> str:
        return str(self.matter_id)


class Household(models.Model):
    """One household: where it stands, never who or which home it is."""

    matter = models.OneToOneField(
        Matter, models.CASCADE, primary_key=True, related_name="household"
    )
    estate = models.ForeignKey(Matter, models.PROTECT, related_name="+", db_index=False)
    estate_number = models.CharField("楼盘编号", max_length=40)
    county = models.CharField("县", max_length=6, blank=True)
    town = models.CharField("乡镇", max_length=9, blank=True)
    category = models.CharField("楼盘类型", max_length=24, blank=True)
    building = models.CharField("楼栋", max_length=20)
    stage = models.CharField("进度", max_length=12)
    imported = models.BooleanField("导入", default=False)
    listed_on = models.DateField("列入日")
    applied_on = models.DateField("受理日", null=True)
    told_on = models.DateField("告知缺件日", null=True)
    issued_on = models.DateField("发证日", null=True)
    aside_on = models.DateField("暂不办日", null=True)
    days = models.PositiveIntegerField("受理到发证天数", null=True)
    on_time = models.BooleanField("按期发证", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "户办证"
        indexes = [
            models.Index(fields=["estate", "building", "stage"], name="estates_household_estate"),
            models.Index(fields=["listed_on", "county"], name="estates_household_listed"),
            models.Index(fields=["issued_on", "county"], name="estates_household_issued"),
        ]

    def __str__(self) -> str:
        return str(self.matter_id)
