"""Fields of acts as a desk asks them: places in one list, short choices in one line."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.matters.forms import ActForm
from dingzi.matters.models import Matter
from dingzi.ui.forms import name_what_is_missing

#: Choices whose labels together are no longer than this stand in one line.
INLINE = 16


def fit(form: ActForm, viewer: Viewer, matter: Matter | None = None) -> None:
    """Give the fields of a form the inputs of a desk."""
    for one in form.declared:
        field = form.fields.get(one.name)
        if field is None:
            continue
        if one.kind == "place":
            field.widget = forms.Select(choices=places(viewer, matter))
        if isinstance(field.widget, forms.RadioSelect) and _short(field):
            field.widget.attrs["class"] = "inline"
        name_what_is_missing(form, one.name)


def _short(field: Any) -> bool:
    english = (get_language() or "").startswith("en")
    return sum(len(str(label)) for _code, label in field.choices) <= INLINE * (1 + english)


def places(viewer: Viewer, matter: Matter | None = None) -> list[Any]:
    """Return the options of a place list: townships as groups, their villages in them.

    One's own township, or that of the matter, comes first. A whole county with its villages is
    offered where something new is registered; to correct a matter, the villages of its township.
    The city's own offices are offered townships.
    """
    language = get_language() or "zh-hans"
    unit = directory.unit(viewer.unit)
    around = viewer.scope or (unit.division if unit else "")
    if matter is not None and matter.county:
        around = matter.town or matter.county
    options: list[Any] = [("", _("请选择"))]
    if len(around) <= 4:
        return options + [_county(one, language) for one in directory.divisions("county")]
    towns = directory.children(around[:6])
    own = around[:9]
    for town in sorted(towns, key=lambda one: (one.code != own, one.code)):
        if matter is None or town.code == own:
            options.append(_town(town, language))
    if matter is not None:
        rest = [(t.code, directory.name_of(t, language)) for t in towns if t.code != own]
        options.append((_("本县其他乡镇"), rest))
    return options


def _county(county: directory.DivisionCard, language: str) -> tuple[str, list[tuple[str, str]]]:
    name = directory.name_of(county, language)
    towns = directory.children(county.code)
    return name, [(county.code, name)] + [
        (one.code, directory.name_of(one, language)) for one in towns
    ]


def _town(town: directory.DivisionCard, language: str) -> tuple[str, list[tuple[str, str]]]:
    name = directory.name_of(town, language)
    unknown = _("%(town)s，不知道是哪个村") % {"town": name}
    return name, [(town.code, unknown)] + [
        (one.code, directory.name_of(one, language)) for one in directory.children(town.code)
    ]
