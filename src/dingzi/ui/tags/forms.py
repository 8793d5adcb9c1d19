"""Forms: error summary, fields, and the blocks that wrap them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from dingzi.ui.tags import Item

register = template.Library()


def _block(part: str, content: str, /, **values: Any) -> SafeString:
    return SafeString(render_to_string(f"ui/parts/{part}.html", {"content": content, **values}))


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(
    form: BaseForm | None = None, reasons: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    """Sum up what must be put right: a form's errors, then (field id or "", text) pairs."""
    lines: list[tuple[str, str]] = []
    if form is not None and form.is_bound:
        lines += [("", str(text)) for text in form.non_field_errors()]
        for field in form:
            lines += [(field.id_for_label or field.auto_id, str(text)) for text in field.errors]
    lines += list(reasons)
    return {"lines": lines}


@register.simple_tag
def form_fields(form: BaseForm) -> SafeString:
    """Render a form's fields without its error summary and without ``<form>``."""
    return SafeString(form.render("ui/forms/fields.html"))


@register.simple_block_tag(takes_context=True)
def act(
    context: Context,
    content: str,
    title: str,
    url: str = "",
    key: str = "",
    submit: str = "",
    says: str = "",
    open: bool = False,
    files: bool = False,
    name: str = "",
) -> SafeString:
    """Wrap the fields of an act into a panel that opens in place, with its form and button."""
    token = context.get("csrf_token", "")
    values = {k: v for k, v in locals().items() if k not in ("context", "content")}
    return _block("act", content, **values)


@register.simple_block_tag
def said(content: str, label: str, inside: bool = False) -> SafeString:
    """Frame a public reply (steel, solid) or an internal note (``inside=True``, dashed)."""
    return _block("said", content, label=label, inside=inside)


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """Say why a list is empty; the content says what to do next."""
    return _block("empty", content, title=title)


@register.simple_block_tag
def saved(content: str) -> SafeString:
    """Tell that something was done."""
    return _block("saved", content)


@register.simple_block_tag(takes_context=True)
def ask(
    context: Context,
    content: str,
    title: str,
    text: str,
    yes: Item,
    no: Item,
    url: str,
    name: str = "answer",
) -> SafeString:
    """Ask for one of two answers with equal buttons; the content is further fields of the form.

    ``yes`` and ``no`` are {"value", "label", "leads"}.
    """
    token = context.get("csrf_token", "")
    values = {k: v for k, v in locals().items() if k not in ("context", "content")}
    return _block("ask", content, **values)
