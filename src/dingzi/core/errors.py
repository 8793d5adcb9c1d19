"""Refusals: what a door answers when an act or a read cannot be.

Each carries reasons as plain ``(code, params)`` tuples; doors put them into words with
``core.reasons``. ``status`` is the HTTP status of every door.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Reason = tuple[str, dict[str, Any]]


class Refusal(Exception):
    """An act that was not done; nothing of it was written.

    Attributes
    ----------
    reasons : tuple of Reason
        What is wrong, where (``params["field"]`` where a field is to blame), what to do.
    """

    status = 400

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(", ".join(code for code, _ in reasons))
        self.reasons: tuple[Reason, ...] = reasons

    @classmethod
    def of(cls, code: str, **params: Any) -> Refusal:
        return cls((code, params))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for code, _ in self.reasons)


class Invalid(Refusal):
    """The data cannot be taken; each reason names its field."""

    status = 422


class NotFound(Refusal):
    """It does not exist for this viewer."""

    status = 404


class Forbidden(Refusal):
    """The viewer sees the matter but may not do this."""

    status = 403


class WrongState(Refusal):
    """The process does not allow the action in this state."""

    status = 409


class Stale(Refusal):
    """The matter changed since the viewer looked; ``changes`` lists the events since then."""

    status = 409

    def __init__(self, *reasons: Reason, changes: Iterable[Any] = ()) -> None:
        super().__init__(*reasons)
        self.changes = tuple(changes)


class KeyReused(Refusal):
    """The idempotency key was used for another body."""

    status = 422


class LoadError(Exception):
    """A declaration (process, parameter, figure) that cannot work; names file and place."""
