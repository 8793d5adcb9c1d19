"""Tallies kept ready, so that no page counts rows.

``Pending`` is filled by triggers on the projections, in the transaction of the change itself;
``refreshing`` takes what stands there, adds it to the cells and deletes it, all in one transaction.
So cells and pending changes together always equal the rows, whoever commits when (docs/adr).
"""

from __future__ import annotations

from django.db import models


class Tallied(models.Model):
    """A projection whose tallies are kept: by which layout, and as of when."""

    rows = models.CharField("投影", max_length=80, primary_key=True)
    layout = models.CharField("布局", max_length=64)
    version = models.PositiveBigIntegerField("版本", default=0)
    at = models.DateTimeField("算到")

    class Meta:
        verbose_name = verbose_name_plural = "统计状态"

    def __str__(self) -> str:
        return self.rows


class Series(models.Model):
    """The cells of one part divided by one set of dimensions, by day or by month."""

    id = models.AutoField(primary_key=True)
    rows = models.CharField("投影", max_length=80)
    part = models.CharField("部分", max_length=120)
    keep = models.CharField("留什么", max_length=6)
    dimensions = models.CharField("维度", max_length=120, blank=True)
    grain = models.CharField("粒度", max_length=5)

    class Meta:
        verbose_name = verbose_name_plural = "统计序列"
        constraints = [
            models.UniqueConstraint(
                fields=["rows", "part", "keep", "dimensions", "grain"], name="figures_series_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.dimensions} {self.grain}"


class Cell(models.Model):
    """The tally of a part on a day or in a month (its first day), for one value of each dimension."""

    id = models.BigAutoField(primary_key=True)
    series = models.ForeignKey(Series, models.CASCADE, related_name="+", db_index=False)
    at = models.DateField("日或月")
    key = models.CharField("维度值", max_length=200, blank=True)
    n = models.BigIntegerField("件数")
    total = models.BigIntegerField("合计", default=0)
    spread = models.JSONField("分布", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "统计格"
        constraints = [
            models.UniqueConstraint(fields=["series", "at", "key"], name="figures_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.at} {self.key}"


class Pending(models.Model):
    """A change of a projection's row that the cells do not have yet: the columns before and after."""

    id = models.BigAutoField(primary_key=True)
    rows = models.CharField("投影", max_length=80, db_index=True)
    old = models.JSONField("改前", null=True)
    new = models.JSONField("改后", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "待统计的变动"

    def __str__(self) -> str:
        return f"{self.rows} {self.id}"


class GuardReading(models.Model):
    """What a guard said last, and of which numbers (``edition``)."""

    name = models.CharField("守护项", max_length=120, primary_key=True)
    month = models.DateField("月份")
    says = models.CharField("结论", max_length=8, help_text="usual, look, few")
    data = models.JSONField("读数", default=dict)
    edition = models.TextField("数字版本")
    at = models.DateTimeField("算于")

    class Meta:
        verbose_name = verbose_name_plural = "守护读数"

    def __str__(self) -> str:
        return f"{self.name} {self.says}"


class Naming(models.Model):
    """What words of a text mean, said by hand: a figure, or none. Events of the book fill it."""

    words = models.CharField("说法", max_length=40, primary_key=True)
    figure = models.CharField("数字", max_length=120, blank=True)
    at = models.DateTimeField("何时")

    class Meta:
        verbose_name = verbose_name_plural = "说法"

    def __str__(self) -> str:
        return f"{self.words} {self.figure}"


class Definition(models.Model):
    """A version of a figure's definition, as the city's book has it."""

    figure = models.CharField("数字", max_length=120)
    version = models.PositiveSmallIntegerField("第几版")
    definition = models.CharField("算法编号", max_length=16)
    since = models.DateField("从何时起")
    at = models.DateTimeField("记入簿册")

    class Meta:
        verbose_name = verbose_name_plural = "数字的算法"
        constraints = [
            models.UniqueConstraint(fields=["figure", "version"], name="figures_definition_once")
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.version}"


class Frozen(models.Model):
    """What a figure said of a period, for the city or a county, when a post froze it, for ever."""

    figure = models.CharField("数字", max_length=120)
    place = models.CharField("县市区", max_length=12, blank=True, default="")
    first = models.DateField("第一天")
    last = models.DateField("最后一天")
    number = models.CharField("数值", max_length=80, help_text="整数或分数")
    behind = models.JSONField("件数", default=list, help_text="[名称, 件数]")
    definition = models.CharField("算法编号", max_length=16)
    version = models.PositiveSmallIntegerField("第几版")
    size = models.BigIntegerField("日志条数")
    root = models.CharField("根", max_length=64)
    unit = models.CharField("单位", max_length=40, blank=True)
    at = models.DateTimeField("封定时间")

    class Meta:
        verbose_name = verbose_name_plural = "封定的数字"
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "place", "first", "last"], name="figures_frozen_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.place} {self.first}..{self.last}"


class FrozenRows(models.Model):
    """Which matters a population held when a period was frozen: how a later correction is explained.

    Kept beside the event, not made of it; without it a correction is shown without its acts.
    """

    population = models.CharField("数的是哪些", max_length=120)
    first = models.DateField("第一天")
    last = models.DateField("最后一天")
    ids = models.BinaryField("事项", help_text="相邻编号之差，压缩")

    class Meta:
        verbose_name = verbose_name_plural = "封定时的事项"
        constraints = [
            models.UniqueConstraint(
                fields=["population", "first", "last"], name="figures_frozen_rows_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.population} {self.first}..{self.last}"
