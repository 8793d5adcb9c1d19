"""What each act of an old debt checks and changes."""

from . import entering, performing, settling

__all__ = ["entering", "performing", "settling"]
