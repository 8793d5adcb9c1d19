"""What engines raise. Each error carries a reason (code and parameters) and can say it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import words


class EngineError(Exception):
    """Root of all errors of this package; ``reason`` is put into words by who shows it."""

    def __init__(self, code: str, params: dict[str, Any]) -> None:
        super().__init__(code, params)
        self.reason = (code, params)

    def say(self, language: str) -> str:
        return words.say(self.reason, language)

    def __str__(self) -> str:
        return self.say("en")


class BadProblem(EngineError):
    """A problem that cannot be used: where (file and line), what is wrong, what to do.

    ``line`` counts from 1; None where the fault has no line (a Parquet file, an array).
    """

    def __init__(
        self, path: Path | str, line: int | None, code: str, params: dict[str, Any]
    ) -> None:
        super().__init__(code, params)
        self.path = str(path)
        self.line = line

    def say(self, language: str) -> str:
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {words.say(self.reason, language)}"


class BadSettings(EngineError):
    """Settings that cannot be used: what is wrong and what to write."""
