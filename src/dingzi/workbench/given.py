"""Receipts that may be printed in this session: of matters registered here, or given anew here.

Whoever holds the code speaks as the citizen, so no clerk can look it up later.
"""

from __future__ import annotations

from django.http import HttpRequest

#: Session key, and how many are kept.
_KEY, _MOST = "filed", 20


def remember(request: HttpRequest, matter: int) -> None:
    others = [i for i in request.session.get(_KEY, []) if i != matter]
    request.session[_KEY] = [*others, matter][-_MOST:]


def may_print(request: HttpRequest, matter: int) -> bool:
    return matter in request.session.get(_KEY, [])
