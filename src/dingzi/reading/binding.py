"""Claims bound to declared figures, and judged: verified, differs, no data.

A claim is called verified only when everything fits: its words name one figure and nothing narrows
them, unit and kind are the figure's, the text says period and place, and the record of these lies
within what was stated. Whatever is missing is said, and then the verdict is "no data".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from .catalogue import Catalogue, Days, Figure, days
from .claims import Claim, decimal
from .errors import Reason
from .pieces import Exact
from .writing import fold

VERIFIED, DIFFERS, NO_DATA = "verified", "differs", "no data"

#: words between a name and its number that say nothing about what is counted
_LINK = re.compile(
    "保持在|稳定在|维持在|控制在|发展到|累计|总计|共计|合计|分别|达到|已经|其中|实现|完成|约为|大约|将近|接近|超过|超出|突破|"
    '不少于|不低于|不超过|不高于|不足|不到|不止|至少|至多|[共达为是有的了已也均都则仅约近逾超计:\\s“”"()]'
)
_CHANGED = re.compile(
    "不降反升|不升反降|[较比同与](?:上年|去年|上月|上季度|上一年|\\d{4}年)?(?:同期|末)?(?:相比)?|同比|环比|年均|逐年|增长|增加|上升|提高|提升|上涨|扩大|"
    "升高|净增|增速|增幅|涨幅|升幅|下降|减少|降低|下滑|回落|缩短|压缩|压减|缩减|降幅|减幅|下调|[增升涨降减多少高低由从]|[到至]$"
)
_RANKED = re.compile("位居|位列|位次|名列|排名|排位|跃居|连续|保持|上升到|升至|[居列排]")
_LEFT = re.compile(r"[\w]")
#: units of one dimension, and how many of the smallest each is
_SIZES: tuple[dict[str, Exact], ...] = (
    {"公里": 1000, "米": 1, "厘米": Fraction(1, 100), "毫米": Fraction(1, 1000)},
    {"吨": 1000, "公斤": 1, "克": Fraction(1, 1000), "斤": Fraction(1, 2)},
    {"平方公里": 10**6, "公顷": 10**4, "平方米": 1},
    {"小时": 3600, "分钟": 60, "秒": 1},
    {"人": 1, "名": 1, "位": 1},
)


@dataclass(frozen=True, slots=True)
class Binding:
    """What a claim was bound to, the record there, the verdict, and why."""

    figure: Figure | None
    record: Exact | None
    verdict: str
    why: tuple[Reason, ...]


def unbound(claims: Sequence[Claim], code: str = "claim_not_looked_up") -> list[Binding]:
    """Bindings where nothing was looked up: only what the text says against itself is judged."""
    empty: dict[str, Any] = {}
    return [
        Binding(None, None, DIFFERS, tuple(one.faults))
        if one.faults
        else Binding(None, None, NO_DATA, ((code, empty),))
        for one in claims
    ]


def bind(claims: Sequence[Claim], catalogue: Catalogue, text: str = "") -> list[Binding]:
    """One binding for each claim, in their order.

    With the ``text`` itself a name that several subjects could have (办结数) is not taken for a figure
    of one subject where its paragraph speaks of another.
    """
    bound: list[Binding] = []
    subjects = catalogue.subjects if text else set()
    for one in claims:
        made = _bind(one, claims, bound, catalogue)
        if made.figure and made.record is not None and subjects:
            other = _other_subject(one, made.figure, subjects, text)
            if other:
                why = ("claim_other_subject", {"subject": other, "wanted": made.figure.subject})
                made = Binding(made.figure, None, NO_DATA, (why,))
        if one.faults and made.verdict != VERIFIED:
            made = replace(made, verdict=DIFFERS, why=(*one.faults, *made.why))
        elif one.faults:
            made = replace(made, why=(*made.why, *one.faults))
        bound.append(made)
    return bound


def _other_subject(one: Claim, figure: Figure, subjects: set[str], text: str) -> str:
    """The subject of which a claim's paragraph spoke last, where that is not the figure's; ""."""
    if not figure.subject or figure.subject[-2:] in one.before:
        return ""
    said = text[text.rfind("\n", 0, one.start) + 1 : one.end]
    last = max(subjects, key=lambda subject: (said.rfind(subject), subject))
    return "" if last == figure.subject or last not in said else last


def _bind(one: Claim, claims: Sequence[Claim], bound: Sequence[Binding], catalogue: Catalogue) -> Binding:  # fmt: skip
    figures, left = _told(one, catalogue) or _named(one, catalogue)
    if not figures and left is _UNBOUND:
        return Binding(None, None, NO_DATA, (("claim_unbound_by_hand", {}),))
    if not figures and not left:
        figures = _inherited(one, bound)
    if not figures:
        return Binding(None, None, NO_DATA, (("claim_no_name", {"words": one.before.strip()}),))
    if len(figures) > 1:
        names = [figure.name for figure in figures]
        return Binding(None, None, NO_DATA, (("claim_several_figures", {"names": names}),))
    figure = figures[0]
    lacks = _lacks(one, left, figure, catalogue)
    if lacks:
        return Binding(figure, None, NO_DATA, tuple(lacks))
    record, why = _record(one, figure, catalogue)
    if record is None:
        return Binding(figure, None, NO_DATA, (why,))
    if (one.low is None or one.low <= record) and (one.high is None or record <= one.high):
        return Binding(
            figure, record, VERIFIED, (("claim_as_recorded", {"record": decimal(record)}),)
        )
    told = {"low": decimal(one.low), "high": decimal(one.high), "record": decimal(record)}
    return Binding(figure, record, DIFFERS, (("claim_outside_stated", told),))


def words_of(one: Claim) -> str:
    """Return the words that say what a claim counts, without those that link or compare; "" for none.

    By them a figure is bound by hand, here and in the next text.
    """
    words = one.before
    if not _LEFT.search(_rest(words, one)) and one.after.startswith("的"):
        words = one.after[1:]
    return "".join(_rest(words, one).split())


def _rest(words: str, one: Claim) -> str:
    if one.direction:
        words = _CHANGED.sub(" ", words)
    if one.kind == "rank":
        words = _RANKED.sub(" ", words)
    return _LINK.sub(" ", words)


_UNBOUND = "unbound by hand"


def _told(one: Claim, catalogue: Catalogue) -> tuple[list[Figure], str] | None:
    """What somebody said that these very words mean; None where nobody did."""
    words = words_of(one) if catalogue.told else ""
    name = catalogue.told.get(words) if words else None
    if name is None:
        return None
    figure = catalogue.named(name)
    return ([figure], "") if figure else ([], _UNBOUND)


def _inherited(one: Claim, bound: Sequence[Binding]) -> list[Figure]:
    """The figure of the whole, or of the level of which a change tells, where a claim names none."""
    at = one.part_of if one.part_of is not None and "其中" in one.before else one.follows
    if at is None or at >= len(bound):
        return []
    figure = bound[at].figure
    return [figure] if figure else []


def _named(one: Claim, catalogue: Catalogue) -> tuple[list[Figure], str]:
    """The figures that the words of a claim name, and what words are left beside the name."""
    words = one.before
    title, at, figures = "", -1, []
    for start in range(len(words) - 1):
        for name, figure in catalogue.index.get(words[start : start + 2], ()):
            if not words.startswith(name, start):
                continue
            if len(name) > len(title) or (len(name) == len(title) and start > at):
                title, at, figures = name, start, [figure]
            elif name == title and start == at and figure not in figures:
                figures.append(figure)
    if not figures:
        behind = one.after[1:] if one.after.startswith("的") else ""
        for name, figure in catalogue.index.get(behind[:2], ()):
            if behind.startswith(name) and len(name) >= len(title):
                title, figures = name, [*(figures if len(name) == len(title) else []), figure]
        rest = words
    else:
        rest = f"{words[:at]} {words[at + len(title) :]}"
    for extra in sorted(
        {fold(word) for figure in figures for word in figure.also}, key=len, reverse=True
    ):
        rest = rest.replace(extra, " ")
    rest = _rest(rest, one)
    return figures, rest.strip() if _LEFT.search(rest) else ""


def _lacks(one: Claim, left: str, figure: Figure, catalogue: Catalogue) -> list[Reason]:
    """Everything that keeps a claim from being compared with its figure."""
    lacks: list[Reason] = []
    if not left and one.after.startswith("("):
        left = one.after.strip("()")  # 98.2%(按户数计)
    if left:
        lacks.append(("claim_narrowed", {"words": left}))
    fault = _unit_fault(one, figure)
    if fault:
        lacks.append(fault)
    if not one.period:
        lacks.append(("claim_no_period", {}))
    elif days(one.period) is None:
        lacks.append(("claim_period_undated", {"period": one.period}))
    if not one.scope:
        lacks.append(("claim_no_scope", {}))
    return lacks


def _unit_fault(one: Claim, figure: Figure) -> Reason | None:
    if one.kind == "change":
        if figure.kind == "change":
            return None if _alike(one, figure) else _other_unit(one, figure)
        if figure.kind == "rank":
            return ("claim_other_kind", {"kind": one.kind, "wanted": figure.kind})
        if figure.kind == "share":
            return None if one.unit == "百分点" else ("claim_percent_of_share", {"text": one.text})
        if one.unit in ("%", "‰", "成", "倍", "番", "") or _size(one.unit, figure.unit) is not None:
            return None
        return _other_unit(one, figure)
    if one.kind != figure.kind:
        return ("claim_other_kind", {"kind": one.kind, "wanted": figure.kind})
    return None if _alike(one, figure) else _other_unit(one, figure)


def _alike(one: Claim, figure: Figure) -> bool:
    if figure.kind in ("share", "rank"):
        return True
    return _size(one.unit, figure.unit) is not None


def _other_unit(one: Claim, figure: Figure) -> Reason:
    return ("claim_other_unit", {"unit": one.unit, "wanted": figure.unit})


def _size(unit: str, wanted: str) -> Fraction | None:
    """How many of one unit the other is; None where they do not measure the same."""
    if unit == wanted:
        return Fraction(1)
    for sizes in _SIZES:
        if unit in sizes and wanted in sizes:
            return Fraction(sizes[wanted]) / Fraction(sizes[unit])
    return None


def _record(one: Claim, figure: Figure, catalogue: Catalogue) -> tuple[Exact | None, Reason]:
    """The record in the claim's unit, or why there is none."""
    span = days(one.period)
    scope = catalogue.place(one.scope)
    if span is None:
        return None, ("claim_period_undated", {"period": one.period})
    size = _size(one.unit, figure.unit) or Fraction(1)
    if one.kind != "change" or figure.kind == "change":
        value = figure.at(span, scope)
        if isinstance(value, tuple):
            return None, value
        return (
            (None, _nothing(one, figure, span, scope)) if value is None else (value * size, _FOUND)
        )
    base = _base(one, span)
    if base is None:
        return None, (
            "claim_base_unclear" if one.against else "claim_no_base",
            {"against": one.against},
        )
    unlike = figure.records.comparable(span, base) if figure.records else None
    if unlike is not None:
        return None, unlike
    new, old = figure.at(span, scope), figure.at(base, scope)
    for given in (new, old):
        if isinstance(given, tuple):
            return None, given
    assert not isinstance(new, tuple)
    assert not isinstance(old, tuple)
    if new is None:
        return None, _nothing(one, figure, span, scope)
    if old is None:
        return None, ("claim_no_value_before", {"first": base[0], "last": base[1]})
    if one.unit == "百分点" or (figure.kind != "share" and one.unit not in ("%", "‰", "成", "倍", "番", "")):  # fmt: skip
        return (new - old) * size, _FOUND
    if not old:
        return None, ("claim_base_zero", {})
    return new / old - 1, _FOUND


