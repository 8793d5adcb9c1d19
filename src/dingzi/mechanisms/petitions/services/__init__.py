"""What each act of a petition checks and changes. Rules: 信访工作条例 and the articles named."""

from . import ending, handling, intake, reviews, routing

__all__ = ["ending", "handling", "intake", "reviews", "routing"]
