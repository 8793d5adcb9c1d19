"""The table that ``dingzi check`` prints."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from . import words
from .binding import Binding
from .claims import Claim, Reading, decimal

_COLOURS = {"verified": "green", "differs": "red", "no data": ""}
#: so many characters of the text are shown before a claim
_CONTEXT = 20


def show(found: Reading, bound: Sequence[Binding], language: str) -> None:
    """Print every claim with its verdict, then the numbers that are none."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    terminal = sys.stdout.isatty()
    console = Console(width=None if terminal else 200, highlight=False, markup=False)
    if not found.claims and not found.set_aside:
        console.print(words.name("word.nothing", language))
        return
    if found.claims:
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for head in ("words", "read", "bound", "record", "verdict", "why"):
            table.add_column(words.name(f"head.{head}", language), overflow="fold")
        for one, what in zip(found.claims, bound, strict=True):
            table.add_row(
                _words(found.text, one),
                read_as(one, language),
                what.figure.titles[0] if what.figure else "–",
                decimal(what.record) or "–",
                Text(words.name(f"verdict.{what.verdict}", language), _COLOURS[what.verdict]),
                " ".join(words.text(reason, language) for reason in what.why),
            )
        console.print(table)
    if found.set_aside:
        between = "、" if language == "zh" else ", "
        told = [
            f"{one.text.strip()}（{words.name(f'aside.{one.why}', language)}）"
            for one in found.set_aside
        ]
        console.print(
            f"{words.name('word.set_aside', language)}: {between.join(told)}", soft_wrap=True
        )


def _words(text: str, one: Claim) -> str:
    """The claim with the words of its clause before it."""
    before = text[max(0, one.start - _CONTEXT) : one.start]
    for mark in "，。；：、,;\n":
        before = before.rpartition(mark)[2]
    return (before + one.text).strip()


def read_as(one: Claim, language: str) -> str:
    """What was understood: kind, value or limits, unit, direction, period, place."""
    if one.value is not None and one.value == one.low == one.high:
        value = decimal(one.value) or ""
    else:
        low, high = decimal(one.low), decimal(one.high)
        value = f"{decimal(one.value) or ''} [{low or ''}, {high or ''}]".strip()
    arrow = {"up": "↑", "down": "↓"}.get(one.direction, "")
    unit = "" if one.kind in ("share",) else one.unit
    parts = [
        words.name(f"kind.{one.kind}", language),
        f"{arrow}{value}{unit}",
        one.period,
        one.scope,
    ]
    return " ".join(part for part in parts if part)
