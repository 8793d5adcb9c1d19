"""Events and what core projects from them.

``Event``, ``Private``, ``Opening`` and ``Outbox`` are the record; the database refuses to change
them (``guards``). All other tables are folds of events: ``dingzi rebuild`` makes them anew.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from dingzi.city.models import Account, Division, Post, Unit
from dingzi.core.blobs import Blob

from .streams import BOOK as BOOK
from .streams import FIRST_MATTER as FIRST_MATTER
from .streams import SEQ_BITS as SEQ_BITS
from .streams import EventQuerySet
from .streams import event_id as event_id


class Event(models.Model):
    """One act, never changed. ``id`` is ``stream << 20 | seq``."""

    id = models.BigIntegerField(primary_key=True)
    stream = models.BigIntegerField("事项流")
    seq = models.PositiveIntegerField("序号")
    process = models.CharField("流程", max_length=40)
    version = models.PositiveSmallIntegerField("流程版本")
    action = models.CharField("动作", max_length=40)
    from_state = models.CharField("原状态", max_length=40, blank=True)
    to_state = models.CharField("新状态", max_length=40)
    unit = models.ForeignKey(
        Unit, models.DO_NOTHING, null=True, related_name="+", db_index=False, verbose_name="单位"
    )
    post = models.ForeignKey(
        Post, models.DO_NOTHING, null=True, related_name="+", db_index=False, verbose_name="岗位"
    )
    door = models.CharField(
        "来路", max_length=12, help_text="web, desk, api, import, timer, sample"
    )
    occurred_at = models.DateTimeField("发生时间")
    recorded_at = models.DateTimeField("记录时间")
    header = models.JSONField("公开部分", default=dict)
    facts = models.JSONField("非个人事实", default=dict)
    commitments = models.BinaryField("承诺", help_text="每 32 字节一项,按字段名排序")
    key = models.UUIDField("防重键", null=True)
    body = models.BinaryField("请求摘要", null=True)
    mac = models.BinaryField("校验码")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事件"
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(key__isnull=False), name="matters_event_key"
            ),
            models.CheckConstraint(
                condition=Q(id=models.F("stream") * (1 << SEQ_BITS) + models.F("seq")),
                name="matters_event_id",
            ),
        ]
        indexes = [
            models.Index(
                fields=["post", "-stream"],
                condition=Q(post__isnull=False),
                name="matters_event_post",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stream}/{self.seq} {self.action}"


class Private(models.Model):
    """The personal part of an event; only the eraser's role deletes it."""

    event = models.OneToOneField(
        Event, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="private"
    )
    data = models.JSONField("个人部分")
    salt = models.BinaryField("盐")

    class Meta:
        verbose_name = verbose_name_plural = "个人部分"

    def __str__(self) -> str:
        return str(self.event_id)


class Opening(models.Model):
    """Salts of the fields that the public leaf hides: 16 bytes each, in the order of names."""

    event = models.OneToOneField(
        Event, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="opening"
    )
    salts = models.BinaryField("盐")

    class Meta:
        verbose_name = verbose_name_plural = "开启值"

    def __str__(self) -> str:
        return str(self.event_id)


