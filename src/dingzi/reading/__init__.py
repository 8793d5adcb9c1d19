"""Chinese official prose to numeric claims, and claims to verdicts. No Django.

``read(text)`` gives the claims of a text and the numbers that are none; ``bind(claims, catalogue)``
compares the claims with declared figures. docs/reading.md tells what is read and how.
"""

from .binding import DIFFERS, NO_DATA, VERIFIED, Binding, bind, words_of
from .catalogue import Catalogue, Figure, Records
from .claims import Claim, Reading, SetAside, as_data
from .errors import Unreadable
from .periods import dated
from .reader import read

__all__ = [
    "DIFFERS",
    "NO_DATA",
    "VERIFIED",
    "Binding",
    "Catalogue",
    "Claim",
    "Figure",
    "Reading",
    "Records",
    "SetAside",
    "Unreadable",
    "as_data",
    "bind",
    "dated",
    "read",
    "words_of",
]
