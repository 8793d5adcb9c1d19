"""What a study found, as a table on the screen, JSON, or a file."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from typing import Any

from . import words
from .registry import Told


def show(told: Told, name: str, options: Namespace) -> int:
    """Print a study, write its table to ``options.out`` too; return 0, or 1 where nothing holds.

    As JSON: ``{"study", "rows": [...], "reasons": [[code, params], ...]}``.
    """
    columns = list(told.table)
    if options.out is not None:
        from .tables import write

        table = {one: [_cell(v, options) for v in told.table[one]] for one in columns}
        write(options.out, table)
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*told.table.values(), strict=True)]
    if options.json:
        made = {"study": name, "rows": rows, "reasons": [list(one) for one in told.reasons]}
        sys.stdout.write(json.dumps(made, ensure_ascii=False, allow_nan=False) + "\n")
        return 0 if told.holds else 1
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=box.SIMPLE, show_edge=False)
    for one in columns:
        numbers = all(isinstance(v, int | float) or v is None for v in told.table[one])
        shown.add_column(one, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(Text(_text(value, options)) for value in row.values()))
    console = Console(highlight=False)
    if rows:
        console.print(shown)
    for reason in told.reasons:
        console.print(Text(f"- {words.say(reason, options.language)}"))
    return 0 if told.holds else 1


def _cell(value: Any, options: Namespace) -> Any:
    return words.say(value, options.language) if isinstance(value, tuple) else value


def _text(value: Any, options: Namespace) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.12g}" if isinstance(value, float) else str(_cell(value, options))