class Outbox(models.Model):
    """Events waiting to be sealed; a trigger on Event fills it, the sealer empties it."""

    event = models.OneToOneField(
        Event, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "待封存"

    def __str__(self) -> str:
        return str(self.event_id)


class Book(models.Model):
    """Head of a stream that is no matter: the city's book."""

    id = models.BigIntegerField(primary_key=True)
    seq = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "市级簿册"

    def __str__(self) -> str:
        return str(self.id)


class Counter(models.Model):
    """The last number given out under a name."""

    name = models.CharField(max_length=60, primary_key=True)
    last = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "编号"

    def __str__(self) -> str:
        return self.name


_NEWEST = ("-opened_at", "-id")
#: Indexes of lists: what a list is of, its order, then what else may be asked. The last are never
#: sought by, but compared in the index, so that a rare filter reads few rows of the table.
_LISTS = (
    ("matters_matter_all", ("process", *_NEWEST), ("confidential", "county", "state", "category", "outcome")),
    ("matters_matter_c", ("process", "county", *_NEWEST), ("confidential", "state", "category", "outcome")),
    ("matters_matter_t", ("process", "town", *_NEWEST), ("confidential", "state", "category", "outcome")),
    ("matters_matter_s", ("process", "state", "county", *_NEWEST), ("confidential", "category", "outcome")),
    ("matters_matter_k", ("process", "category", *_NEWEST), ("confidential", "county", "state", "outcome")),
)  # fmt: skip


class Matter(models.Model):
    """Where a matter stands now: the fold of its stream."""

    id = models.BigIntegerField(primary_key=True)
    number = models.CharField("编号", max_length=40)
    process = models.CharField("流程", max_length=40)
    version = models.PositiveSmallIntegerField("流程版本")
    state = models.CharField("状态", max_length=40)
    seq = models.PositiveIntegerField("序号")
    title = models.CharField("标题", max_length=120, blank=True)
    category = models.CharField("大类", max_length=24, blank=True)
    subcategory = models.CharField("小类", max_length=24, blank=True)
    county = models.CharField("县", max_length=6, blank=True)
    town = models.CharField("乡镇", max_length=9, blank=True)
    place = models.ForeignKey(
        Division, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="地方"
    )
    spot = models.CharField("具体地点", max_length=120, blank=True)
    door = models.CharField("来路", max_length=12)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="主办单位"
    )
    holder = models.ForeignKey(
        Post, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="在手岗位"
    )
    holder_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="在手单位"
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="children",
        db_index=False,
        verbose_name="上级事项",
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="merged",
        db_index=False,
        verbose_name="并入",
    )
    units = models.JSONField("有份的单位", default=list)
    posts = models.JSONField("有份的岗位", default=list, help_text="只用于保密的事项")
    barred = models.JSONField("不得经手的", default=dict, help_text="units, posts")
    people = models.JSONField("当事人", default=list)
    clocks = models.JSONField("期限", default=dict)
    opened_at = models.DateTimeField("登记时间")
    closed_at = models.DateTimeField("办结时间", null=True)
    changed_at = models.DateTimeField("最近变动")
    due_at = models.DateTimeField("期限", null=True)
    next_check_at = models.DateTimeField("下次查看", null=True)
    overdue = models.BooleanField("已督办", default=False)
    outcome = models.CharField("结果", max_length=24, blank=True)
    active = models.BooleanField("还有事要做", default=True)
    confidential = models.BooleanField("保密", default=False)
    reopened = models.PositiveSmallIntegerField("重新办理次数", default=0)
    receipt = models.PositiveSmallIntegerField("回执版本", default=1)
    paper_count = models.PositiveIntegerField("材料数", default=0)
    source = models.CharField("外部来源", max_length=40, blank=True)
    foreign_number = models.CharField("外部编号", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "事项"
        constraints = [
            models.UniqueConstraint(fields=["number"], name="matters_matter_number"),
            models.UniqueConstraint(
                fields=["source", "foreign_number"],
                condition=~Q(source=""),
                name="matters_matter_foreign",
            ),
        ]
        indexes = [
            models.Index(
                fields=["holder", "due_at", "id"],
                condition=Q(active=True),
                name="matters_matter_inbox",
            ),
            models.Index(
                fields=["holder_unit", "due_at", "id"],
                condition=Q(active=True),
                name="matters_matter_unit",
            ),
            models.Index(
                fields=["next_check_at"],
                condition=Q(next_check_at__isnull=False),
                name="matters_matter_check",
            ),
            models.Index(
                fields=["county", "due_at", "id"],
                condition=Q(overdue=True),
                name="matters_matter_late",
            ),
            models.Index(
                fields=["parent"], condition=Q(parent__isnull=False), name="matters_matter_parent"
            ),
            models.Index(
                fields=["merged_into"],
                condition=Q(merged_into__isnull=False),
                name="matters_matter_merged",
            ),
            *(models.Index(fields=[*keys, *rest], name=name) for name, keys, rest in _LISTS),
            models.Index(
                fields=["process", *_NEWEST, "due_at", "confidential", "county", "town"],
                condition=Q(active=True),
                name="matters_matter_active",
            ),
            models.Index(
                fields=["process", "county", *_NEWEST, "due_at", "confidential", "town"],
                condition=Q(active=True),
                name="matters_matter_here",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Paper(models.Model):
    """A file of a matter. ``id`` is ``matter << 20 | its place in the matter``."""

    id = models.BigIntegerField(primary_key=True)
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="papers")
    event = models.ForeignKey(Event, models.DO_NOTHING, related_name="papers", db_index=False)
    blob = models.ForeignKey(Blob, models.PROTECT, null=True, related_name="+")
    name = models.CharField("名称", max_length=120)
    media_type = models.CharField("类型", max_length=80)
    size = models.PositiveBigIntegerField("大小")
    public = models.BooleanField("当事人可看", default=False)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "材料"

    def __str__(self) -> str:
        return self.name


class HandOver(models.Model):
    """A post passed from one holder to the next, and until when each item is to be signed for.

    ``leaving`` and ``tenure`` are who leaves and who comes; the latter is not known yet where it
    was prepared ahead.
    """

    id = models.BigIntegerField(primary_key=True)
    post = models.ForeignKey(Post, models.PROTECT, related_name="handovers", verbose_name="岗位")
    tenure = models.BigIntegerField("接任的任期", null=True)
    leaving = models.BigIntegerField("离任的任期", null=True)
    opened_at = models.DateTimeField("开始")
    sign_by = models.DateField("签收期限")
    closed_at = models.DateTimeField("完成", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "交接"

    def __str__(self) -> str:
        return f"{self.post_id} {self.opened_at:%Y-%m-%d}"


class HandOverItem(models.Model):
    """One matter that was on the post when it passed."""

    id = models.BigAutoField(primary_key=True)
    handover = models.ForeignKey(HandOver, models.CASCADE, related_name="items")
    matter = models.ForeignKey(Matter, models.DO_NOTHING, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "交接事项"
        constraints = [
            models.UniqueConstraint(fields=["handover", "matter"], name="matters_handoveritem_once")
        ]

    def __str__(self) -> str:
        return f"{self.handover_id}:{self.matter_id}"


class HandOverSign(models.Model):
    """One side signed for a matter: who leaves, who comes, or the post above. ``id`` is the event's."""

    id = models.BigIntegerField(primary_key=True)
    handover = models.ForeignKey(HandOver, models.DO_NOTHING, related_name="signs")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="+")
    at = models.DateTimeField("签收时间")
    side = models.CharField(
        "哪一方", max_length=8, default="takes", help_text="gives, takes, witness"
    )
    tenure = models.BigIntegerField("签字人的任期", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "交接签收"
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "matter", "side"], name="matters_handoversign_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.handover_id}:{self.matter_id}"


class SavedView(models.Model):
    """A list that an account wants to see again. No fold of events: a convenience of one person."""

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", verbose_name="账号")
    process = models.CharField("流程", max_length=40)
    name = models.CharField("名称", max_length=40)
    query = models.CharField("看哪些", max_length=1000)

    class Meta:
        verbose_name = verbose_name_plural = "常用列表"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "process", "name"], name="matters_savedview_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


# A model must be known to Django with its app; these live beside the code that works on them.
from .importing.models import ImportFault, ImportRun  # noqa: E402, F401
from .parts import Part as Part  # noqa: E402
from .parts import PostPart as PostPart  # noqa: E402
