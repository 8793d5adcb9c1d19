"""Tables and trends as spreadsheets."""

from __future__ import annotations
