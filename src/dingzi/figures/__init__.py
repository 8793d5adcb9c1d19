"""Figures: declared once, counted from what happened, the same for everyone.

``value``, ``table``, ``trend``, ``compare`` answer; ``rows`` shows the matters behind a number to
who may see them; ``public`` and ``home`` list; ``refresh`` brings the counts up to date.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PLACES = {
    "asking": (
        "value", "values", "table", "trend", "compare", "compare_values", "card", "cards", "listing",
    ),
    "registry": ("register", "get", "public", "home", "Group"),
    "period": ("Period", "today"),
    "answers": ("Value", "Comparison", "Row", "Table", "Point", "Trend", "Behind", "Card"),
    "drill": ("rows",),
    "refreshing": ("refresh", "rebuild", "edition"),
    "sheets": ("export",),
    "declare": (
        "Count", "Stock", "Sum", "Share", "Mean", "Median", "Quantile", "Change",
        "Break", "Figure", "CASES", "DAYS", "PERCENT", "YUAN",
    ),
    "declare_places": ("PerCapita", "Rank"),
    "populations": ("Population", "Dimension"),
}  # fmt: skip
_HOMES = {name: module for module, names in _PLACES.items() for name in names}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    # Models must not be imported before the apps are ready.
    if name in _HOMES:
        return getattr(import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(name)
