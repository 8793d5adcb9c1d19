"""Chinese search over matters, filtered by what the viewer may see before anything is counted."""

from .index import Found, Row, delete, match, purge, put, rows
from .marks import snippet

__all__ = ["Found", "Row", "delete", "match", "purge", "put", "rows", "snippet"]
