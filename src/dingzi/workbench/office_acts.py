"""The acts of the city's book as forms: what a steward does with units, posts and accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dingzi.city.models import Post, Unit, fresh_code
from dingzi.core import reasons
from dingzi.core.errors import Invalid, NotFound, Refusal
from dingzi.matters import book
from dingzi.ui.forms import PlainForm

from . import office_fields as fields
from .desk import viewer_of

#: Facts that follow from the page: fields of a form by name.
Facts = dict[str, Any]
Make = Callable[[Any, Facts], Facts]


@dataclass(frozen=True, slots=True)
class BookAct:
    """An action of the book on one unit, post or account.

    Attributes
    ----------
    form : makes the form for the subject; its fields are called as the facts are.
    facts : turns what was filled in into facts.
    says : what follows, told beside the button.
    """

    action: str
    title: Any
    form: Callable[..., PlainForm]
    facts: Make
    says: Any = ""


@dataclass(slots=True)
class Offer:
    """An act as a page shows it: its form, opened where something is wrong with it."""

    act: BookAct
    form: PlainForm
    key: UUID
    open: bool = False
    refusal: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return str(self.act.title)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Return what no field is to blame for, as an error summary takes it."""
        return [("", text) for text in self.refusal]


def plain(given: Facts) -> Facts:
    """Return what was filled in as facts: days as texts, what is empty left out."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in given.items()
        if value not in (None, "")
    }


def about(subject: Unit | Post, given: Facts) -> Facts:
    return {"code": subject.code} | plain(given)


def with_supervisor(post: Post, given: Facts) -> Facts:
    """Name every field: an empty supervisor means none, not "as before"."""
    return about(post, given) | {"supervisor": given["supervisor"] or None}


def in_unit(unit: Unit, given: Facts) -> Facts:
    return {"code": f"{unit.code}.{fresh_code()[:6]}", "unit": unit.code} | plain(given)


UNIT = (
    BookAct(
        "post_opened", gettext_lazy("设一个岗位"), fields.PostForm, in_unit,
        gettext_lazy("岗位先空着；再请人任职。"),
    ),
    BookAct(
        "unit_changed", gettext_lazy("改名称"), fields.RenameForm, about,
        gettext_lazy("原来的名称留着，写明用到哪天。"),
    ),
    BookAct(
        "unit_merged", gettext_lazy("并入别的单位"), fields.MergeForm, about,
        gettext_lazy("岗位和岗位上的人一起过去，这个单位到此为止；还在办的事，先转给接手的单位。"),
    ),
    BookAct(
        "unit_closed", gettext_lazy("撤销"), fields.DayForm, about,
        gettext_lazy("还有岗位的单位不能撤销：先撤岗位，或者并入别的单位。"),
    ),
)  # fmt: skip

VACANT = (
    BookAct(
        "tenure_started", gettext_lazy("请人任职"), fields.TenureForm,
        lambda post, given: {"post": post.code} | plain(given),
        gettext_lazy("从那天起，这个人能看、能办岗位上的事；岗上有事的，要逐件签收。"),
    ),
)  # fmt: skip
HELD = (
    BookAct(
        "tenure_ended", gettext_lazy("结束任职"), fields.EndForm,
        lambda post, given: {"post": post.code} | plain(given),
        gettext_lazy("从那天起他不能再办；岗上的事列成交接单，期限照走，等接任的人签收。"),
    ),
)  # fmt: skip
POST = (
    BookAct(
        "delegated", gettext_lazy("请别的岗位代办"), fields.DelegateForm,
        lambda post, given: {"post": post.code} | plain(given),
        gettext_lazy("代办的岗位能看、能办这个岗位的事；不能再转托。"),
    ),
    BookAct(
        "post_changed", gettext_lazy("改岗位"), fields.PostForm, with_supervisor,
        gettext_lazy("职责改了，马上按新的来。"),
    ),
    BookAct(
        "post_closed", gettext_lazy("撤销岗位"), fields.DayForm, about,
        gettext_lazy("岗上还有事的不能撤：先转走。任职和代办一起结束。"),
    ),
)  # fmt: skip
DELEGATED = BookAct(
    "delegation_ended", gettext_lazy("结束代办"), fields.EndDelegationForm,
    lambda post, given: {"post": post.code} | plain(given),
)  # fmt: skip
NEW_UNIT = BookAct(
    "unit_opened", gettext_lazy("设一个单位"), fields.UnitForm,
    lambda _none, given: {"code": f"u-{fresh_code()[:8]}"} | plain(given),
)  # fmt: skip
NEW_ACCOUNT = BookAct(
    "account_opened", gettext_lazy("开一个账号"), fields.AccountForm,
    lambda _none, given: {"username": given["username"]},
)  # fmt: skip
CLOSE_ACCOUNT = BookAct(
    "account_closed", gettext_lazy("停用账号"), fields.DayForm,
    lambda account, given: {"username": account.username} | plain(given),
    gettext_lazy("马上不能登录；任职到那天为止，岗上的事列成交接单。"),
)  # fmt: skip

NEW_CLIENT = BookAct(
    "client_opened", gettext_lazy("开一个接口用户"), fields.ClientForm,
    lambda _post, given: plain(given),
    gettext_lazy("开好了再给令牌。"),
)  # fmt: skip
END_CLIENT = BookAct(
    "client_closed", gettext_lazy("停用"), fields.EndClientForm,
    lambda client, given: {"name": client.name} | plain(given),
    gettext_lazy("从那天起令牌不能用；名称不能再用。"),
)  # fmt: skip


def may(request: HttpRequest) -> bool:
    return book.STEWARD in viewer_of(request).roles


def offers(request: HttpRequest, acts: tuple[BookAct, ...], subject: Any) -> list[Offer]:
    """Return the acts with empty forms, the one asked for by ``?do=`` opened; none to others."""
    if not may(request):
        return []
    asked = request.GET.get("do", "")
    return [
        Offer(act, act.form(subject=subject, prefix=act.action), uuid4(), act.action == asked)
        for act in acts
    ]


def done(request: HttpRequest, acts: tuple[BookAct, ...], subject: Any) -> Offer | Facts:
    """Do the act that was sent: its facts, or where it was refused the offer that says why."""
    name = request.POST.get("do", "")
    act = next((one for one in acts if one.action == name), None)
    if act is None:
        raise NotFound.of("no_such_action", action=name[:40])
    form = act.form(request.POST, subject=subject, prefix=act.action)
    offer = Offer(act, form, _key(request), open=True)
    if not form.is_valid():
        return offer
    facts = act.facts(subject, form.cleaned_data)
    try:
        book.record(act.action, facts, by=viewer_of(request), key=offer.key)
    except Refusal as refusal:
        offer.refusal = tuple(_told(form, refusal))
        return offer
    return facts


def _told(form: PlainForm, refusal: Refusal) -> list[str]:
    """Put reasons to their fields; return those that belong to none."""
    if not isinstance(refusal, Invalid):
        return reasons.say_all(refusal)
    rest = []
    for reason in refusal.reasons:
        field = str(reason[1].get("field", ""))
        if field in form.fields:
            form.add_error(field, forms.ValidationError(reasons.say(reason)))
        else:
            rest.append(reasons.say(reason))
    return rest


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def open_again(request: HttpRequest, username: str) -> None:
    """Open a closed account again, under its very name."""
    book.record("account_opened", {"username": username}, by=viewer_of(request))


def written() -> str:
    return _("记进本市簿册了。")
