"""How every form is rendered and how it says what is missing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.renderers import DjangoTemplates
from django.forms.utils import pretty_name
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from . import words


class Renderer(DjangoTemplates):
    """``FORM_RENDERER``: ``{{ form }}`` and ``{{ form.name.as_field_group }}`` use our templates."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"


#: What Django says of a limit, as a clerk would say it.
_LIMITS = {
    "max_length": gettext_lazy("最多%(limit_value)s个字，现在有%(show_value)s个"),
    "min_value": gettext_lazy("不能小于%(limit_value)s"),
    "max_value": gettext_lazy("不能大于%(limit_value)s"),
}


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
    """Let an empty required field say its own label, and limits speak plainly.

    A message of a field's own is kept. A form that changes a label after ``__init__`` calls this again.
    """
    field = form.fields[name]
    for code, limit in _LIMITS.items():
        field.error_messages.setdefault(code, limit)
    said = field.error_messages.get("required")
    if said != forms.Field.default_error_messages["required"] and not isinstance(said, Missing):
        return
    label = field.label or pretty_name(name)
    if isinstance(
        field.widget,
        forms.Select | forms.RadioSelect | forms.FileInput | forms.CheckboxSelectMultiple,
    ):
        text = _("“%(label)s”还没有选") % {"label": label}
    elif isinstance(field.widget, forms.CheckboxInput):
        text = _("请先勾选“%(label)s”") % {"label": label}
    else:
        text = _("“%(label)s”还没有填") % {"label": label}
    field.error_messages["required"] = Missing(text)


class FilesInput(forms.FileInput):
    """A file input for several files, with previews where scripts run."""

    allow_multiple_selected = True


class FilesField(forms.Field):
    """Several uploaded files: ``clean`` returns a list, empty where none were chosen.

    Parameters
    ----------
    most : how many files at most.
    size : bytes of the largest allowed file. What is in the files is not looked at here.
    accept : what the browser offers first, such as ``image/*,.pdf``.
    """

    widget = FilesInput

    def __init__(self, *, most: int = 9, size: int, accept: str = "", **kwargs: Any) -> None:
        self.most, self.size = most, size
        super().__init__(**kwargs)
        marks = {"data-photos": "", "data-max": str(most), "data-bytes": str(size)}
        self.widget.attrs |= marks | ({"accept": accept} if accept else {})

    def clean(self, value: Any) -> list[UploadedFile]:
        files: list[UploadedFile] = [f for f in value or [] if f]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        wrong = []
        if len(files) > self.most:
            text = ngettext("最多%(n)s个文件", "最多%(n)s个文件", self.most)
            wrong.append(text % {"n": self.most})
        for at, file in enumerate(files, 1):
            about = {"at": at, "name": file.name, "size": words.number(self.size // 1024**2)}
            if (file.size or 0) > self.size:
                wrong.append(_("第%(at)s个文件“%(name)s”超过%(size)s MB，请换小一点的") % about)
            elif not file.size:
                wrong.append(_("第%(at)s个文件“%(name)s”是空的，请换一个") % about)
        if wrong:
            raise forms.ValidationError(wrong)
        return files
