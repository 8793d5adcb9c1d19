"""Papers of an act that was refused: stored already, offered again beside the form.

A browser never fills a file input by itself, so what was sent goes back as a signed reference that
only the same account can use, for as long as a session lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from dingzi.matters.forms import ActForm, form_for
from dingzi.matters.models import Matter
from dingzi.matters.process import Action

from .desk import viewer_of

_SALT = "dingzi.workbench.papers"


@dataclass(frozen=True, slots=True)
class Kept:
    """One paper that has been taken already: the input that sends it again, and its name."""

    input: str
    token: str
    name: str


def bound(
    request: HttpRequest, action: Action, matter: Matter | None, prefix: str
) -> tuple[ActForm, dict[str, list[dict[str, Any]]]]:
    """Return the form as it was sent, and the papers that an earlier try brought, by field."""
    form = form_for(action, viewer_of(request), matter, request.POST, request.FILES, prefix=prefix)
    earlier: dict[str, list[dict[str, Any]]] = {}
    for one in action.fields:
        if one.kind == "papers":
            tokens = request.POST.getlist(input_of(prefix, one.name))[:12]
            earlier[one.name] = [ref for t in tokens if (ref := _read(request, t))]
            if earlier[one.name]:
                form.fields[one.name].required = False
    return form, earlier


def data_of(form: ActForm, earlier: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the answers with the papers of this try and of those before."""
    data = form.data_of()
    for name, refs in earlier.items():
        if refs:
            data[name] = refs + data.get(name, [])
    return data


def kept(
    request: HttpRequest, form: ActForm, earlier: dict[str, list[dict[str, Any]]]
) -> list[Kept]:
    """Return every paper that is stored, to be sent again with the form."""
    found = []
    cleaned = getattr(form, "cleaned_data", {})
    for name, refs in earlier.items():
        for ref in refs + list(cleaned.get(name) or []):
            token = signing.dumps([viewer_of(request).account, ref], salt=_SALT)
            found.append(Kept(input_of(form.prefix or "", name), token, ref["name"]))
    return found


def input_of(prefix: str, name: str) -> str:
    return f"kept-{prefix}-{name}"


def _read(request: HttpRequest, token: str) -> dict[str, Any] | None:
    try:
        account, ref = signing.loads(token, salt=_SALT, max_age=settings.SESSION_COOKIE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return ref if account == viewer_of(request).account else None
