"""What a figure rests on, as its page and a file tell it; and what was frozen of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_safe

from dingzi.core import reasons
from dingzi.core.errors import NotFound
from dingzi.figures import Figure, Value, corrections, freezing, proving
from dingzi.figures import registry as declared
from dingzi.figures.answers import rounded
from dingzi.figures.bounding import may_hide
from dingzi.figures.recounting import lacking
from dingzi.ui import words

from . import showing, tables
from .choices import Chosen, chosen
from .pages import open_to_all

if TYPE_CHECKING:
    from dingzi.figures.snapshots.reading import Tree


def box(value: Value, asked: Chosen, tree: Tree | None) -> dict[str, Any] | None:
    """Return what the page says under "why believe it": lines, links; None without a proof."""
    found = proving.proof(value, tree)
    if found is None:
        return None
    waits = ngettext(
        "另有%(n)s件事的操作刚办完，正在封存，也算进去了",
        "另有%(n)s件事的操作刚办完，正在封存，也算进去了",
        found.waiting,
    ) % {"n": words.number(found.waiting)}
    rows = [
        {
            "term": _("算到哪儿"),
            "text": _("公开日志第%(size)s条") % {"size": words.number(found.size)},
            "note": waits if found.waiting else "",
        },
        {"term": _("根"), "text": found.root[:16] + "…"},
        {
            "term": _("算法"),
            "text": _("第%(n)s版，编号 %(id)s") % {"n": value.version, "id": value.definition},
        },
        {"term": _("时间"), "text": str(value.period.dates())},
    ]
    figure = declared.get(value.figure)
    if hides := may_hide(figure, dict(value.dims)):
        rows.append({"term": _("保密的事项"), "text": _("也算在里面，公开日志不显示它们。")})
    said = _("算到公开日志第%(size)s条，根是%(root)s…，算法第%(n)s版。") % {
        "size": words.number(found.size),
        "root": found.root[:8],
        "n": value.version,
    }
    links = [(_("怎么证明"), "#proof"), (_("公开日志"), reverse("portal:log"))]
    return {
        "rows": rows,
        "how": _how(figure, hides),
        "text": said + (waits + pgettext("标点", "。") if found.waiting else ""),
        "links": links,
        "url": reverse("portal:figure_proof", args=[value.figure]) + tables.query(asked),
        "log": reverse("portal:log"),
    }


def _how(figure: Figure, hides: bool) -> str:
    """Return who can count it again, and by what."""
    if lacking(figure):
        return _(
            "它要用的有些内容公开日志里不显示；审计拿到市里打开的内容，一条一条和日志对上，就能照算法重算。"
        )
    if hides:
        return _(
            "谁都可以下载公开日志自己重算，知道这个数在哪两个数之间；保密的事项日志里不显示，要算准得请市里对审计打开。"
        )
    return _("谁都可以下载公开日志，照算法自己重算一遍。")


def as_of(figure: Figure, asked: Chosen, tree: Tree | None) -> dict[str, Any]:
    """Return what lets one ask for an earlier number, and when the one shown stood so."""
    own = {name: value for name, value in asked.asked.items() if name != "size"}
    return {
        "size": tree.size if tree else "",
        "at": tree.at if tree else None,
        "keep": list(own.items()),
        "now": showing.figure_url(figure.name, **own),
    }


def frozen(figure: Figure, dims: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what was frozen of a figure, of the city or a county: then, now, the difference, why."""
    if {*dims} - {freezing.BY}:
        return []
    found = corrections.corrections(figure.name, place=dims.get(freezing.BY, ""))
    return [_frozen(figure, one) for one in found]


def _frozen(figure: Figure, one: corrections.Correction) -> dict[str, Any]:
    apart = None
    if one.difference is not None:
        apart = rounded(one.difference * figure.scale, figure.places)
    return {
        "period": str(one.period.words()),
        "at": one.frozen.at,
        "size": one.frozen.size,
        "then": words.number(rounded(one.then * figure.scale, figure.places)),
        "now": one.now.amount,
        "change": showing.signed(apart) if one.difference else "",
        "why": [reasons.say(reason) for reason in one.why],
    }


@open_to_all
@require_safe
def proof(request: HttpRequest, name: str) -> HttpResponse:
    """Give the proof of one value as a file."""
    figure = declared.get(name)
    if not figure.listed:
        raise NotFound.of("no_such_figure", name=name)
    asked = chosen(figure, request.GET)
    found = proving.prove(figure, asked.period, asked.dims, asked.size)
    if found is None:
        raise NotFound.of("figure_unproven")
    body = json.dumps(proving.document(found), ensure_ascii=False, indent=2)
    answer = HttpResponse(body, content_type="application/json")
    file = f"{figure.name}-{asked.period.code}-proof".replace("..", "_")
    answer["Content-Disposition"] = f'attachment; filename="{file}.json"'
    return answer
