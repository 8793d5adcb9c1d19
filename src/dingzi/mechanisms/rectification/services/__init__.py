"""What each act of a problem on a list checks and changes."""

from . import accepting, finding, rectifying, voting

__all__ = ["accepting", "finding", "rectifying", "voting"]
