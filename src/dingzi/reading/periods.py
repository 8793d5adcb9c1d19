"""Periods as prose names them: 今年1至10月, 上半年, 前三季度, 截至9月底, 十四五期间, 上年.

Each becomes a code as the figures use them (2025, 2025H1, 2025Q3, 2025-08, 2025-01..2025-10, days
2025-01-01..2025-10-15), ``..2025-10-31`` for a state on a day. What the text does not date stays as
its own words: the reader never guesses a year.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .numerals import read
from .pieces import DIGITS
from .writing import fold

_N = r"(?:\d{1,2}|[一二三四五六七八九]?十?[一二三四五六七八九十])"
_NAMED = r"(?:(?:19|20)\d{2}|[一二][零一二三四五六七八九]{3})年"
_OF_OWN = r"今年|本年|去年|上年|前年|明年|当年"
#: what follows a month is its day: 10月1.21万件 is no day
_DAY = r"\d{1,2}(?![\d.,件人起宗个家户亿万项名次%])"
_TO = r"\ ?(?:至|到|-+|—+|~|–)\ ?"
_RELATIVE = {"去年": -1, "上年": -1, "前年": -2, "明年": 1}
#: how far the head of a text goes, in characters, and its title
_HEAD, _TITLE = 400, 40
_ENDS = tuple("。;,!?、")
#: 2025年11月26日 on a line of its own at the end
_SIGNED = re.compile(rf"(?:^|\n)\s*({_NAMED})({_N})月({_N})日\s*(?:\n[-—–\s\d/第页共]+)?$")
#: years but for 到2027年, 较2020年, 与2022年相比; 上升到2025年的 is no goal
_OWN = re.compile(
    rf"(?<![较比与同到于])(?<!截至)(?<!截止){_NAMED}|(?<=截至){_NAMED}|(?<=截止){_NAMED}|(?<=[升降增减涨少加高低大展长缩短]到){_NAMED}"
)
_TO_COME = re.compile("底?前|[底末]?[,]?(?:力争|争取|计划|将)|相比")
_OTHER = re.compile("[^。\n]{0,80}?(?:今年|本年)")
#: from one day or month to another
_FROM_TO = re.compile(
    rf"(?P<y1>{_NAMED}|{_OF_OWN})?(?P<m1>{_N})月(?:(?P<d1>{_N})日?)?{_TO}(?P<y2>{_NAMED})?(?:(?P<m2>{_N})月)?"
    rf"(?P<d2>{_N})日|(?P<z1>{_NAMED})(?P<n1>{_N})月份?{_TO}(?P<z2>{_NAMED})(?P<n2>{_N})月份?"
    rf"|(?P<u1>{_NAMED}|{_OF_OWN})?第?(?P<q1>[一二三1-3])季度?{_TO}第?(?P<q2>[二三四2-4])季度"
)
_PERIOD = re.compile(
    rf"""(?=[截至到今本去上前明当一二十\d下第目近全年两三四五过最])(?P<until>截至|截止到?|至|到)?(?:
      (?P<plan>[一二]?十[一二三四五六七八九]五)["”]?(?:规划)?(?:期间|时期|以来|期末|期)?
    | (?P<now>目前|至今|当前|年末|年底|本月|上月|上个月|当月|全年|本季度|上季度
        |(?:近|过去|最近)[一二三四五六七八九十两\d]{{1,3}}年来?|[一两三四五]年来)
    | (?:(?P<year>{_NAMED})|(?P<rel>{_OF_OWN}))?\ ?(?:度)?(?:
          (?P<half>上半年|下半年)
        | 前(?P<first_quarters>[二三两23])个?季度
        | 第?(?P<quarter>[一二三四1234])季度
        | (?P<m1>{_N})月?(?:份)?{_TO}(?P<m2>{_N})月份?(?!{_DAY})
        | 前(?P<months>{_N})个月
        | (?P<month>{_N})月(?:(?P<day>{_N})日|(?:份|(?P<end>底|末))?(?!{_DAY}))
      )
    | (?:(?P<only>{_NAMED})|(?P<only_rel>{_OF_OWN}))(?P<year_end>底|末)?
    )(?P<since>以来)?""",
    re.X,
)

#: one of these is in every period, and one in all that reach from one day, month or quarter to another
_NAMES_ONE, _NAMES_TWO = re.compile("[年月季前今五]"), re.compile("[至到—~–-]")


@dataclass(frozen=True, slots=True)
class Found:
    """A period where it stands. ``code`` is None where the text does not say which year."""

    start: int
    end: int
    code: str | None
    words: str
    relative: str = ""
    year: int | None = None


def find(text: str, year: int | None, day: date | None = None) -> Iterator[Found]:
    """All periods of a folded text; ``year`` and ``day`` are those of the text itself, if known.

    A year that a paragraph names is the one of the months that follow it there.
    """
    if not _NAMES_ONE.search(text):
        return
    spans = list(_FROM_TO.finditer(text)) if _NAMES_TWO.search(text) else []
    taken = [match.span() for match in spans]
    known, index, line = year, 0, 0
    for match in sorted(
        [*spans, *_PERIOD.finditer(text)], key=lambda one: (one.start(), -one.end())
    ):
        while index < len(taken) and taken[index][1] <= match.start():
            index += 1
        inside = index < len(taken) and taken[index][0] <= match.start()
        if match.re is _PERIOD and inside:
            continue
        if "\n" in text[line : match.start()]:
            known = year
        line = match.start()
        groups = match.groupdict()
        if match.re is _FROM_TO:
            code, known = _from_to(groups, known, year)
            yield Found(match.start(), match.end(), code, match[0], "", known)
            continue
        groups["year"] = groups["year"] or groups["only"]
        groups["rel"] = groups["rel"] or groups["only_rel"]
        start, words = match.start(), match[0]
        if groups["until"] in ("至", "到") and not (groups["end"] or groups["year_end"]):
            start, words, groups["until"] = start + 1, words[1:], None
        named = _year(groups, year)
        if groups["year"] and text[start - 1 : start] not in tuple("较比同与到至于"):
            known = named
        within = named if named is not None else (None if groups["rel"] else known)
        code = _code(groups, within, year, day)
        yield Found(start, match.end(), code, words, groups["rel"] or "", within)


def _from_to(
    groups: dict[str, str | None], known: int | None, own: int | None
) -> tuple[str | None, int | None]:
    """The code of a span between two days or months, and the year that is known after it."""
    first = _number(groups["y1"] or groups["z1"] or groups["u1"], own) or known
    if groups["q1"]:
        one, two = read(groups["q1"]), read(groups["q2"] or "")
        if first is None or not isinstance(one, int) or not isinstance(two, int) or one >= two:
            return None, first
        return span(first, 3 * one - 2, 3 * two), first
    last = _number(groups["y2"] or groups["z2"], own) or first
    m1, m2 = (
        _month(groups["m1"] or groups["n1"]),
        _month(groups["m2"] or groups["n2"] or groups["m1"]),
    )
    if first is None or last is None or not m1 or not m2:
        return None, last
    if groups["z1"]:
        return (span(first, m1, m2) if first == last and m1 <= m2 else f"{first}-{m1:02}..{last}-{m2:02}"), last  # fmt: skip
    days = []
    for year, month, day in ((first, m1, groups["d1"] or "1"), (last, m2, groups["d2"])):
        number = read(day) if day else None
        if not isinstance(number, int) or not 1 <= number <= monthrange(year, month)[1]:
            return None, last
        days.append(f"{year}-{month:02}-{number:02}")
    return (f"{days[0]}..{days[1]}" if days[0] <= days[1] else None), last


def _number(words: str | None, own: int | None) -> int | None:
    """2025 of 2025年; that of 今年 where the text's own year is known."""
    if not words:
        return None
    if words[0] not in "12一二":
        return None if own is None else own + _RELATIVE.get(words, 0)
    digits = words.removesuffix("年")
    return int(digits) if digits.isdigit() else int("".join(str(DIGITS[char]) for char in digits))


def _year(groups: dict[str, str | None], own: int | None) -> int | None:
    return _number(groups["year"] or groups["rel"], own)


def _code(groups: dict[str, str | None], year: int | None, own: int | None, day: date | None) -> str | None:  # fmt: skip
    if groups["plan"]:
        return _plan(groups["plan"])
    if groups["now"]:
        return _now(groups["now"], own, day)
    if year is None or not 1900 <= year <= 2200:
        return None
    if groups["half"]:
        return f"{year}H{1 if groups['half'][0] == '上' else 2}"
    if groups["first_quarters"]:
        count = 3 if groups["first_quarters"] in "三3" else 2
        return span(year, 1, 3 * count)
    if groups["quarter"]:
        return f"{year}Q{read(groups['quarter'])}"
    if groups["m1"]:
        first, last = _month(groups["m1"]), _month(groups["m2"])
        return span(year, first, last) if first and last and first <= last else None
    if groups["months"]:
        last = _month(groups["months"])
        return span(year, 1, last) if last else None
    if groups["month"]:
        return _in_month(groups, year)
    if groups["year_end"]:
        return f"..{year}-12-31"
    if groups["since"]:
        return f"{year}-01-01..{day}" if day and day.year == year else None
    if groups["until"]:
        return f"..{year}-12-31"
    return f"{year}"


def _in_month(groups: dict[str, str | None], year: int) -> str | None:
    month = _month(groups["month"])
    if not month:
        return None
    last = monthrange(year, month)[1]
    if groups["day"]:
        on = read(groups["day"])
        if not isinstance(on, int) or not 1 <= on <= last:
            return None
        return f"..{year}-{month:02}-{on:02}" if groups["until"] else f"{year}-{month:02}-{on:02}"
    if groups["end"] or groups["until"]:
        return f"..{year}-{month:02}-{last}"
    return f"{year}-{month:02}"


def _plan(words: str) -> str | None:
    number = read(words.removesuffix("五"))
    if not isinstance(number, int) or not 10 <= number <= 19:
        return None
    first = 2001 + (number - 10) * 5  # the tenth plan began in 2001
    return f"{first}..{first + 4}"


def _now(words: str, own: int | None, day: date | None) -> str | None:
    if words in ("目前", "至今", "当前"):
        return f"..{day}" if day else None
    if own is None:
        return None
    if words in ("年末", "年底"):
        return f"..{own}-12-31"
    if words == "全年":
        return f"{own}"
    if day is not None and words in ("本月", "当月"):
        return f"{day:%Y-%m}"
    if day is not None and words in ("上月", "上个月"):
        month = day.month - 1 or 12
        return f"{day.year - (day.month == 1)}-{month:02}"
    if day is not None and words == "本季度":
        return f"{day.year}Q{(day.month + 2) // 3}"
    if day is not None and words == "上季度":
        quarter = (day.month + 2) // 3 - 1
        return f"{day.year}Q{quarter}" if quarter else f"{day.year - 1}Q4"
    return None


def span(year: int, first: int, last: int) -> str:
    """Whole months of one year, by the shortest code."""
    if (first, last) == (1, 12):
        return f"{year}"
    if last - first == 5 and first in (1, 7):
        return f"{year}H{1 if first == 1 else 2}"
    if last - first == 2 and first % 3 == 1:
        return f"{year}Q{last // 3}"
    if first == last:
        return f"{year}-{first:02}"
    return f"{year}-{first:02}..{year}-{last:02}"


def _month(text: str | None) -> int | None:
    value = read(text) if text else None
    return value if isinstance(value, int) and 1 <= value <= 12 else None


def dated(text: str) -> tuple[int | None, date | None]:
    """The year by which a text dates itself in its title, and the day on its last line."""
    head = fold(text[:_HEAD]).lstrip()
    line, broken, _ = head.partition("\n")
    year = None
    if broken and len(line) <= _TITLE and not line.rstrip().endswith(_ENDS) and (title := re.search(_NAMED, line)):  # fmt: skip
        year = _number(title[0], None)
    signed = _SIGNED.search(fold(text[-_HEAD:]).rstrip())
    if signed is None:
        return year, None
    own, month, on = _number(signed[1], None), _month(signed[2]), read(signed[3])
    if own and month and isinstance(on, int) and 1 <= on <= monthrange(own, month)[1]:
        return year or own, date(own, month, on)
    return year or own, None


def own_year(text: str) -> int | None:
    """The year that a text speaks of as its own.

    That of its title; else of the day on its last lines; else the latest that its head names, but
    for years to come (到2027年) and years that are compared with (较2020年). A year named before a
    今年 of the same sentence is another one, so the text does not tell.
    """
    if year := dated(text)[0]:
        return year
    head = text[:_HEAD].lstrip()
    named = [match for match in _OWN.finditer(head) if not _TO_COME.match(head, match.end())]
    if not named or any(_OTHER.match(head, match.end()) for match in named):
        return None
    return max(year for match in named if (year := _number(match[0], None)))
