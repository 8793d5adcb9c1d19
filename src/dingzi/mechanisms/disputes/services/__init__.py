"""What each act of a dispute checks and changes. Rules: 人民调解法 and the articles named."""

from . import ending, intake, mediation

__all__ = ["ending", "intake", "mediation"]
