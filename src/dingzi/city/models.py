"""Divisions, units, posts, tenures, delegates, accounts.

All but ``Account`` passwords and names and ``ApiClient`` hashes are projections of the city's book:
written only by ``city.appliers``, which the book calls. Facts of the book name a row by its
``code`` (``username`` of an account, ``name`` of a client), never by its id.
"""

from __future__ import annotations

import secrets

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q


class Level(models.TextChoices):
    CITY = "city", "市"
    COUNTY = "county", "县(市、区)"
    TOWN = "town", "乡镇(街道)"
    VILLAGE = "village", "村(社区)"


def fresh_code() -> str:
    return secrets.token_hex(8)


class Dated(models.Model):
    """Something that holds from ``since`` until the day before ``until``.

    Where both are one day it never held: how a mistake is taken back.
    """

    since = models.DateField("起始日期")
    until = models.DateField("终止日期", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="%(app_label)s_%(class)s_until_after_since",
            )
        ]


class Division(Dated):
    """An administrative division; ``code`` has 4, 6, 9 or 12 digits by level (GB/T 2260, 10114)."""

    code = models.CharField("区划代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=60)
    name_en = models.CharField("英文名称", max_length=80, blank=True)
    also = models.CharField("别名", max_length=120, blank=True, help_text="用空格隔开,供查找")
    short = models.CharField("简称", max_length=4, blank=True, help_text="县级一个字,用在编号里")
    level = models.CharField("级别", max_length=8, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="继任"
    )
    population = models.PositiveIntegerField("人口", null=True, blank=True)

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "区划"
        indexes = [models.Index(fields=["level", "code"])]

    def __str__(self) -> str:
        return self.name


class Residents(models.Model):
    """How many people live in a division, from a day on, and who says so.

    A newer row holds from its own day; what was told of earlier days stays.
    """

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name="区划")
    since = models.DateField("起始日期")
    people = models.PositiveBigIntegerField("常住人口")
    source = models.CharField("出处", max_length=200)
    simulated = models.BooleanField("模拟数据", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "人口"
        constraints = [
            models.UniqueConstraint(fields=["division", "since"], name="city_residents_once")
        ]

    def __str__(self) -> str:
        return f"{self.division_id} {self.since} {self.people}"


class Unit(Dated):
    """A body that handles matters: a governance centre, a committee, a bureau, a court."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    name_en = models.CharField("英文名称", max_length=120, blank=True)
    kind = models.CharField("类别", max_length=24, help_text="如 centre, mediation, bureau, court")
    division = models.ForeignKey(Division, models.PROTECT, verbose_name="所在区划")
    level = models.CharField("级别", max_length=8, choices=Level)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="上级"
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name="继任"
    )
    former_names = models.JSONField(
        "曾用名", default=list, blank=True, help_text='[{"name", "name_en", "until": "YYYY-MM-DD"}]'
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "单位"
        indexes = [models.Index(fields=["division", "kind"])]

    def __str__(self) -> str:
        return self.name


class Post(Dated):
    """A place in a unit that holds matters, whoever sits on it."""

    code = models.CharField("代码", max_length=80, unique=True, default=fresh_code)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="单位")
    name = models.CharField("岗位", max_length=40)
    name_en = models.CharField("英文名称", max_length=60, blank=True)
    roles = models.JSONField("职责", default=list, help_text="机制声明的职责名")
    supervisor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="上级岗位"
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "岗位"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "name", "since"], name="city_post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}{self.name}"


class AccountManager(BaseUserManager["Account"]):
    def create_user(self, username: str, password: str | None = None, **extra: object) -> Account:
        account = self.model(username=username, **extra)
        account.set_password(password)
        account.full_clean(exclude=["password"])
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """A person who signs in; what he may do follows from the posts he holds, never from here."""

    username = models.CharField("账号", max_length=60, unique=True)
    display_name = models.CharField("姓名", max_length=60, blank=True)
    email = models.EmailField("邮箱", blank=True)
    language = models.CharField("语言", max_length=8, blank=True)
    is_active = models.BooleanField("在用", default=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []
    objects = AccountManager()

    class Meta:
        verbose_name = verbose_name_plural = "账号"

    def __str__(self) -> str:
        return self.display_name or self.username


class Tenure(Dated):
    """Who sits on a post, from when until when."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="tenures", verbose_name="岗位")
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="tenures", verbose_name="账号"
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["post", "account", "since"], name="city_tenure_once"),
        ]
        indexes = [
            models.Index(fields=["account", "until"]),
            models.Index(fields=["post", "until"]),
        ]

    def __str__(self) -> str:
        return f"{self.account} @ {self.post}"


class Delegation(Dated):
    """A post acts for another from ``since`` until the day before ``until``."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations", verbose_name="岗位")
    delegate = models.ForeignKey(
        Post, models.PROTECT, related_name="stands_in", verbose_name="代理岗"
    )

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "代理"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["post", "delegate", "since"], name="city_delegation_once"
            ),
        ]
        indexes = [models.Index(fields=["delegate", "until"])]

    def __str__(self) -> str:
        return f"{self.post} → {self.delegate}"


class ApiClient(Dated):
    """A machine that acts as a post; only a hash of its token is kept."""

    name = models.CharField("名称", max_length=60, unique=True)
    post = models.ForeignKey(Post, models.PROTECT, verbose_name="岗位")
    token_hash = models.CharField("令牌摘要", max_length=64, unique=True, null=True, blank=True)

    class Meta(Dated.Meta):
        verbose_name = verbose_name_plural = "接口用户"

    def __str__(self) -> str:
        return self.name


class LocalParameter(models.Model):
    """A city's own value of a parameter, from ``since`` on; ``law`` holds the national ones.

    ``value`` None gives back to what the law's files say from that day on.
    """

    name = models.CharField("参数", max_length=80)
    value = models.JSONField("值", null=True, blank=True)
    since = models.DateField("起始日期")
    reason = models.CharField("依据", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "本地参数"
        constraints = [
            models.UniqueConstraint(fields=["name", "since"], name="city_parameter_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.since}"


class Stamp(models.Model):
    """How often the city has changed: tells every process when to read it again."""

    id = models.PositiveSmallIntegerField(primary_key=True)
    count = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "变动次数"

    def __str__(self) -> str:
        return str(self.count)
