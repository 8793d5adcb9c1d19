"""Who may attach a stored file: who has sent it, and shows the ticket that he got for it.

A file lies under its SHA-256, which somebody may know without having the file: the ticket is keyed
by the installation's secret and so is had only from an upload.
"""

from __future__ import annotations

import hmac
from typing import Any

from django.utils.crypto import salted_hmac

from dingzi.core.errors import Invalid, Reason


def ticket(digest: str) -> str:
    """Return what an upload of this content gives beside its digest."""
    return salted_hmac("dingzi.paper", digest, algorithm="sha256").hexdigest()[:32]


def taken(data: dict[str, Any]) -> dict[str, Any]:
    """Return an act's data without its tickets.

    Raises
    ------
    Invalid
        ``unknown_paper`` for a paper whose ticket is missing or another's: nothing is told of
        whether the file is there.
    """
    found: dict[str, Any] = {}
    wrong: list[Reason] = []
    for name, value in data.items():
        found[name] = value
        if isinstance(value, list) and any(isinstance(v, dict) and "digest" in v for v in value):
            found[name] = [_one(v, f"{name}.{i}", wrong) for i, v in enumerate(value)]
    if wrong:
        raise Invalid(*wrong)
    return found


def _one(ref: Any, where: str, wrong: list[Reason]) -> Any:
    if not isinstance(ref, dict) or not isinstance(ref.get("digest"), str):
        return ref  # the field's own check says what is wrong with it
    given = ref.get("ticket")
    known = ticket(ref["digest"])
    if not (isinstance(given, str) and hmac.compare_digest(given.encode(), known.encode())):
        wrong.append(("unknown_paper", {"field": f"{where}.digest", "value": ref["digest"][:12]}))
    return {k: v for k, v in ref.items() if k != "ticket"}
