"""Receipts that may be printed in this session: of matters registered here, or given anew here.

Whoever holds the code speaks as the citizen, so no clerk can look it up later.
"""

from __future__ import annotations

from django.http import HttpRequest

#: Session key (a clerk's browser may hold the portal's own beside it), and how many are kept.
_KEY, _MOST = "desk-filed", 20


def remember(request: HttpRequest, matter: int) -> None:
    others = [i for i in request.session.get(_KEY, []) if i != matter]
    request.session[_KEY] = [*others, matter][-_MOST:]


def may_print(request: HttpRequest, matter: int) -> bool:
    return matter in request.session.get(_KEY, [])
