"""What the law package raises; each message says what is wrong and what to write instead."""

from __future__ import annotations

from datetime import date
from pathlib import Path


class LawError(Exception):
    """Root of all errors of this package."""


class UnknownParameter(LawError):
    """No file declares this name; ``near`` holds the names that look like it."""

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        hint = f"; did you mean {', '.join(near)}?" if near else "; see `dingzi law list`"
        super().__init__(f"no parameter is named {name!r}{hint}")
        self.name = name
        self.near = near


class NotInForce(LawError):
    """The parameter exists but holds no value on that day."""

    def __init__(self, name: str, on: date, earliest: date | None) -> None:
        known = f"; its first value holds from {earliest}" if earliest and on < earliest else ""
        super().__init__(f"{name} has no value on {on}{known}")
        self.name = name
        self.on = on
        self.earliest = earliest


class NotARule(LawError):
    """The parameter is a number, not a deadline: it does not say how its days are counted."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is not a deadline: its file gives it no `kind`")
        self.name = name


class BadOverride(LawError):
    """An entry of the city's book that does not have the form of a dated value."""


class OutOfRange(LawError):
    """The deadline lies after the year 9999."""

    def __init__(self) -> None:
        super().__init__("the deadline lies after the year 9999; use a shorter term")


class BadFile(LawError):
    """A parameter file that cannot be used: names the file, line, field and what to write."""

    def __init__(self, path: Path, line: int, field: str, write: str) -> None:
        where = f"{path}:{line}: " + (f"{field}: " if field else "")
        super().__init__(where + write)
        self.path = path
        self.line = line
        self.field = field
        self.write = write
