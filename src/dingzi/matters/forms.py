"""A form in the browser for any action, made from its declared fields."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core import blobs, reasons
from dingzi.core.errors import Invalid, Refusal

from . import proposing, registry
from .clocks import LOCAL
from .fields import FieldDef
from .models import Matter
from .process import Action

EMPTY = ("", _("请选择"))


class ActForm(forms.Form):
    """Base of the forms made by ``form_for``; ``data_of`` turns the answers into an act's data."""

    declared: tuple[FieldDef, ...] = ()

    def data_of(self) -> dict[str, Any]:
        """Return the cleaned answers as ``matters.act`` takes them; stores papers as blobs."""
        data: dict[str, Any] = {}
        for one in self.declared:
            value = self.cleaned_data.get(one.name)
            if value in (None, "", []):
                continue
            data[one.name] = _WRITE.get(one.kind, lambda v: v)(value)
        return data

    def refuse(self, refusal: Refusal) -> None:
        """Put the reasons of a refusal beside their fields, the rest above the form."""
        for reason in refusal.reasons:
            name = str(reason[1].get("field", "")).split(".")[0]
            self.add_error(name if name in self.fields else None, reasons.say(reason))


def form_for(
    action: Action,
    viewer: Viewer,
    matter: Matter | None = None,
    data: Any = None,
    files: MultiValueDict[str, Any] | None = None,
    *,
    only: tuple[str, ...] | None = None,
    prefix: str | None = None,
    initial: dict[str, Any] | None = None,
) -> ActForm:
    """Return the form of ``action``; ``only`` limits it to the fields of one step."""
    declared = tuple(
        f for f in action.fields if (only is None or f.name in only) and _can_be_asked(f, matter)
    )
    made: dict[str, Any] = {f.name: _field(f, matter, viewer.unit) for f in declared}
    kind = type("ActionForm", (ActForm,), made | {"declared": declared})
    start = _initial(matter) | (initial or {})
    if any(_recategorises(f, matter) for f in declared):
        start.pop(proposing.FIELD, None)  # what is not touched stays as it is
    form = kind(data, files, prefix=prefix, initial=start)
    if any(f.name == proposing.FIELD and f.kind == "choice" for f in declared):
        _propose(form, matter)
    return form


def _propose(form: ActForm, matter: Matter | None) -> None:
    """Begin with the category that the matter's words speak of, and say which words."""
    found = proposing.proposal(matter)
    name = proposing.FIELD
    if found is not None and found.category and not form.initial.get(name):
        form.initial[name] = found.category
        quoted = "".join(f"“{word}”" for word in found.words[:3])
        form.fields[name].help_text = format_lazy(
            _("里面写到{words}，先这样选了，您定。"), words=quoted
        )


def _initial(matter: Matter | None) -> dict[str, Any]:
    if matter is None:
        return {}
    return {"category": matter.category, "subcategory": matter.subcategory}


def _text(one: FieldDef) -> tuple[str, str]:
    language = get_language() or "zh-hans"
    return (
        one.label.in_language(language),
        one.help.in_language(language) if one.help else "",
    )


def _field(one: FieldDef, matter: Matter | None, desk: int | None) -> forms.Field:
    label, help_text = _text(one)
    common: dict[str, Any] = {"label": label, "help_text": help_text, "required": one.required}
    limit = one.max or (120 if one.kind in ("line", "matter") else 2_000)
    if _recategorises(one, matter):
        return forms.ChoiceField(choices=[("", _("不改")), *_categories(matter)], **common)
    if one.kind in ("line", "matter"):
        return forms.CharField(max_length=limit, **common)
    if one.kind == "text" and one.rich:
        return forms.CharField(max_length=limit, widget=RichText(attrs={"rows": 18}), **common)
    if one.kind == "text":
        rows = 3 if limit <= 500 else 6
        return forms.CharField(
            max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **common
        )
    if one.kind in ("phone", "identity"):
        kind = "tel" if one.kind == "phone" else "text"
        widget = forms.TextInput(attrs={"type": kind, "inputmode": kind, "autocomplete": kind})
        return forms.CharField(max_length=24, widget=widget, **common)
    if one.kind == "flag":
        return forms.BooleanField(label=label, help_text=help_text, required=False)
    if one.kind == "choice":
        return _choice(one, common)
    if one.kind == "choices":
        return forms.MultipleChoiceField(
            choices=_labels(one), widget=forms.CheckboxSelectMultiple, **common
        )
    if one.kind == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **common)
    if one.kind == "moment":
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"})
        return forms.DateTimeField(widget=widget, **common)
    if one.kind == "number":
        return forms.IntegerField(min_value=0, **common)
    if one.kind == "money":
        return forms.DecimalField(min_value=0, max_digits=16, decimal_places=2, **common)
    if one.kind == "place":
        return PlaceField(**common)
    if one.kind in ("unit", "units", "post"):
        return _who(one, matter, desk, common)
    if one.kind == "papers":
        return PapersField(**common)
    if one.kind == "names":
        return NamesField(**common)
    return PartiesField(**common)


def _recategorises(one: FieldDef, matter: Matter | None) -> bool:
    """Tell whether a common action, which knows no process, asks for the matter's category."""
    return matter is not None and one.name == proposing.FIELD and one.kind == "line"


