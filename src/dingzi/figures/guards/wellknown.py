"""Guards that any mechanism with deadlines and results wants, in its own words for its matters."""

from __future__ import annotations

from django.db.models import Q

from dingzi.core.text import Text

from ..declare import Figure
from ..populations import Population
from .declare import Drift, Guard, Rate, Spread

#: More days than any matter takes.
LONG = 3_660


def on_deadlines(
    mechanism: str, things: Text, timed: Population, beside: tuple[Figure, ...]
) -> tuple[Guard, ...]:
    """Return guards of a share in time. ``timed`` : what had a deadline, with ``days_left``."""
    return (
        Spread(
            f"{mechanism}.guard_last_day",
            zh="期限最后一天办结的",
            en="Closed on the last day",
            means=Text(
                f"按期办结的{things.zh}里，正好在期限最后一天办结的占多少。",
                f"Of the {things.en} closed in time, the share closed on the very last day.",
            ),
            harmless=Text(
                "人手紧、节假日前后，或者事情本来就要这么多天，也会这样。",
                "Short hands, holidays, or matters that do take so long have the same effect.",
            ),
            beside=beside,
            of=timed,
            column="days_left",
            counted=range(1),
            among=range(LONG),
        ),
        Spread(
            f"{mechanism}.guard_bunching",
            zh="挤在期限前面的",
            en="Crowded before the deadline",
            means=Text(
                f"期限前三天和过期三天里办结的{things.zh}，在期限前面的占多少。把过期的写成没过期，这个数会变大。",
                f"Of the {things.en} closed within three days before or after the deadline, "
                "the share before. It grows where late ones are written down as in time.",
            ),
            harmless=Text(
                "盯得紧了，真的赶在期限前办完，也会这样。",
                "Following deadlines more closely, and really keeping them, has the same effect.",
            ),
            beside=beside,
            of=timed,
            column="days_left",
            counted=range(3),
            among=range(-3, 3),
        ),
    )


def on_durations(
    mechanism: str, things: Text, of: Population, beside: tuple[Figure, ...]
) -> tuple[Guard, ...]:
    """Return the guard of a number of ``days``."""
    return (
        Spread(
            f"{mechanism}.guard_heaping",
            zh="天数凑整的",
            en="Round numbers of days",
            means=Text(
                f"办了八天以上的{things.zh}里，天数正好是五的倍数的占多少。日子是估着填的，这个数会变大。",
                f"Of the {things.en} that took more than a week, the share that took a multiple "
                "of five days. It grows where days are guessed.",
            ),
            harmless=Text(
                "固定隔几天办一次会，也会这样。",
                "Meetings held every so many days have the same effect.",
            ),
            beside=beside,
            of=of,
            column="days",
            counted=range(10, LONG, 5),
            among=range(8, LONG),
        ),
    )


def on_closing(
    mechanism: str, things: Text, closed: Population, beside: tuple[Figure, ...]
) -> tuple[Guard, ...]:
    """Return guards of results. ``closed`` : with ``imported`` and ``noted_after``; they count a
    denominator as well."""
    own = closed.only(
        f"{mechanism}.closed_here", Q(imported=False), zh="在这里办结的", en="Closed here"
    )
    noted = own.only(
        f"{mechanism}.noted_late", Q(noted_after__gt=0), zh="事后补记的", en="Noted afterwards"
    )
    imported = closed.only(f"{mechanism}.imported", Q(imported=True), zh="导入的", en="Brought in")
    return (
        Rate(
            f"{mechanism}.guard_noted_late",
            zh="事后补记的",
            en="Noted afterwards",
            means=Text(
                f"办结的{things.zh}里，到第二天以后才记下来的占多少。导入的旧件不算。",
                f"Of the {things.en} closed, the share that was written down a day or more after. "
                "Old cases brought in are left out.",
            ),
            harmless=Text(
                "下乡办理、停电断网以后补记，也会这样。",
                "Work in the field and lost connections have the same effect.",
            ),
            beside=beside,
            some=noted,
            over=(own,),
        ),
        Rate(
            f"{mechanism}.guard_imported",
            zh="从别处导入的",
            en="Brought in from elsewhere",
            means=Text(
                f"办结的{things.zh}里，从别的系统导入的占多少。这些件的经过这里没有看到。",
                f"Of the {things.en} closed, the share brought in from another system, "
                "whose course was not seen here.",
            ),
            harmless=Text(
                "新接进一个系统的那几个月，就会这样。",
                "The months in which a system is taken over look like this.",
            ),
            beside=beside,
            some=imported,
            over=(closed,),
        ),
        Drift(
            f"{mechanism}.guard_denominator",
            zh="分母的变化",
            en="Change of the denominator",
            means=Text(
                "办结了多少件，按每个工作日算，比去年同月多或者少多少。该算的不算进来，比率会变好看，分母会变小。",
                "How many were closed a working day against the same month of the year before. "
                "Leaving out what should count makes a share look better and its denominator smaller.",
            ),
            harmless=Text(
                f"{things.zh}本来就多了或者少了，也会这样。",
                f"More or fewer {things.en} have the same effect.",
            ),
            beside=beside,
            of=closed,
        ),
    )
