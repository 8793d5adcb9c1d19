"""Whole numbers as options of the command line."""

from __future__ import annotations

from argparse import ArgumentTypeError

_DIGITS = 18


def whole(text: str) -> int:
    """Read a whole number from 0; ArgumentTypeError says what to write."""
    if text.isascii() and text.isdigit() and len(text) < _DIGITS:
        return int(text)
    raise ArgumentTypeError(f"{text!r}: 请写整数 write a whole number")


def percent(text: str) -> int:
    """Read a whole number from 0 to 100; ArgumentTypeError says what to write."""
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= 100:
        return int(text)
    raise ArgumentTypeError(f"{text!r}: 请写 0 到 100 write a number from 0 to 100")


def positive(text: str) -> int:
    """Read a whole number from 1; ArgumentTypeError says what to write."""
    if text.isascii() and text.isdigit() and len(text) < _DIGITS and int(text) >= 1:
        return int(text)
    raise ArgumentTypeError(f"{text!r}: 请写 1 以上的整数 write a whole number from 1")