def _can_be_asked(one: FieldDef, matter: Matter | None) -> bool:
    """Leave out the category where the process knows none, as that of a task."""
    return not _recategorises(one, matter) or bool(_categories(matter))


def _categories(matter: Matter | None) -> list[tuple[str, str]]:
    assert matter is not None
    known = registry.process(matter.process, matter.version).categories()
    language = get_language() or "zh-hans"
    return [(code, label.in_language(language)) for code, label in known.items()]


def _labels(one: FieldDef) -> list[tuple[str, str]]:
    language = get_language() or "zh-hans"
    return [(code, text.in_language(language)) for code, text in one.choices.items()]


def _choice(one: FieldDef, common: dict[str, Any]) -> forms.Field:
    labels = _labels(one)
    if len(labels) <= 5:
        return forms.ChoiceField(choices=labels, widget=forms.RadioSelect, **common)
    return forms.ChoiceField(choices=[EMPTY, *labels], **common)


def _who(
    one: FieldDef, matter: Matter | None, desk: int | None, common: dict[str, Any]
) -> forms.Field:
    """Offer units (or posts) around the matter's place or the desk, nearest first."""
    language = get_language() or "zh-hans"
    near = near_units(matter, one.unit_kinds, desk)
    if one.kind == "post":
        posts = [
            (str(p.id), f"{directory.name_of(u, language)} {directory.name_of(p, language)}")
            for u in near
            for p in directory.posts_of(u.id)
            if (matter is None or p.id != matter.holder_id)
            and (not one.roles or p.roles & set(one.roles))
        ]
        return forms.TypedChoiceField(
            choices=[EMPTY, *posts], coerce=int, empty_value=None, **common
        )
    units = [(str(u.id), directory.name_of(u, language)) for u in near]
    if one.kind == "unit":
        return forms.TypedChoiceField(
            choices=[EMPTY, *units], coerce=int, empty_value=None, **common
        )
    return forms.TypedMultipleChoiceField(
        choices=units, coerce=int, widget=forms.CheckboxSelectMultiple, **common
    )


def near_units(
    matter: Matter | None, kinds: tuple[str, ...], desk: int | None = None
) -> list[directory.UnitCard]:
    """Return open units in the matter's town, then its county, then of the city.

    Where no matter is there yet, those around the unit ``desk`` that opens it.
    """
    own = directory.unit(desk)
    town, county = (matter.town, matter.county) if matter else _around(own)
    codes = [town, county, county[:4]]
    ranked = []
    for unit in directory.units():
        if unit.until is not None or (kinds and unit.kind not in kinds):
            continue
        if unit.division in codes:
            ranked.append((codes.index(unit.division), unit.id, unit))
        elif town and unit.division.startswith(town):
            ranked.append((3, unit.id, unit))
    return [u for _, _, u in sorted(ranked, key=lambda r: r[:2])]


def _around(unit: directory.UnitCard | None) -> tuple[str, str]:
    """Return town and county of a unit; of one of the city the city for both."""
    code = unit.division if unit else ""
    return code[:9] if len(code) >= 9 else "", code[:6]


class PlaceField(forms.CharField):
    """A division by code; the widget (town, then village) is the door's."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=12, **kwargs)

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if code and directory.division(code) is None:
            raise forms.ValidationError(
                reasons.say(("unknown_division", {"field": "place", "value": code}))
            )
        return str(code)


class RichText(forms.Textarea):
    """A plain area for Markdown, which a script makes into an editor where scripts run."""

    template_name = "ui/forms/rich.html"


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Several files; each is checked by content and kept under its digest."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[dict[str, Any]]:
        given = [f for f in (data or []) if f] if isinstance(data, list | tuple) else [data]
        given = [f for f in given if f]
        if not given:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"])
            return []
        try:
            return [_stored(f) for f in given]
        except Invalid as refusal:
            raise forms.ValidationError(reasons.say_all(refusal)) from None


def _stored(upload: Any) -> dict[str, Any]:
    from django.conf import settings

    kept = blobs.store(upload, limit=settings.UPLOAD_LIMIT)
    return {
        "digest": kept.digest,
        "name": kept.name,
        "media_type": kept.media_type,
        "size": kept.size,
    }


class NamesField(forms.CharField):
    """Names, one a line or between commas."""

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value) or "")
        for mark in "，、,;；\n":
            text = text.replace(mark, "\n")
        return [n.strip() for n in text.split("\n") if n.strip()]


class PartiesField(forms.CharField):
    """The other side in words: one a line, ``name`` or ``name, telephone``."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 2}), max_length=600, **kwargs)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        parties = []
        for line in str(super().clean(value) or "").splitlines():
            name, _, phone = line.strip().replace("，", ",").partition(",")
            if name.strip():
                parties.append(
                    {"side": "respondent", "name": name.strip()[:60], "phone": phone.strip()}
                )
        return parties


def _day(value: date) -> str:
    return value.isoformat()


def _moment(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=LOCAL)
    return aware.isoformat()


_WRITE: dict[str, Any] = {
    "date": _day,
    "moment": _moment,
    "money": lambda yuan: int(yuan * 100),
}