_FOUND: Reason = ("claim_as_recorded", {})


def _nothing(one: Claim, figure: Figure, span: Days, scope: str) -> Reason:
    """Why a figure has no value for a claim."""
    if scope not in figure.scopes:
        return ("claim_no_value_for_scope", {"scope": one.scope})
    if not span[0]:
        return ("claim_as_of_only", {"day": span[1]})
    return ("claim_no_value_for_period", {"period": one.period})


def _base(one: Claim, span: Days) -> Days | None:
    """The period from which a change is measured; None where the text leaves it open."""
    first, last = span
    whole_year = first[4:] == "-01-01" and last[4:] == "-12-31" and first[:4] == last[:4]
    if one.against == "year" or (one.against == "last_year" and whole_year):
        return _year_before(first), _year_before(last)
    if one.against.isdigit() and whole_year:
        return f"{one.against}-01-01", f"{one.against}-12-31"
    if one.against == "previous":
        return _before(first, last)
    return None


def _year_before(day: str) -> str:
    if not day:
        return ""
    year = int(day[:4]) - 1
    if day[5:] in ("02-28", "02-29"):  # the last day of February stays the last
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return f"{year}-02-{29 if leap else 28}"
    return f"{year}{day[4:]}"


def _before(first: str, last: str) -> Days | None:
    """The month, quarter or half before."""
    if not first or not first.endswith("-01") or first[:4] != last[:4]:
        return None
    year, month = int(first[:4]), int(first[5:7])
    count = int(last[5:7]) - month + 1
    if count not in (1, 3, 6) or (month - 1) % count:
        return None
    month -= count
    if month < 1:
        year, month = year - 1, month + 12
    until = month + count - 1
    return days(f"{year}-{month:02}..{year}-{until:02}")
