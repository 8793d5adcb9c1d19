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
from itertools import pairwise

from . import lists, meaning, parts, ranks, ratios, setting_aside, tables, units, unspelt
from .claims import Claim, Reading, SetAside
from .lexicon import WORD
from .numerals import Numeral, scan
from .pieces import DIGITS, Exact
from .standing import BACK, Standing

#: so much stands between the two numbers of a range
_WIDEST = 4
#: so many numbers can share the unit of the last
_TOGETHER = 6
_RANGE = re.compile(r" ?(?:至|到|-+|—+|~+|–+|－) ?")
_AND_A_HALF = re.compile("个半(?=小时|月|学期)")
_TENTHS = {char: Fraction(number, 10) for char, number in DIGITS.items() if number} | {
    "半": Fraction(1, 2)
}
#: what makes years, months, one and 番 a count: before the number
_LASTING = re.compile("平均|缩短|延长|提前|历时|用时|长达|压缩|减至")
_MONTHS = re.compile("(?:[近前每后上下这头]|连续)$")
_COUNTS_ONE = re.compile("[有共了仅为计占余收办建获立增减]$|[其]中$")
_TURNED = re.compile("翻了?$")
_TIMES_MORE = re.compile("增|提高|升")


@dataclass(slots=True)
class _Quantity:
    """A number with its unit. ``end`` is where its words end, ``used`` how many numbers it took."""

    value: Exact
    step: Exact
    end: int
    top: Exact | None = None
    unit: units.Unit | None = None
    more: bool = False
    used: int = 1


