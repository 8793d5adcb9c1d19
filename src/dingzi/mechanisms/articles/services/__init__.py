"""What each act of an article and of a comment checks and changes."""

from . import commenting, editing, publishing

__all__ = ["commenting", "editing", "publishing"]
