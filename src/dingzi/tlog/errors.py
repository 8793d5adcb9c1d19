"""What this package raises: a reason, put into words by ``words.say``."""

from __future__ import annotations

from . import words


class TlogError(Exception):
    """Something cannot be done or does not hold.

    ``reason`` is a plain ``(code, params)`` tuple of built-ins; every code has words in both
    languages in ``words.yaml``, and ``str()`` gives them side by side.
    """

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code, params)
        self.reason: tuple[str, dict[str, str | int]] = (f"tlog.{code}", params)

    @property
    def code(self) -> str:
        return self.reason[0]

    def __str__(self) -> str:
        return words.both(self.reason)


class Malformed(TlogError):
    """Bytes that do not have the form which the specification asks for."""


class NotVerified(TlogError):
    """Well-formed, and yet a signature, proof or hash does not hold."""


class LogError(TlogError):
    """A log's folder cannot be read or written as asked."""


class NotAvailable(TlogError):
    """This machine's cryptography lacks what was asked for."""
