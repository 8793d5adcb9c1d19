"""A figure as a card for other sites' pages: the only address of ours that may stand in a frame.

It sets and reads no cookie, runs no script, and says the same to everybody; ``?lang=en`` for English.
"""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from dingzi import figures as counted
from dingzi.core.errors import NotFound
from dingzi.figures import Figure
from dingzi.figures import registry as declared

from . import showing, tables
from .choices import Chosen, chosen
from .figures import place_of
from .keeping import KEPT, kept
from .pages import city_name, open_to_all

LANGUAGES = ("zh-hans", "en")
#: Any page may frame it; nothing in it may run or send.
_framed: Any = csp_replace(
    {"frame-ancestors": ["*"], "script-src": ["'none'"], "form-action": ["'none'"]}
)


@open_to_all
@_framed
@require_safe
def card(request: HttpRequest, name: str) -> HttpResponse:
    """Show one figure's value, its change on the year before, its period and small trend."""
    figure = declared.get(name)
    if not figure.listed:
        raise NotFound.of("no_such_figure", name=name)
    asked = chosen(figure, request.GET)
    tongue = request.GET.get("lang", "")
    with translation.override(tongue if tongue in LANGUAGES else LANGUAGES[0]):
        place = f"card:{name}{tables.query(asked)}"
        shown = kept(place, lambda: _shown(figure, asked))
        around = {"city": city_name(), "home": reverse("portal:home")}
        answer = render(request, "portal/figures/card.html", shown | around)
    answer["Cache-Control"] = f"public, max-age={KEPT}"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer.xframe_options_exempt = True
    return answer


def _shown(figure: Figure, asked: Chosen) -> dict[str, Any]:
    with asked.answered():
        found = counted.card(figure, asked.period, asked.dims)
    shown = showing.card(found, place_of(figure, asked.dims) + pgettext("标点", "，"))
    link = asked.asked | {"period": asked.period.code}
    return shown | {"url": showing.figure_url(figure.name, **link)}
