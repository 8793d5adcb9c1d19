"""A text read once: every number becomes a claim or is set aside, with why.

Stages: fold the writing, find what is no claim by its form, periods and places; then walk the
numbers in order, give each its unit, its bounds and its kind; last, parts and contradictions.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from . import meaning, parts, setting_aside, units
from .claims import Claim, Reading, SetAside
from .lexicon import WORD
from .numerals import DIGITS, Exact, Numeral, scan
from .standing import Standing

_RANGE = re.compile(r" ?(?:至|到|-+|—+|~+|–+|－) ?")
_RANK_CUE = re.compile(
    "(?:排名|名列|位居|位列|位次|排位|列|居|排|跃居|跻身|跃升|升至|升到|上升到|前移|进入|保持)[^,。;]{0,8}$"
)
_FIRST = re.compile(
    r"(?P<of>全国|全省|全市|全球|同类|全县)(?P<first>首[个家批例创]|首位|第一(?![批次轮季期书])|率先)|(?:位居|位列|居|列|排名|名列)[^,。;\d]{0,6}?(?P<head>首位|榜首|第一(?![批次轮季期书]))"
)
_TENS = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
#: a unit of ten without a number: 近百件, 上千人; 数十件 says only that there were some
_ROUND = re.compile(
    "(?:将近|近|上|逾|超过?|约|成)(?P<tens>[百千万亿])(?=[万亿]?[余多]?[件人家户名个项次批场元亩吨起宗])|(?P<some>[数几][十百千万亿]{1,2}[余多]?)"
)
_AND_A_HALF = re.compile("个半(?=小时|月|学期)")
_TENTHS = {char: Fraction(number, 10) for char, number in DIGITS.items() if number} | {
    "半": Fraction(1, 2)
}
_HALF = re.compile("(?P<half>一半|半数)(?![天年日夜])|(?<=[超过])(?P<bare>半)(?=[,。;、的])")


@dataclass(slots=True)
class _Span:
    start: int
    end: int
    why: str
    told: bool = False


class _Reader:
    def __init__(self, text: str, year: int | None, day: date | None, names: Iterable[str]) -> None:
        self.at = Standing(text, year, day, names)
        self.text, self.folded = text, self.at.folded
        self.claims: list[Claim] = []
        self.aside: list[SetAside] = []
        self.hidden = self._hidden()
        self.condition = -1  # the sentence in which a rule's condition was read
        self.numbers: list[Numeral] = []

    def read(self) -> Reading:
        found = sorted([*scan(self.folded, self.text), *self._unspelt()], key=lambda one: one.start)
        self.numbers = [one for one in found if self._stands(one)]
        index = 0
        while index < len(self.numbers):
            index += self._take(index)
        self._firsts()
        self.claims.sort(key=lambda one: one.start)
        self.aside.sort(key=lambda one: one.start)
        parts.distribute(self.claims, self.folded)
        parts.link(self.claims, self.folded)
        parts.contradict(self.claims, self.folded)
        return Reading(self.text, self.claims, self.aside)

    # ---- what is no claim by its form ----------------------------------------------------------

    def _hidden(self) -> list[_Span]:
        """Spans whose numbers are no claims, in order and apart from each other."""
        found = [_Span(*one) for one in setting_aside.spans(self.folded)]
        for one in self.at.periods:
            why = "date" if re.search(r"\d日|[一二三四五六七八九十]日", one.words) else "period"
            found.append(_Span(one.start, one.end, why))
        found.sort(key=lambda one: (one.start, -one.end))
        apart: list[_Span] = []
        for span in found:
            if apart and span.start < apart[-1].end:
                if span.end > apart[-1].end and span.why in ("period", "date"):
                    apart[-1].end = span.end
                continue
            apart.append(span)
        return apart

    def _unspelt(self) -> list[Numeral]:
        """近百, 一半, 过半: numbers that are not spelt as such."""
        found = []
        for match in _ROUND.finditer(self.folded):
            if match["some"]:
                self._set_aside(*match.span("some"), "vague")
                continue
            start, end = match.span("tens")
            value = _TENS[match["tens"]]
            while self.folded[end] in "万亿":
                value, end = value * _TENS[self.folded[end]], end + 1
            found.append(Numeral(start, end, value, 0, value, "round", start))
        for match in _HALF.finditer(self.folded):
            start, end = match.span("half" if match["half"] else "bare")
            found.append(Numeral(start, end, Fraction(1, 2), 0, 0, "fraction", start))
        return found

    def _stands(self, one: Numeral) -> bool:
        """Whether a number stands free; what hides it is told once."""
        at = bisect_right(self.hidden, one.inner, key=lambda span: span.start) - 1
        if at >= 0 and one.inner < self.hidden[at].end:
            span = self.hidden[at]
            if not span.told:
                span.told = True
                self._set_aside(span.start, span.end, span.why)
            return False
        word = WORD.match(self.folded, one.inner)
        return not (word and word.end() >= one.end)

    def _last(self) -> int:
        """Where the last claim ends."""
        return self.claims[-1].end if self.claims else 0

    def _set_aside(self, start: int, end: int, why: str) -> None:
        self.aside.append(SetAside(self.text[start:end], start, end, why))

    # ---- one number ----------------------------------------------------------------------------

    def _take(self, index: int) -> int:
        """Make a claim of a number or set it aside; returns how many numbers were used."""
        one = self.numbers[index]
        begin, end = self.at.sentence(one.start)
        before = self.folded[max(begin, one.start - 120) : one.start]
        if before.endswith("第"):
            self._ordinal(one, before)
            return 1
        used, top, unit, unit_end, value, more = self._quantity(index)
        if unit is None:
            self._bare(one, before)
            return used
        suffix = meaning.bound_after(self.folded, unit_end)
        after_at = suffix.end if suffix else unit_end
        after = self.folded[after_at : min(after_at + 24, end + 1)]
        bound = "over" if one.form == "round" and before.endswith("上") else ""
        bound = (
            bound
            or meaning.bound_before(before, unit.kind)
            or ("more" if more else "")
            or (suffix.name if suffix else "")
        )
        why = self._why_not(one, unit, before, after, bound, suffix.name if suffix else "")
        if why:
            self._set_aside(one.start, after_at, why)
            return used
        self._claim(one, top, unit, unit_end, value, bound, before, after)
        return used

    def _quantity(
        self, index: int
    ) -> tuple[int, Exact | None, units.Unit | None, int, Exact, bool]:
        """The unit of a number, or of the range that it begins."""
        one = self.numbers[index]
        value, top = one.value, one.top
        more = meaning.MORE.match(self.folded, one.end) if one.form != "about" else None
        found = units.after(self.folded, more.end() if more else one.end)
        if more and found is None:
            more = None
        unit_end = found[1] if found else one.end
        using = 1
        if half := _AND_A_HALF.match(self.folded, one.end):  # 1个半小时
            value, found = value + Fraction(1, 2), units.after(self.folded, half.end())
            unit_end = found[1] if found else half.end()
        elif found and found[0].name == "成" and (tenth := self.folded[unit_end : unit_end + 1]) in _TENTHS:  # fmt: skip
            value, unit_end = value + _TENTHS[tenth], unit_end + 1  # 九成二
        following = self.numbers[index + 1] if index + 1 < len(self.numbers) else None
        joint = _RANGE.match(self.folded, unit_end)
        if following and joint and joint.end() == following.start and one.form in ("arabic", "chinese") and following.form == one.form:  # fmt: skip
            second = units.after(self.folded, following.end)
            if second and (found is None or found[0].name == second[0].name):
                upper = following.value
                if found is None and following.step >= 10**4 and value < upper / 1000:
                    value = value * (10**8 if following.step >= 10**8 else 10**4)
                if value < upper:
                    return 2, upper, second[0], second[1], value, False
        unit = found[0] if found else None
        if one.form == "rate":
            unit, unit_end = units.Unit(f"1/{one.per}", "share", Fraction(1, one.per)), one.end
            if one.per == 100:
                unit = units.Unit("%", "share", Fraction(1, 100))
            elif one.per == 1000:
                unit = units.Unit("‰", "share", Fraction(1, 1000))
        elif one.form == "fraction" and (unit is None or unit.kind == "share"):
            unit, unit_end = units.Unit("", "share"), one.end
        return using, top, unit, unit_end, value, bool(more) or one.more

    def _why_not(self, one: Numeral, unit: units.Unit, before: str, after: str, bound: str, suffix: str) -> str:  # fmt: skip
        if one.form == "digits":
            return "name"
        if one.form == "about" and one.top is None:
            return "name"
        if unit.name == "岁" and "平均" not in before[-12:]:
            return "rule"
        if unit.name in ("年", "周年", "学年", "学期", "季度", "周") and not re.search("平均|缩短|延长|提前|历时|用时|长达|压缩|减至", before[-16:]):  # fmt: skip
            return "period"
        if unit.name == "个月" and re.search("[近前每后上下这头]$", before):
            return "period"
        small = one.form == "chinese" and one.value in (1, 2) and one.end - one.start == 1
        if small and unit.kind in ("count", "time") and not re.search("[有共了仅为计占余收办建获立增减]$|[其]中$", before[-2:]):  # fmt: skip
            return "article"
        if unit.name == "番" and not re.search("翻了?$", before):
            return "article"
        if unit.name == "口" and one.form == "chinese" and one.value == 1:
            return "article"
        if self.at.among_goals(one.start) or meaning.is_goal(before, self.at.year):
            return "goal"
        sentence = self.at.sentence(one.start)[0]
        if meaning.is_rule(before, after, unit.kind, bound, suffix) or (bound and sentence == self.condition):  # fmt: skip
            if after.startswith("的,"):
                self.condition = sentence  # 超过10家的, ...: what follows is the rule's other half
            return "rule"
        return ""

    def _claim(
        self, one: Numeral, top: Exact | None, unit: units.Unit, end: int, value: Exact, bound: str,
        before: str, after: str,
    ) -> None:  # fmt: skip
        words = self.at.own(one.start, before, self._last())
        what = meaning.change(before, unit.kind)
        alike = self.claims[-1] if self.claims else None
        gap = self.folded[alike.end : one.start] if alike and one.start - alike.end <= 3 else ""
        if what is None and alike and alike.kind == "change" and gap in ("、", "和", "与", "及") and alike.unit == unit.name:  # fmt: skip
            what = meaning.Change(alike.direction, False)  # 分别增长8.5%、3.2%
        if (
            what
            and what.to is False
            and unit.name == "倍"
            and not re.search("增|提高|升", before[-12:])
        ):
            what = None
        kind, sign = unit.kind, 1
        if (
            unit.kind in ("share", "point", "count", "money", "measure", "time")
            and what
            and not what.to
        ):
            kind, sign = "change", -1 if what.direction == "down" and value > 0 else 1
        kind = {"point": "change", "time": "measure"}.get(kind, kind)
        if unit.name == "番":
            kind, value, bound = "change", 2**value - 1 if isinstance(value, int) and value < 60 else value, bound  # fmt: skip
        number: Exact | None
        whole = unit.kind == "count"
        if top is not None:
            low: Exact | None = value * unit.factor
            high: Exact | None = top * unit.factor
            number = None
        else:
            number = value * unit.factor
            step = Fraction(one.step) if one.form != "fraction" else Fraction(1, 100)
            if one.value and value != one.value and unit.name != "番":
                step *= Fraction(value) / Fraction(one.value)
            low, high = meaning.limits(number, step * unit.factor, bound, whole=whole)
        if sign < 0:
            low, high = (None if high is None else -high), (None if low is None else -low)
            number = None if number is None else -number
        self.claims.append(
            Claim(
                text=self.text[one.start : end], start=one.start, end=end, kind=kind, value=number,
                low=low, high=high, unit=unit.name, direction=what.direction if what else "",
                against=meaning.against(before[-max(1, min(meaning.REACH, one.start - self._last())) :]) if kind == "change" else "",
                period=self.at.period_words(one.start),
                scope=self.at.scope(one.start), before=words, after=re.split(r"[,;:、。()]", after)[0],
                sentence=self.at.sentence(one.start)[0],
            )
        )  # fmt: skip

    # ---- what a number without unit is ---------------------------------------------------------

    def _bare(self, one: Numeral, before: str) -> None:
        if one.form == "arabic":
            self._set_aside(one.start, one.end, "no_unit")
        else:
            lone = (one.end - one.start == 1 and one.value in (1, 2)) or one.value in (10, 0)
            if not lone:
                self._set_aside(one.start, one.end, "name")

    def _ordinal(self, one: Numeral, before: str) -> None:
        """第N: a rank where the words before it rank, else an ordinal."""
        tail = re.compile(" ?(?:位|名)").match(self.folded, one.end)
        end = tail.end() if tail else one.end
        ranked = re.search("(?:全国|全省|全市|全县)(?:排名|排位|位居|位列)?第$", before)
        following = self.folded[end : end + 1]
        if (_RANK_CUE.search(before[:-1][-16:]) or (ranked and (tail or following in ",。;、)"))) and one.value > 0 and one.top is None:  # fmt: skip
            self._rank(one.start - 1, end, one.value, one.value)
        else:
            self._set_aside(one.start - 1, end, "ordinal")

    def _rank(self, start: int, end: int, low: Exact, high: Exact) -> None:
        begin, _ = self.at.sentence(start)
        before = self.folded[max(begin, start - 120) : start]
        if meaning.is_goal(before, self.at.year):
            self._set_aside(start, end, "goal")
            return
        self.claims.append(
            Claim(
                text=self.text[start:end], start=start, end=end, kind="rank", value=high, low=low, high=high,
                unit="位", period=self.at.period_words(start),
                scope=self.at.scope(end), before=self.at.own(start, before, self._last()), sentence=begin,
            )
        )  # fmt: skip

    def _firsts(self) -> None:
        """全省首个, 居全市首位: ranks without a number."""
        taken = {one.start for one in self.claims}
        for match in _FIRST.finditer(self.folded):
            group = "first" if match["first"] else "head"
            start, end = match.span(group)
            if match[group].startswith("第") and start in taken:
                continue
            if any(span.start <= start < span.end for span in self.hidden[max(0, bisect_right(self.hidden, start, key=lambda s: s.start) - 1) :][:1]):  # fmt: skip
                continue
            self.aside = [one for one in self.aside if one.start != start]
            self._rank(start, end, 1, 1)


def read(
    text: str, *, year: int | None = None, day: date | None = None, places: Iterable[str] = ()
) -> Reading:
    """Read a text: its claims, and its numbers that are no claims, both in order.

    Parameters
    ----------
    text : Chinese prose of any length. Offsets count its characters.
    year, day : of the text itself, so that 今年 and 1至10月 can be dated; the year that its head
        names if left out.
    places : names of places that may stand anywhere (袁州区); others are known by their form.
    """
    return _Reader(text, year, day, places).read()
