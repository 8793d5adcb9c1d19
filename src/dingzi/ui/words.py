"""Numbers, money, dates and deadlines in words of the active language.

Numbers are ints, Decimals or Fractions; a float is refused, because what the city publishes
must not depend on binary rounding. Dates are shown in the active time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

Exact = int | Decimal | Fraction
NONE = "–"  # what stands where no value is


def exact(value: object) -> Fraction:
    """Return the value as a Fraction; TypeError for anything that is not exact."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise TypeError(f"{value!r} is not an int, Decimal or Fraction")
    return Fraction(value)


def rounded(value: Exact, places: int) -> Decimal:
    """Return the value rounded half up (away from zero) to ``places`` decimals."""
    fraction = exact(value)
    shifted = abs(fraction) * 10**places + Fraction(1, 2)
    whole = shifted.numerator // shifted.denominator
    return Decimal(whole if fraction >= 0 else -whole).scaleb(-places)


def number(value: Exact | None, places: int | None = None) -> str:
    """Write 21384 as ``21,384``; with ``places`` rounded half up, else as exact as it came."""
    if value is None:
        return NONE
    if places is not None:
        shown: int | Decimal = rounded(value, places)
    elif isinstance(value, Fraction):
        shown = rounded(value, 0 if value.denominator == 1 else 1)
    else:
        exact(value)
        shown = value
    text = f"{shown:,f}" if isinstance(shown, Decimal) else f"{shown:,}"
    if not any(c in text for c in "123456789"):
        text = text.removeprefix("-")
    return text.replace("-", "−")


def percent(share: Exact | None, places: int = 1, *, sign: bool = True) -> str:
    """Write a share of one as a percentage: Fraction(20571, 21384) as ``96.2%``."""
    if share is None:
        return NONE
    return number(exact(share) * 100, places) + ("%" if sign else "")


def money(fen: int | None) -> str:
    """Write an amount in fen as yuan; the fen are shown only where there are some."""
    if fen is None:
        return NONE
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise TypeError(f"{fen!r} is not a whole number of fen")
    return _("%(amount)s元") % {"amount": number(Decimal(fen).scaleb(-2), 2 if fen % 100 else 0)}


def local(moment: date | datetime) -> datetime | date:
    """Return a datetime in the active time zone; a plain date as it is."""
    if isinstance(moment, datetime):
        return timezone.localtime(moment)
    return moment


def as_day(moment: date | datetime) -> date:
    shown = local(moment)
    return shown.date() if isinstance(shown, datetime) else shown


def day(
    moment: date | datetime,
    today: date | datetime | None = None,
    *,
    week: bool = True,
    short: bool = False,
) -> str:
    """Write ``9月26日（星期五）``; the year only where it is not this year's.

    ``short`` abbreviates the English for narrow columns.
    """
    shown, current = as_day(moment), as_day(today or timezone.now())
    other = shown.year != current.year
    if not week:
        form = _("Y年n月j日") if other else _("n月j日")
    elif short:
        form = pgettext("短", "Y年n月j日（l）") if other else pgettext("短", "n月j日（l）")
    else:
        form = _("Y年n月j日（l）") if other else _("n月j日（l）")
    return date_format(shown, form)


def when(moment: date | datetime, now: date | datetime | None = None) -> str:
    """Write ``今天 10:06``, ``昨天 16:30``, ``9月19日 16:05`` or, for a date, only the day."""
    current, shown = as_day(now or timezone.now()), as_day(moment)
    if shown == current:
        text = _("今天")
    elif shown == current - timedelta(days=1):
        text = _("昨天")
    else:
        text = day(moment, current, week=False)
    at = local(moment)
    return f"{text} {at:%H:%M}" if isinstance(at, datetime) else text


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline in words.

    ``short`` and ``sub`` are the two lines of a list (``还有3天`` / ``9月26日（星期五）``);
    ``by`` the day and what is due (``9月26日（星期五）前答复``), ``left`` the time that is left;
    ``sentence`` both; ``days`` until it, negative when past.
    """

    short: str
    sub: str
    by: str
    left: str
    sentence: str
    days: int
    overdue: bool


def last_day(moment: date | datetime) -> tuple[date, time | None]:
    """Split a deadline into its last day and, if it ends before the day does, the time.

    A deadline by law ends at 24:00, so midnight belongs to the day before it.
    """
    at = local(moment)
    if not isinstance(at, datetime):
        return at, None
    if at.time() == time(0, 0):
        return at.date() - timedelta(days=1), None
    if at.time() >= time(23, 59):
        return at.date(), None
    return at.date(), at.time()


def due(moment: date | datetime, now: date | datetime | None = None, to: str = "") -> Due:
    """Put a deadline into words; ``to`` is what must be done by then, in the active language."""
    now = now or timezone.now()
    today = as_day(now)
    last, at = last_day(moment)
    late_today = last == today and isinstance(now, datetime) and isinstance(moment, datetime)
    late_today = late_today and now > moment
    return _due(last, at, today, late_today, to, get_language())


@lru_cache(maxsize=4_000)
def _due(
    last: date, at: time | None, today: date, late_today: bool, to: str, _language: str | None
) -> Due:
    """Many lines of a page end on one day."""
    days = (last - today).days
    hour = f"{at:%H:%M}" if at else ""
    named, brief = day(last, today), day(last, today, short=True)
    if days < 0:
        left = short = ngettext("逾期%(n)s天", "逾期%(n)s天", -days) % {"n": number(-days)}
        sub = _("%(day)s到期") % {"day": brief}
    elif late_today:
        left = short = _("今天%(time)s已到期") % {"time": hour}
        sub = brief
    elif days == 0:
        short = _("今天%(time)s前") % {"time": hour} if hour else _("今天之内")
        left = _("今天是最后一天")
        sub = brief
    elif days == 1:
        left = _("明天到期")
        short = _("明天，%(day)s") % {"day": day(last, today, week=False)}
        sub = date_format(last, "l") + (_("%(time)s前") % {"time": hour} if hour else "")
    else:
        left = short = ngettext("还有%(n)s天", "还有%(n)s天", days) % {"n": number(days)}
        sub = brief
    if hour:
        by = _("%(day)s%(time)s前%(to)s")
    elif to:
        by = _("%(day)s前%(to)s")
    else:
        by = pgettext("期限", "最晚%(day)s")
    by = (by % {"day": named, "time": hour, "to": to}).strip()
    by = by[:1].upper() + by[1:]
    sentence = _("%(by)s，%(left)s") % {"by": by, "left": left}
    return Due(short, sub, by, left, sentence, days, days < 0 or late_today)
