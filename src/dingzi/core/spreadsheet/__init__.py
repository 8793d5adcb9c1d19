"""Spreadsheets in and out: xlsx and csv, row by row, nothing in them ever run."""

from .reading import Cell, Row, Table, as_text, read
from .writing import CONTENT_TYPES, export

__all__ = ["CONTENT_TYPES", "Cell", "Row", "Table", "as_text", "export", "read"]
