"""What each act of an estate, an obstacle, a liability and a household checks and changes."""

from . import estate, household, liability, obstacle

__all__ = ["estate", "household", "liability", "obstacle"]
