"""Projections: an article as it stands now, a comment; and how often a page was opened."""

from __future__ import annotations

from django.db import models

from dingzi.matters.models import Matter


class Article(models.Model):
    """An article beside its matter. ``verified``, ``differs`` and ``none`` are the counts of its
    numbers when it was last checked, published or corrected."""

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="article")
    headline = models.CharField("标题", max_length=60)
    summary = models.CharField("摘要", max_length=120, blank=True)
    text = models.TextField("正文")
    category = models.CharField("栏目", max_length=24)
    tags = models.JSONField("标签", default=list)
    byline = models.CharField("署名", max_length=8, default="unit")
    unit = models.IntegerField("署名单位", null=True)
    post = models.IntegerField("署名岗位", null=True)
    writer = models.IntegerField("最后写的岗位", null=True)
    version = models.PositiveIntegerField("改到第几次", default=0)
    live = models.BooleanField("公开", default=False)
    written_on = models.DateField("起草日")
    published_at = models.DateTimeField("发布时间", null=True)
    published_on = models.DateField("发布日", null=True)
    corrected_at = models.DateTimeField("更正时间", null=True)
    corrected_on = models.DateField("更正日", null=True)
    corrections = models.PositiveIntegerField("更正的数字", default=0)
    changes = models.JSONField("更正", default=list)
    note = models.CharField("照发的理由", max_length=500, blank=True)
    verified = models.PositiveIntegerField("核实", default=0)
    differs = models.PositiveIntegerField("不符", default=0)
    none = models.PositiveIntegerField("无数据", default=0)
    figures = models.JSONField("对应的数字", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "文章"
        indexes = [
            models.Index(fields=["live", "published_at"], name="articles_live"),
            models.Index(fields=["published_on"], name="articles_published"),
            models.Index(fields=["corrected_on"], name="articles_corrected"),
        ]

    def __str__(self) -> str:
        return self.headline


class Comment(models.Model):
    """A reader's comment. Its words are personal: an erasure leaves them empty."""

    matter = models.OneToOneField(Matter, models.CASCADE, primary_key=True, related_name="comment")
    article = models.ForeignKey(
        Article, models.CASCADE, related_name="comments", db_constraint=False
    )
    text = models.CharField("评论", max_length=500, blank=True)
    name = models.CharField("称呼", max_length=20, blank=True)
    said_at = models.DateTimeField("何时")
    shown = models.BooleanField("放出", default=False)
    answer = models.CharField("回复", max_length=500, blank=True)
    answered_at = models.DateTimeField("回复时间", null=True)
    answered_by = models.IntegerField("回复的单位", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "评论"
        indexes = [models.Index(fields=["article", "shown", "said_at"], name="articles_comments")]

    def __str__(self) -> str:
        return str(self.matter_id)


class Opened(models.Model):
    """How often an article's page was opened: a bare count, of nobody in particular."""

    article = models.OneToOneField(
        Article, models.CASCADE, primary_key=True, related_name="opened", db_constraint=False
    )
    times = models.PositiveBigIntegerField("次数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "阅读次数"

    def __str__(self) -> str:
        return str(self.times)
