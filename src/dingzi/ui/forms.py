"""How every form is rendered and how it says what is missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.forms.utils import pretty_name
from django.utils.translation import gettext as _


class Renderer(DjangoTemplates):
    """``FORM_RENDERER``: ``{{ form }}`` and ``{{ form.name.as_field_group }}`` use our templates."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


class Missing(str):
    """A message made here, which may be made again."""

    __slots__ = ()


class PlainForm(forms.Form):
    """A form whose errors name their field, so that the summary can be read by itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields:
            name_what_is_missing(self, name)


def name_what_is_missing(form: forms.BaseForm, name: str) -> None:
    """Let an empty required field say its own label; a message of its own is kept.

    A form that changes a label after ``__init__`` calls this again.
    """
    field = form.fields[name]
    said = field.error_messages.get("required")
    if said != forms.Field.default_error_messages["required"] and not isinstance(said, Missing):
        return
    label = field.label or pretty_name(name)
    if isinstance(field.widget, forms.Select | forms.RadioSelect | forms.FileInput):
        text = _("“%(label)s”还没有选") % {"label": label}
    elif isinstance(field.widget, forms.CheckboxInput):
        text = _("请先勾选“%(label)s”") % {"label": label}
    else:
        text = _("“%(label)s”还没有填") % {"label": label}
    field.error_messages["required"] = Missing(text)
