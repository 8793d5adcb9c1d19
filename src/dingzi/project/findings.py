"""What ``dingzi doctor`` finds."""

from __future__ import annotations

from typing import Literal, NamedTuple

from dingzi.core.text import Text

State = Literal["ok", "warn", "bad"]


class Finding(NamedTuple):
    """What was looked at, how it is, and what to do where that is not well."""

    what: Text
    state: State
    found: str
    mend: Text | None = None
