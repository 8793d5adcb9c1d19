"""The fields of the forms by which a steward changes units, posts and accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from dingzi.city import directory, roles, selectors
from dingzi.city.directory import UnitCard
from dingzi.city.models import Account, Post, Unit
from dingzi.core import reasons
from dingzi.ui.forms import PlainForm

from .desk import language

Choices = list[Any]


class BookForm(PlainForm):
    """A form about a ``subject``; its labels are words of the reader's language."""

    def __init__(self, *args: Any, subject: Any = None, **kwargs: Any) -> None:
        self.subject = subject
        self.base_fields = self.base_fields | self.asked()  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    def asked(self) -> dict[str, forms.Field]:
        raise NotImplementedError


def day(label: str, help_text: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, required=required,
        initial=timezone.localdate() if required else None,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip


def _line(label: str, most: int, initial: str = "", **more: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, initial=initial, **more)


class DayForm(BookForm):
    def asked(self) -> dict[str, forms.Field]:
        return {"on": day(_("从哪天起"), _("那天起不再有；不能写以后的日子。"))}


class RenameForm(BookForm):
    def asked(self) -> dict[str, forms.Field]:
        return {
            "name": _line(_("新名称"), 80, self.subject.name),
            "name_en": _line(_("英文名称"), 120, self.subject.name_en, required=False),
            "on": day(_("从哪天起"), _("不能写以后的日子，到那天再记。")),
        }


class MergeForm(BookForm):
    def asked(self) -> dict[str, forms.Field]:
        units = [u for u in near(self.subject) if u.id != self.subject.id]
        return {
            "successor": forms.ChoiceField(label=_("并入哪个单位"), choices=_units(units)),
            "on": day(_("从哪天起")),
        }


class PostForm(BookForm):
    """For a new post of a unit, or the changes to one that is there."""

    def asked(self) -> dict[str, forms.Field]:
        post = self.subject if isinstance(self.subject, Post) else None
        unit = post.unit if post else self.subject
        above = post.supervisor.code if post and post.supervisor else ""
        found: dict[str, forms.Field] = {
            "name": _line(_("岗位名称"), 40, post.name if post else ""),
            "name_en": _line(_("英文名称"), 60, post.name_en if post else "", required=False),
            "roles": forms.MultipleChoiceField(
                label=_("职责"), initial=post.roles if post else [],
                choices=[(r.name, role_label(r.name)) for r in roles.roles()],
                widget=forms.CheckboxSelectMultiple,
            ),
            "supervisor": forms.ChoiceField(
                label=_("上级岗位"), required=False, initial=above,
                help_text=_("逾期没办的、到期没签收的，报给它。"),
                choices=[("", _("没有")), *posts_near(unit, without=post)],
            ),
        }  # fmt: skip
        return found if post else found | {"since": day(_("从哪天起"))}


class TenureForm(BookForm):
    def asked(self) -> dict[str, forms.Field]:
        return {
            "account": _line(_("账号"), 60, help_text=_("登录用的名称，如 wangxm；没有的先开账号。")),
            "since": day(_("从哪天起"), _("可以写以后的日子。")),
            "until": day(_("到哪天为止"), _("那天起不再任职；不知道就空着。"), required=False),
        }  # fmt: skip


class EndForm(BookForm):
    def asked(self) -> dict[str, forms.Field]:
        return {
            "account": forms.ChoiceField(
                label=_("谁"), choices=[(n, n) for n in sitting(self.subject)]
            ),
            "until": day(_("从哪天起不再任职")),
        }


class DelegateForm(BookForm):
    def asked(self) -> dict[str, forms.Field]:
        return {
            "delegate": forms.ChoiceField(
                label=_("请哪个岗位代办"),
                choices=posts_near(self.subject.unit, without=self.subject),
            ),
            "since": day(_("从哪天起")),
            "until": day(_("到哪天为止"), _("那天起不再代办；不知道就空着。"), required=False),
        }


class EndDelegationForm(BookForm):
    def asked(self) -> dict[str, forms.Field]:
        running = self.subject.delegations.filter(selectors.held_on(timezone.localdate()))
        return {
            "delegate": forms.ChoiceField(
                label=_("哪个岗位"),
                choices=[
                    (d.delegate.code, post_label(d.delegate))
                    for d in running.select_related("delegate__unit")
                ],
            ),
            "until": day(_("从哪天起不再代办")),
        }


class UnitForm(BookForm):
    def asked(self) -> dict[str, forms.Field]:
        kinds = sorted({u.kind for u in directory.units()})
        return {
            "name": _line(_("名称"), 80),
            "name_en": _line(_("英文名称"), 120, required=False),
            "kind": forms.ChoiceField(label=_("单位类别"), choices=[(k, kind_label(k)) for k in kinds]),
            "division": _line(_("在哪里"), 60, help_text=_("地名或区划代码，如 灵泉街道、360902001。")),
            "since": day(_("从哪天起")),
        }  # fmt: skip

    def clean_division(self) -> str:
        words = self.cleaned_data["division"]
        found = selectors.find_division(words)
        if found is None:
            reason = ("city_no_division", {"field": "division", "value": words})
            raise forms.ValidationError(reasons.say(reason))
        return found.code


class AccountForm(BookForm):
    def asked(self) -> dict[str, forms.Field]:
        return {
            "username": _line(_("账号"), 60, help_text=_("登录用的名称，不用真名；开了不能改。")),
            "display_name": _line(
                _("怎么称呼"),
                60,
                required=False,
                help_text=_("只在本人的页面和这里显示，不进簿册。"),
            ),
        }


class ClientForm(BookForm):
    """For a machine on a post: on the ``subject``'s, or the one that is named by its code."""

    def asked(self) -> dict[str, forms.Field]:
        on: Post | None = self.subject
        return {
            "name": _line(_("名称"), 60, help_text=_("哪个系统，如 市12345热线；开了不能改。")),
            "post": _line(
                _("岗位代码"), 80, on.code if on else "",
                help_text=_("在岗位的页面上看；它能看、能办的，就是这个岗位的。"),
            ),
            "since": day(_("从哪天起")),
        }  # fmt: skip


class EndClientForm(BookForm):
    def asked(self) -> dict[str, forms.Field]:
        return {"on": day(_("从哪天起"), _("可以写以后的日子。"))}


class NameForm(BookForm):
    """A person's name and address: not in the book, erased with the person."""

    def asked(self) -> dict[str, forms.Field]:
        account: Account = self.subject
        return {
            "display_name": _line(_("怎么称呼"), 60, account.display_name, required=False),
            "email": forms.EmailField(label=_("邮箱"), initial=account.email, required=False),
        }


# -- what there is to choose from -------------------------------------------------------------


def near(unit: Unit) -> list[UnitCard]:
    """Return the open units in the divisions around a unit, its own first."""
    places = [unit.division_id[:size] for size in (12, 9, 6, 4) if len(unit.division_id) >= size]
    found = [u for u in directory.units() if u.until is None and u.division in places]
    return sorted(found, key=lambda u: (-len(u.division), u.kind, u.code))


def _units(found: Iterable[UnitCard]) -> Choices:
    return [(u.code, directory.name_of(u, language())) for u in found]


def posts_near(unit: Unit, *, without: Post | None) -> Choices:
    """Return the posts of the units around, grouped by unit."""
    codes = dict(Post.objects.filter(until=None).values_list("id", "code"))
    found = []
    for one in near(unit):
        mine = [
            (codes[p.id], directory.name_of(p, language()))
            for p in directory.posts_of(one.id)
            if p.id in codes and not (without and p.id == without.id)
        ]
        if mine:
            found.append((directory.name_of(one, language()), mine))
    return found


def sitting(post: Post) -> list[str]:
    """Return the accounts that sit on a post, or will."""
    today = timezone.localdate()
    rows = post.tenures.exclude(until__lte=today).order_by("since")
    return list(rows.values_list("account__username", flat=True))


def post_label(post: Post) -> str:
    gap = " " if language().startswith("en") else ""
    return f"{directory.name_of(post.unit, language())}{gap}{directory.name_of(post, language())}"


def role_label(name: str) -> str:
    role = roles.role(name)
    if role is None:
        return name
    return role.en if language().startswith("en") else role.zh


def kind_label(kind: str) -> str:
    """Return what a kind of unit is called; a kind of the city's own goes by its code."""
    return {
        "centre": _("综治中心"),
        "mediation": _("调解委员会"),
        "justice": _("司法所、司法局"),
        "police": _("公安"),
        "court": _("法院、法庭"),
        "bureau": _("部门"),
        "village": _("村、社区"),
    }.get(kind, kind)
