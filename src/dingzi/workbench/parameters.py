"""Dated parameters: what holds today, on what it rests, what comes after; the city's own values."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from dingzi import law
from dingzi.city import directory
from dingzi.city.parameters import overrides
from dingzi.core import reasons
from dingzi.core import registry as mechanisms
from dingzi.core.errors import Forbidden, Invalid, NotFound
from dingzi.law import phrases
from dingzi.law import words as law_words
from dingzi.matters import book
from dingzi.matters.clocks import local_day
from dingzi.ui import words
from dingzi.ui.forms import PlainForm

from .desk import desk, language, page, viewer_of


@desk
@require_safe
def parameters(request: HttpRequest) -> HttpResponse:
    """Show every dated parameter: what holds today, on what it rests, what comes after."""
    tongue, today = language(), local_day(timezone.now())
    groups: dict[str, list[dict[str, Any]]] = {}
    for one in law.PARAMETERS:
        groups.setdefault(one.name.split(".")[0], []).append(_parameter(one, today, tongue))
    shown = [{"title": _group(name, tongue), "rows": rows} for name, rows in groups.items()]
    return page(request, "parameters", {"groups": shown}, current="parameters")


def _group(name: str, tongue: str) -> str:
    mechanism = mechanisms.mechanism(name)
    if mechanism is not None:
        return mechanism.title.in_language(tongue)
    titles = {
        "counting": _("怎么数日子"),
        "matters": _("各类事项通用"),
        "figures": _("数字"),
    }
    return titles.get(name, name)


def _parameter(one: law.Definition, today: date, tongue: str) -> dict[str, Any]:
    try:
        now = law.parameter(one.name, today, overrides())
    except law.NotInForce:
        now = None
    later = [d.value for d in one.dated if d.value.since > today]
    return {
        "name": one.name,
        "title": one.en if tongue.startswith("en") else one.zh,
        "value": said(one, now, tongue) if now else _("现在没有"),
        "local": bool(now and now.local),
        "source": cited(now, tongue) if now else "",
        "since": now.since if now else None,
        "later": [
            {"since": v.since, "value": said(one, v, tongue), "source": cited(v, tongue)}
            for v in later
        ],
    }


def said(one: law.Definition, value: law.Value, tongue: str) -> str:
    """Put a parameter's value into words with its unit."""
    if value.value is None:
        return _("取消")
    if value.unit in ("day", "month", "year"):
        length = (value.value, value.unit, one.kind or "calendar")
        return phrases.fill("{n:length}", {"n": length}, tongue, words=law_words.load())
    if value.unit == "flag":
        return _("是") if value.value else _("不是")
    if value.unit == "fen":
        return words.money(value.value)
    if value.unit == "text":
        return str(value.value["en" if tongue.startswith("en") else "zh"])
    if value.unit == "share":
        return f"{value.value:.1%}"
    return f"{value.value:,}"


def cited(value: law.Value, tongue: str) -> str:
    if value.local:
        return phrases.cited([{"local": True}], tongue, law_words.load())
    source = {"law": law.PARAMETERS.law(value.source), "article": value.article}
    return phrases.cited([source], tongue, law_words.load()) if value.source else ""


# -- one parameter ----------------------------------------------------------------------------


class ValueForm(PlainForm):
    """A value of the city's own, from a day on."""

    value = forms.CharField(max_length=40, required=False)
    since = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, one: law.Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.one = one
        tongue = language()
        write = law_words.load()[f"write.{one.unit}"]["en" if tongue.startswith("en") else "zh"]
        self.fields["value"].label = _("改成多少")
        self.fields["value"].help_text = _("写%(how)s。空着就是取消本市的值。") % {"how": write}
        self.fields["since"].label = _("从哪天起")
        self.fields["reason"].label = pgettext("设置", "依据")
        self.fields["reason"].help_text = _("哪次会议、哪份文件定的。")

    def clean_value(self) -> Any:
        """Return the value as its unit has it; None takes the city's value back."""
        text = self.cleaned_data["value"].strip()
        if not text:
            return None
        value = read_value(text, self.one.unit)
        if value is None:
            write = law_words.load()[f"write.{self.one.unit}"]
            name = {"zh": self.one.zh, "en": self.one.en}
            reason = ("law.override_value", {"name": name, "write": dict(write)})
            raise forms.ValidationError(reasons.say(reason))
        return value


def read_value(text: str, unit: str) -> Any:
    """Read what was typed for a unit; None where it is no such value."""
    if unit == "flag":
        return {
            "true": True,
            "是": True,
            "yes": True,
            "false": False,
            "否": False,
            "no": False,
        }.get(text.casefold())
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return int(number) if number == number.to_integral_value() else float(number)


@desk
@require_http_methods(["GET", "HEAD", "POST"])
def parameter(request: HttpRequest, name: str) -> HttpResponse:
    """Show a parameter's values by date; a steward sets the city's own."""
    viewer, tongue, today = viewer_of(request), language(), local_day(timezone.now())
    try:
        one = law.definition(name)
    except law.UnknownParameter:
        raise NotFound.of("not_found") from None
    may = book.STEWARD in viewer.roles and one.unit != "text"
    form = ValueForm(request.POST if request.method == "POST" else None, one=one)
    status = 200
    if request.method == "POST":
        if not may:
            raise Forbidden.of("not_your_role", action=_("改参数"))
        if form.is_valid() and _set(request, one, form):
            return redirect("workbench:parameter", one.name)
        status = 422
    context = {
        "one": _parameter(one, today, tongue),
        "history": _history(one, tongue),
        "form": form if may else None,
        "unit": one.unit,
    }
    return page(request, "parameter", context, current="parameters", status=status)


def _set(request: HttpRequest, one: law.Definition, form: ValueForm) -> bool:
    given = form.cleaned_data
    facts = {
        "name": one.name,
        "value": given["value"],
        "since": given["since"].isoformat(),
        "reason": given["reason"],
    }
    try:
        book.record("parameter_set", facts, by=viewer_of(request))
    except Invalid as refusal:
        for reason in refusal.reasons:
            field = str(reason[1].get("field", ""))
            form.add_error(field if field in form.fields else None, reasons.say(reason))
        return False
    messages.success(
        request, _("记进本市簿册了，从%(day)s起照新的算。") % {"day": words.day(given["since"])}
    )
    return True


def _history(one: law.Definition, tongue: str) -> list[dict[str, Any]]:
    """Return every value by date, the law's and the city's, the newest first."""
    rows = [
        {
            "since": d.value.since,
            "value": said(one, d.value, tongue),
            "source": cited(d.value, tongue),
        }
        for d in one.dated
    ]
    local = phrases.cited([{"local": True}], tongue, law_words.load())
    for own in directory.parameters().get(one.name, []):
        since = own["since"]
        day = since if isinstance(since, date) else date.fromisoformat(since)
        value = law.Value(own["value"], one.unit, "", "", True, day, None)
        rows.append({"since": day, "value": said(one, value, tongue), "source": local})
    return sorted(rows, key=lambda row: row["since"], reverse=True)
