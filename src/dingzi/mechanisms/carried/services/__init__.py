"""What each act of a carried case checks and changes."""

from . import taking, words, working

__all__ = ["taking", "words", "working"]
