"""What the guards beside a figure say, as its page tells it: never more than worth looking at."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from dingzi.figures import Figure
from dingzi.figures.answers import rounded
from dingzi.figures.guards import Reading, readings
from dingzi.figures.guards.monthly import OF as OF


def rows(figure: Figure) -> list[dict[str, Any]]:
    """Return a row for each guard: what it looks at, its value, the usual range, what it says."""
    return [_row(reading) for reading in readings(figure)]


def _row(reading: Reading) -> dict[str, Any]:
    guard = reading.guard
    return {
        "name": guard.name,
        "title": str(guard.title),
        "means": str(guard.means),
        "harmless": str(guard.harmless),
        "month": str(reading.period.words()),
        "value": _percent(reading.value, guard.kind),
        "range": _range(reading),
        "look": reading.says == "look",
        "says": _says(reading.says),
        "alarms": reading.alarms,
    }


def _says(code: str) -> str:
    return {
        "usual": _("和平时一样"),
        "look": _("值得看一看"),
        "few": _("件数或者月份太少，还不好说"),
    }[code]


def _range(reading: Reading) -> str:
    if reading.low is None or reading.high is None:
        return "–"
    low, high = (_percent(n, reading.guard.kind) for n in (reading.low, reading.high))
    return _("%(low)s 到 %(high)s") % {"low": low, "high": high}


def _percent(number: Fraction | None, kind: str) -> str:
    if number is None:
        return "–"
    shown = rounded(number * 100, 1)
    sign = "+" if kind == "change" and shown > 0 else ""
    return f"{sign}{shown:,f}%".replace("-", "−")
