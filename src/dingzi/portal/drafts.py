"""What somebody has written so far: kept in his session until it is filed.

The device keeps a second copy (``ui/draft.js``), for a session that ran out.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest

_PREFIX = "draft:"
_DONE = "portal-filed"
#: Seconds for which the receipt's code can be looked at again after filing.
SHOWN = 30 * 60


@dataclass(slots=True)
class Draft:
    """Answers by field, papers kept so far, steps that are done, and the key under which it is
    filed once."""

    data: dict[str, Any] = field(default_factory=dict)
    papers: list[dict[str, Any]] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    key: str = field(default_factory=lambda: str(uuid4()))

    @property
    def begun(self) -> bool:
        return bool(self.papers or any(v for k, v in self.data.items() if k != "category"))


def load(request: HttpRequest, name: str) -> Draft:
    kept = request.session.get(_PREFIX + name)
    return Draft(**kept) if kept else Draft()


def save(request: HttpRequest, name: str, draft: Draft) -> None:
    request.session[_PREFIX + name] = asdict(draft)


def drop(request: HttpRequest, name: str) -> None:
    request.session.pop(_PREFIX + name, None)


def begun(request: HttpRequest) -> str:
    """Return the name under which something is begun and not yet filed, "" where nothing is."""
    for name, kept in request.session.items():
        if name.startswith(_PREFIX) and Draft(**kept).begun:
            return name.removeprefix(_PREFIX)
    return ""


@dataclass(frozen=True, slots=True)
class Filed:
    """What this device filed last: its matter, the form's name and key, when."""

    matter: int
    name: str
    key: str
    at: float

    @property
    def fresh(self) -> bool:
        return time.time() - self.at < SHOWN


def keep_filed(request: HttpRequest, matter: int, name: str, key: UUID) -> None:
    request.session[_DONE] = asdict(Filed(matter, name, str(key), time.time()))


def filed(request: HttpRequest) -> Filed | None:
    kept = request.session.get(_DONE)
    return Filed(**kept) if kept else None


def forget(request: HttpRequest) -> None:
    """Forget everything that was written or filed on this device."""
    for name, _kept in list(request.session.items()):
        if name.startswith(_PREFIX):
            request.session.pop(name)
    request.session.pop(_DONE, None)
