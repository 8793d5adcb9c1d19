"""Who has a part in a matter, and so sees it: units, and of a confidential one posts."""

from __future__ import annotations

from django.db import models

from dingzi.city.models import Post, Unit


class Part(models.Model):
    """A unit that has, or had, a part in a matter, and so sees it.

    ``process`` and ``opened_at`` are the matter's and never change: a unit's list is read in their
    order.
    """

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey("Matter", models.CASCADE, related_name="parts", db_index=False)
    process = models.CharField("流程", max_length=40)
    opened_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "有份"
        constraints = [
            models.UniqueConstraint(fields=["unit", "matter"], name="matters_part_once"),
        ]
        indexes = [
            models.Index(
                fields=["unit", "process", "-opened_at", "-matter"], name="matters_part_list"
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}:{self.matter_id}"


class PostPart(models.Model):
    """A post that has, or had, a part in a confidential matter, or is barred from it.

    A confidential matter is seen by posts, not by their units.
    """

    id = models.BigAutoField(primary_key=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey("Matter", models.CASCADE, related_name="post_parts", db_index=False)
    process = models.CharField("流程", max_length=40)
    opened_at = models.DateTimeField("登记时间")
    barred = models.BooleanField("不得经手", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "岗位有份"
        constraints = [
            models.UniqueConstraint(fields=["post", "matter"], name="matters_postpart_once"),
        ]
        indexes = [
            models.Index(
                fields=["post", "process", "-opened_at", "-matter"], name="matters_postpart_list"
            )
        ]

    def __str__(self) -> str:
        return f"{self.post_id}:{self.matter_id}"
