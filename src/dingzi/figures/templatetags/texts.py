"""What a checked text is shown with: ``{% load texts %}``."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dingzi.figures import registry as declared
from dingzi.figures.texts.marking import VERDICTS, Checked, Mark
from dingzi.figures.texts.proofs import Proof
from dingzi.reading import DIFFERS, NO_DATA, VERIFIED, words
from dingzi.ui import frames

register = template.Library()
_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@register.simple_tag
def verdict(code: str) -> str:
    """Say a verdict: 核实, 不符, 无数据."""
    return {VERIFIED: _("核实"), DIFFERS: _("不符"), NO_DATA: _("无数据")}[code]


@register.simple_tag
def verdict_counts(checked: Checked) -> dict[str, int]:
    """Return the counts by ``ok``, ``off``, ``none``, and ``all`` of them."""
    counts = {VERDICTS[code][0]: n for code, n in checked.counts.items()}
    return counts | {"all": sum(counts.values())}


@register.simple_tag
def claim(piece: str | Mark) -> SafeString:
    """Write a piece of a checked text: words, or a claim that leads to what is known of it."""
    if isinstance(piece, str):
        return SafeString(escape(piece))
    return format_html(
        '<a class="claim {}" id="m{}" href="#c{}">{}<span class="vh">({})</span><sup aria-hidden="true">{}</sup></a>',
        piece.shade, piece.n, piece.n, piece.claim.text, verdict(piece.verdict), piece.n,
    )  # fmt: skip


@register.simple_tag
def figure_link(mark: Mark) -> str:
    """Return the address of the figure that a claim was bound to."""
    return frames.figure_url(mark.figure.name) if mark.figure else ""


@register.simple_tag
def aside(code: str) -> str:
    """Say why a number is no claim."""
    return words.name(f"aside.{code}", "en" if (get_language() or "").startswith("en") else "zh")


@register.simple_tag
def figure_page(name: str, period: str = "") -> str:
    """Return the address of a figure, for a period."""
    return frames.figure_url(name, period=period)


@register.filter
def proven(name: str, proof: Proof | None) -> int:
    """Return the length of the log that recounts a figure; 0 where it does not."""
    return proof.size if proof is not None and name in proof.figures else 0


@register.simple_tag
def figure_means(name: str) -> str:
    """Return a figure's definition in words."""
    return str(declared.get(name).means)


@register.simple_tag
def new_key() -> str:
    """Return a key under which a form is done once."""
    return str(uuid4())


@register.filter
def ld_json(data: dict[str, Any]) -> SafeString:
    """Write JSON-LD into a page: a block of data, escaped so that it ends where we end it."""
    text = json.dumps(data, ensure_ascii=False).translate(_IN_SCRIPT)
    return SafeString(f'<script type="application/ld+json">{text}</script>')
