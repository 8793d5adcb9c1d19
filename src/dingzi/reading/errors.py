"""What the reader refuses, as a reason: a code with parameters."""

from __future__ import annotations

from typing import Any

Reason = tuple[str, dict[str, Any]]


class Unreadable(Exception):
    """An input that cannot be read; ``reason`` says which and why, `words.text` puts it into words."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason[0])
        self.reason = reason
