"""Days and times as spreadsheets write them, in the city's time."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

from dingzi.core.errors import Reason
from dingzi.core.spreadsheet import Cell

from ..clocks import LOCAL
from ..fields import EARLIEST, LATEST

#: A day without a time of day is taken as the morning, when counters open.
MORNING = time(9)
_WRITTEN = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[\sT,，]*(上午|下午|中午|晚上|AM|PM)?\s*(\d{1,2})\s*(?:[::时点]\s*(?:(\d{1,2})\s*分?\s*"
    r"(?:[:]?\s*(\d{1,2})(?:\.\d+)?\s*秒?)?)?)\s*(AM|PM)?)?",
    re.IGNORECASE,
).fullmatch
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?").fullmatch
_LATER = frozenset({"下午", "晚上", "pm"})


class NotRead(Exception):
    """A cell that cannot be taken; ``reason`` says why, without its column."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.reason: Reason = (code, params)


def moment(value: Cell) -> datetime:
    """Read a time.

    Raises NotRead ``not_a_date`` for what is none (a bare number is not guessed at, unless it is
    written 20190228), ``date_out_of_range`` for a day outside the city's records.
    """
    made: datetime | None = None
    if isinstance(value, datetime):
        made = value if value.tzinfo else value.replace(tzinfo=LOCAL)
    elif isinstance(value, date):
        made = datetime.combine(value, MORNING, LOCAL)
    elif isinstance(value, str | int | Decimal):
        made = _parsed(str(value).strip())
    if made is None:
        raise NotRead("not_a_date", value=str(value)[:60])
    if not EARLIEST <= made.date() <= LATEST:
        raise NotRead("date_out_of_range", first=EARLIEST, last=LATEST)
    return made


def _parsed(text: str) -> datetime | None:
    found = _WRITTEN(text)
    try:
        if found is None:
            return _joined(text)
        year, month, day, before, hour, minute, second, after = found.groups()
        if hour is None:
            return datetime.combine(date(int(year), int(month), int(day)), MORNING, LOCAL)
        half = (before or after or "").lower()
        hours = int(hour)
        if half in _LATER and hours < 12:
            hours += 12
        elif half in ("上午", "am") and hours == 12:
            hours = 0
        return datetime(
            int(year), int(month), int(day), hours, int(minute or 0), int(second or 0),
            tzinfo=LOCAL,
        )  # fmt: skip
    except ValueError:
        return None


def _joined(text: str) -> datetime | None:
    """Read what is written in digits alone: 20190228, 20190228112505."""
    found = _DIGITS(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(g) if g else None for g in found.groups())
    assert year is not None and month is not None and day is not None
    if hour is None:
        return datetime.combine(date(year, month, day), MORNING, LOCAL)
    return datetime(year, month, day, hour, minute or 0, second or 0, tzinfo=LOCAL)