class _Reader:
    def __init__(self, text: str, year: int | None, day: date | None, names: Iterable[str]) -> None:
        self.at = Standing(text, year, day, names)
        self.text, self.folded = text, self.at.folded
        self.claims: list[Claim] = []
        self.aside: list[SetAside] = []
        self.hidden = setting_aside.hidden(self.folded, self.at.periods)
        self.hidden_starts = [span.start for span in self.hidden]
        self.condition = -1  # the sentence in which a rule's condition was read
        self.numbers: list[Numeral] = []
        self.cells = tables.cells(text, self.folded)

    def read(self) -> Reading:
        apart = unspelt.find(self.folded)
        pairs, self.aside = ratios.read(self.at)
        spans = [(one.start, one.end) for one in apart]
        spans += [(one.start, one.end) for one in pairs]
        spans += [(one.start, one.end) for one in self.aside]
        inside = {at for span in spans for at in range(*span)}
        found = [one for one in scan(self.folded, self.text) if one.inner not in inside]
        found = sorted([*found, *apart], key=lambda one: one.start)
        self.numbers = [one for one in found if self._stands(one)]
        index = 0
        while index < len(self.numbers):
            index += self._take(index)
        self.claims += pairs
        self._firsts()
        self.claims.sort(key=lambda one: one.start)
        self.aside = setting_aside.without_overlap(self.aside, self.claims)
        parts.distribute(self.claims, self.folded, self.at.periods)
        lists.named(self.claims, self.at)
        lists.based(self.claims, self.at)
        parts.link(self.claims, self.folded)
        lists.changes(self.claims, self.at)
        parts.contradict(self.claims, self.folded)
        return Reading(self.text, self.claims, self.aside)

    def _stands(self, one: Numeral) -> bool:
        """Whether a number stands free; what hides it is told once."""
        at = bisect_right(self.hidden_starts, one.inner) - 1
        if at >= 0 and one.inner < self.hidden[at].end:
            span = self.hidden[at]
            if not span.told:
                span.told = True
                self._set_aside(span.start, span.end, span.why)
            return False
        if setting_aside.GROUP.match(self.text, one.start):
            self._set_aside(one.start, one.end, "number")
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
        cell = self.cells.get(one.start)
        if cell and self._in_cell(one, cell):
            return 1
        begin, end = self.at.sentence(one.start)
        before = self.folded[max(begin, one.start - BACK) : one.start]
        if before.endswith("第"):
            self._ordinal(one, before)
            return 1
        ranked = before.endswith("前") and one.value >= 1 and one.top is None
        if ranked and ranks.CUE.search(before[:-1][-16:]):
            tail = ranks.PLACE.match(self.folded, one.end)
            self._rank(one.start - 1, tail.end() if tail else one.end, 1, one.value)
            return 1
        if before.endswith("前") and ranks.PLACE.match(self.folded, one.end):  # 前5位的领域
            self._set_aside(one.start, one.end, "ordinal")
            return 1
        told = self._quantity(index)
        unit = told.unit or units.unwritten(self.folded, one, before) or self._shared(index)
        if unit is None:
            self._bare(one, before)
            return told.used
        suffix = meaning.bound_after(self.folded, told.end)
        after_at = suffix.end if suffix else told.end
        after = self.folded[after_at : min(after_at + 24, end + 1)]
        bound = "over" if one.form == "round" and before.endswith("上") else ""
        bound = (
            bound
            or meaning.bound_before(before, unit.kind)
            or ("more" if told.more else "")
            or (
                suffix.name
                if suffix
                else "between"
                if told.used > 1 and told.top is not None
                else ""
            )
        )
        if cell:
            before = cell.head
        why = self._why_not(one, unit, before, after, bound, suffix.name if suffix else "")
        if why:
            self._set_aside(one.start, after_at, why)
        else:
            self._claim(one, told, unit, bound, before, after)
            if cell:
                self._place(cell)
        return told.used

    def _in_cell(self, one: Numeral, cell: tables.Cell) -> bool:
        """A number alone in a cell of a table; False where the cell has its unit beside it."""
        if cell.end != one.end:
            return False
        if self.at.among_goals(one.start) or tables.TO_COME.search(cell.head):
            self._set_aside(one.start, one.end, "goal")
        elif cell.rank and one.value > 0:
            self._rank(one.start, one.end, one.value, one.value)
            self._place(cell)
        elif cell.unit is None:
            self._set_aside(one.start, one.end, "no_unit")
        else:
            told = _Quantity(one.value, one.step, one.end, unit=cell.unit)
            self._claim(one, told, cell.unit, "", cell.head, "")
            self._place(cell)
        return True

    def _place(self, cell: tables.Cell) -> None:
        """What a table says of its last claim: what is counted, when and where."""
        claim = self.claims[-1]
        claim.before = cell.head
        claim.period, claim.scope = self.at.in_table(cell)

    def _quantity(self, index: int) -> _Quantity:
        """A number with its unit, or the range that it begins."""
        one = self.numbers[index]
        following = self.folded[one.end : one.end + 1]
        more = None
        if following in meaning.MORE_FIRST and one.form != "about":
            more = meaning.MORE.match(self.folded, one.end)
        found = units.after(self.folded, more.end() if more else one.end)
        if more and found is None:
            more = None
        told = _Quantity(one.value, one.step, one.end, one.top, more=bool(more) or one.more)
        if found:
            told.unit, told.end = found
        if following == "个" and (half := _AND_A_HALF.match(self.folded, one.end)):  # 1个半小时
            told.value, told.step = told.value + Fraction(1, 2), Fraction(1, 2)
            if found := units.after(self.folded, half.end()):
                told.unit, told.end = found
        elif told.unit and told.unit.name == "成" and (tenth := self.folded[told.end : told.end + 1]) in _TENTHS:  # fmt: skip
            told.value, told.step = told.value + _TENTHS[tenth], Fraction(1, 10)  # 九成二
            told.end += 1
            told.used += index + 1 < len(self.numbers) and self.numbers[index + 1].start < told.end
        if (
            index + told.used < len(self.numbers)
            and self.numbers[index + 1].start - told.end <= _WIDEST
        ):
            self._range(one, self.numbers[index + 1], told)
        if one.form == "rate":
            name = {100: "%", 1000: "‰"}.get(one.per, f"1/{one.per}")
            told.unit, told.end = units.Unit(name, "share", Fraction(1, one.per)), one.end
        elif one.form == "fraction" and (told.unit is None or told.unit.kind == "share"):
            told.unit, told.end, told.step = units.Unit("", "share"), one.end, Fraction(1, 100)
        return told

    def _shared(self, index: int) -> units.Unit | None:
        """The unit that stands only behind the next number: 分别提升1.2和2.4个百分点."""
        for one, two in pairwise(self.numbers[index : index + _TOGETHER]):
            apart = two.start - one.end != 1 or self.folded[one.end] not in "、和与及"
            if apart or not one.form == two.form == "arabic":
                return None
            if found := units.after(self.folded, two.end):
                return found[0] if found[0].kind in ("share", "point", "money") else None
        return None

    def _range(self, one: Numeral, two: Numeral, told: _Quantity) -> None:
        """10—15个, 90%至95%, 3至5万元: both numbers become one quantity."""
        joint = _RANGE.match(self.folded, told.end)
        if not joint or joint.end() != two.start or one.form not in ("arabic", "chinese") or two.form != one.form:  # fmt: skip
            return
        second = units.after(self.folded, two.end)
        if second is None or (told.unit and told.unit.name != second[0].name):
            return
        value, upper = told.value, two.value
        if told.unit is None and two.step >= 10**4 and value < upper / 1000:
            value = value * (10**8 if two.step >= 10**8 else 10**4)
        if value < upper:
            told.value, told.top, told.used, told.more = value, upper, 2, False
            told.unit, told.end = second

    def _why_not(self, one: Numeral, unit: units.Unit, before: str, after: str, bound: str, suffix: str) -> str:  # fmt: skip
        if one.form == "digits":
            return "name"
        if before.endswith("每") and unit.kind == "count" and one.value >= 10:
            return "base"  # 每100名老人
        if one.form == "about" and one.top is None:
            return "name"
        if unit.name == "岁" and "平均" not in before[-12:]:
            return "rule"
        if unit.name in ("年", "周年", "学年", "学期", "季度", "周") and not _LASTING.search(before[-16:]):  # fmt: skip
            return "period"
        if unit.name == "个月" and _MONTHS.search(before):
            return "period"
        if unit.name == "类" and meaning.names_a_class(self.folded[one.start], before, after):
            return "name"
        small = one.form == "chinese" and one.value in (1, 2) and one.end - one.start == 1
        if small and unit.kind in ("count", "time") and not _COUNTS_ONE.search(before[-2:]):  # fmt: skip
            return "article"
        one_mouth = unit.name == "口" and one.form == "chinese" and one.value == 1
        if one_mouth or (unit.name == "番" and not _TURNED.search(before)):
            return "article"
        if self.at.among_goals(one.start) or meaning.is_goal(before, after):
            return "goal"
        sentence = self.at.sentence(one.start)[0]
        if meaning.is_rule(before, after, unit.kind, bound, suffix) or (bound and sentence == self.condition):  # fmt: skip
            if after.startswith(("的,", "时,")):
                self.condition = sentence  # 超过10家的, ...: what follows is the rule's other half
            return "rule"
        return ""

    def _claim(
        self, one: Numeral, told: _Quantity, unit: units.Unit, bound: str, before: str, after: str
    ) -> None:
        value, top, end = told.value, told.top, told.end
        words = self.at.own(one.start, before, self._last())
        what = meaning.change(self.at.led(one.start, before), unit.kind)
        signed = (
            what is None and value < 0 and unit.kind == "share" and before.endswith(("比", "("))
        )
        if signed or (one.start in self.cells and tables.BOTH_WAYS.search(before)):
            what = meaning.Change("down" if value < 0 else "up", False)
        alike = self.claims[-1] if self.claims else None
        gap = self.folded[alike.end : one.start] if alike and one.start - alike.end <= 3 else ""
        if what is None and alike and alike.kind == "change" and gap in ("、", "和", "与", "及") and alike.unit == unit.name:  # fmt: skip
            what = meaning.Change(alike.direction, False)  # 分别增长8.5%、3.2%
        if what is None and unit.kind == "share" and (carried := lists.carried(self.claims, one.start, unit.name, self.at)):  # fmt: skip
            what = meaning.Change(carried, False)
        if what and what.to is False and unit.name == "倍" and not _TIMES_MORE.search(before[-12:]):
            what = None
        kind, sign = unit.kind, 1
        if (
            unit.kind in ("share", "point", "count", "money", "measure", "time")
            and what
            and not what.to
        ):
            kind, sign = "change", -1 if what.direction == "down" and value > 0 else 1
            if value < 0:
                what = meaning.Change("down", False)  # 增速-3.4% is a fall
        kind = {"point": "change", "time": "measure"}.get(kind, kind)
        if unit.name == "番":
            kind, value = "change", 2**value - 1 if isinstance(value, int) and value < 60 else value
            what = meaning.Change("up", False)
        number: Exact | None
        whole = unit.kind == "count"
        if top is not None:
            low: Exact | None = value * unit.factor
            high: Exact | None = top * unit.factor
            number = None
        else:
            step = told.step
            if unit.factor != 1:
                value, step = value * unit.factor, step * unit.factor
            number = value
            low, high = meaning.limits(value, step, bound, whole=whole)
        if sign < 0:
            low, high = (None if high is None else -high), (None if low is None else -low)
            number = None if number is None else -number
        self.claims.append(
            Claim(
                text=self.text[one.start : end], start=one.start, end=end, kind=kind, value=number,
                low=low, high=high, unit=unit.name, direction=what.direction if what else "",
                against=meaning.against(before if one.start in self.cells else before[-max(1, min(meaning.REACH, one.start - self._last())) :]) if kind == "change" else "",
                period=self.at.period_words(one.start),
                scope=self.at.scope(one.start), before=words, after=meaning.behind(after),
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
        tail = ranks.PLACE.match(self.folded, one.end)
        end = tail.end() if tail else one.end
        ranked = re.search("(?:全国|全省|全市|全县)(?:排名|排位|位居|位列)?第$", before)
        following = self.folded[end : end + 1]
        if (ranks.CUE.search(before[:-1][-16:]) or (ranked and (tail or following in ",。;、)"))) and one.value > 0 and one.top is None:  # fmt: skip
            self._rank(one.start - 1, end, one.value, one.value)
        else:
            self._set_aside(one.start - 1, end, "ordinal")

    def _rank(self, start: int, end: int, low: Exact, high: Exact) -> None:
        begin, _ = self.at.sentence(start)
        before = self.folded[max(begin, start - BACK) : start]
        if self.at.among_goals(start):
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
        for match in ranks.FIRST.finditer(self.folded):
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
