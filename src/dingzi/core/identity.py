"""Identity numbers of residents (GB 11643-1999), judged by their digits.

The place is not looked up: python-stdnum's table knows which county codes were valid in which
year and wrongly refuses many numbers of people born before 2000 (3609 among them).
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from stdnum.cn import ric

_WHOLE = re.compile(r"[1-9][0-9]{16}[0-9X]").fullmatch
_WIDE = str.maketrans("０１２３４５６７８９ＸｘxX－", "0123456789XXXX-")
# 6 digits of place, 8 of birth, 4 of order and check, as people write and space them
_LONG = re.compile(
    r"(?<![0-9])[1-9](?:[ -]?[0-9]){5}[ -]?(?:[0-9][ -]?){8}[0-9](?:[ -]?[0-9]){2}[ -]?[0-9X](?![0-9])"
)
_SHORT = re.compile(r"(?<![0-9])[1-8][0-9]{14}(?![0-9])")
_EARLIEST = date(1880, 1, 1)
_CHILD = timedelta(days=5 * 366)


def is_identity_number(value: str) -> bool:
    """Whether the 18 characters fit together: form, a past date of birth, the check digit."""
    return (
        _WHOLE(value) is not None
        and _born(value[6:14]) is not None
        and ric.calc_check_digit(value) == value[-1]
    )


def find_identity_numbers(text: str) -> list[str]:
    """Return, as they stand in the text, the runs of digits that look like identity numbers.

    Full-width digits, spaces and hyphens are seen through. A run of 18 counts when its check digit
    is right, or when it holds the birthday of somebody older than five years (a mistyped number
    still points at a person; numbers that we give out ourselves carry dates of today). A run of 15,
    the form before 1999, counts by its date.
    """
    even = text.translate(_WIDE)
    found = []
    for match in _LONG.finditer(even):
        digits = match[0].replace(" ", "").replace("-", "")
        born = _born(digits[6:14])
        if born and (ric.calc_check_digit(digits) == digits[-1] or _today() - born > _CHILD):
            found.append((match.start(), match.end()))
    for match in _SHORT.finditer(even):
        if _born("19" + match[0][6:12]):
            found.append((match.start(), match.end()))
    return [text[start:end] for start, end in sorted(found)]


def _born(digits: str) -> date | None:
    """The date of birth that eight digits tell, None where they tell none."""
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
    return born if _EARLIEST <= born <= _today() else None


def _today() -> date:
    return date.today()  # noqa: DTZ011 (a day more or less does not matter for a birthday)
