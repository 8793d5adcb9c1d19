"""Where a number stands: its sentence and clause, the period and the place that hold there."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from typing import Any

from . import meaning, periods, places
from .tables import Cell
from .writing import fold

#: a sentence is no longer; what goes on is read as the next one
_SENTENCE = 300
#: so many characters before a number can bear on it
BACK = 120
#: so many periods before a claim are looked at
_PERIODS = 8
#: so many places are listed together at most
_PLACES = 20
#: 2020年的39.5万人, 去年同期为95.4%
_OF = re.compile("(?:底|末)?的|同期(?:为|是|仅|只有|有|的|达|达到|仅为)")
#: 除袁州区外, 全市...: of the rest, which has no name
_EXCEPT = re.compile(
    "(?:[扣剔]除|(?<![扣剔解免删消清拆去开])除了?|不含|不包[括含])[一-鿿、]{1,20}?(?:市|县|区|乡|镇|省)(?:[之以]?外|本级|的?数据|[,、)])"
)
#: the title of a document, and the sentence that says of what it reports
_TITLE = re.compile("\\s*[^\n。;!?]{4,40}(?<![,:、])(?=\n)")
_REPORTED = re.compile("现将[^。\n]{0,40}如下")
_HEAD = 1000
_ENDS = re.compile(r"[。!?\n]")
_CLAUSE = re.compile(r"[,;:、()。!?\n“”\"]")


class Standing:
    """A text with its sentences, periods and places, asked about one place after the other."""

    def __init__(self, text: str, year: int | None, day: date | None, names: Iterable[str]) -> None:
        self.text, self.folded = text, fold(text)
        if year is None and day is None:
            own, signed = periods.dated(self.folded)
            day = signed if signed and signed.year == own else None
        self.year = year or (day.year if day else None) or periods.own_year(self.folded)
        self.periods = list(periods.find(self.folded, self.year, day))
        self.period_starts = [one.start for one in self.periods]
        self.places = list(places.find(self.folded, names))
        self.place_starts = [start for start, _, _ in self.places]
        excepts = list(_EXCEPT.finditer(self.folded))
        self.except_starts = [one.start() for one in excepts]
        self.except_ends = [one.end() for one in excepts]
        self.sentences = _sentences(self.folded)
        self.paragraphs = [0, *(match.end() for match in re.finditer("\n", self.folded))]
        self.goal_from = _goal_parts(self.folded)
        self.goals = meaning.goals(self.folded, self.year)
        self.goal_starts = [start for start, _ in self.goals]
        self._sentence = (0, 0)
        self._period: tuple[int, periods.Found | None] = (-1, None)
        self.frame = self._frame()

    def sentence(self, at: int) -> tuple[int, int]:
        begin, end = self._sentence  # mostly the one that was asked for before
        if begin <= at < end:
            return self._sentence
        index = bisect_right(self.sentences, at) - 1
        end = self.sentences[index + 1] if index + 1 < len(self.sentences) else len(self.folded)
        self._sentence = self.sentences[index], end
        return self._sentence

    def own(self, start: int, before: str, last: int) -> str:
        """The words of a number's own clause before it, without periods and places.

        ``last`` is where the claim before it ends: its words are not this one's.
        """
        floor = max(start - len(before), last)
        for match in _CLAUSE.finditer(self.folded, floor, start):
            # 受理、办结1284件: of both, or of which is not told
            joint = match[0] == "、" and floor < match.start() and floor != last
            floor = floor if joint else match.end()
        return self._without(floor, start)

    def listed(self, start: int) -> str:
        """The same with the lists of its clause: 化解率、满意率分别为."""
        floor = max(self.sentence(start)[0], start - BACK)
        for match in _CLAUSE.finditer(self.folded, floor, start):
            floor = floor if match[0] == "、" else match.end()
        return self._without(floor, start)

    def _without(self, floor: int, start: int) -> str:
        """The words between without periods and places."""
        when = self._near(self.periods, self.period_starts, floor, start)
        where = self._near(self.places, self.place_starts, floor, start)
        if not when and not where:
            return self.folded[floor:start]
        pieces, at = [], floor
        cuts = [(one.start, one.end) for one in when] + [(one[0], one[1]) for one in where]
        for first, last in sorted(cuts):
            pieces.append(self.folded[at : max(at, first)])
            at = max(at, last)
        pieces.append(self.folded[at:start])
        return "".join(pieces)

    def led(self, start: int, before: str) -> str:
        """The words before a number without the period that stands between: 减少到2024年的684个."""
        index = bisect_right(self.period_starts, start - 1) - 1
        if index < 0 or not before.endswith("的") or self.periods[index].end != start - 1:
            return before
        return before[: max(0, len(before) - (start - self.periods[index].start))]

    @staticmethod
    def _near(items: list[Any], starts: list[int], low: int, high: int) -> list[Any]:
        first = bisect_right(starts, low - 1)
        if first == len(starts) or starts[first] >= high:
            return []
        return items[first : bisect_right(starts, high - 1)]

    def period(self, at: int) -> periods.Found | None:
        """The period that holds at a place: the nearest before it in its paragraph.

        较2020年的39.5万人: what is compared with holds for the number right after it.
        """
        if at != self._period[0]:  # asked for twice of most numbers
            self._period = at, self._holds(at)
        return self._period[1]

    def _holds(self, at: int) -> periods.Found | None:
        index = bisect_right(self.period_starts, at) - 1
        paragraph = self.paragraph(at) if index >= 0 else 0
        for one in reversed(self.periods[max(0, index - _PERIODS) : index + 1]):
            if one.start < paragraph:
                break
            if not self._compares(one) or _OF.fullmatch(self.folded, one.end, at):
                return one
        return self.frame[0] if at > self.frame[2] else None

    def paragraph(self, at: int) -> int:
        return self.paragraphs[bisect_right(self.paragraphs, at) - 1]

    def _compares(self, one: periods.Found) -> bool:
        """Whether a period is what something is compared with: 较上年, 比2024年, 由上年的386亿元增至."""
        if self.folded[max(0, one.start - 1) : one.start] in tuple("由从") and _OF.match(self.folded, one.end):  # fmt: skip
            return True
        return self.folded[max(0, one.start - 1) : one.start] in tuple("较比同与跟") or self.folded.startswith(("同期", "相比", "末"), one.end)  # fmt: skip

    def scope(self, at: int) -> str:
        """The nearest place before it in its sentence, else the first of an earlier sentence."""
        begin, _ = self.sentence(at)
        first = bisect_left(self.except_starts, begin)
        if first < len(self.except_ends) and self.except_ends[first] <= at:
            return ""
        index = bisect_right(self.place_starts, at - 1) - 1
        if index >= 0 and self.places[index][0] >= begin:
            return self._listed(index, begin)
        if index >= 0 and self.places[index][0] >= self.paragraph(at):
            earlier, _ = self.sentence(self.places[index][0])
            start, end, words = self.places[bisect_right(self.place_starts, earlier - 1)]
            opening = self.places[bisect_right(self.place_starts, self.paragraph(at) - 1)]
            # 全市 ... 。袁州区 ... 。已整改55个: of which of the two is not told
            return self.text[start:end] if opening[2] == words else ""
        return self.frame[1] if at > self.frame[2] else ""

    def _frame(self) -> tuple[periods.Found | None, str, int]:
        """What a document says of all its paragraphs, period and place, and where it has said so.

        Its title does (2025年1—10月全市信访情况), and 现将1至10月有关情况通报如下. A title's bare year
        does not: a report of that year mostly tells of the year before.
        """
        head = _TITLE.match(self.folded)
        if head is None:
            return None, "", 0
        told = [head.span(), *(match.span() for match in _REPORTED.finditer(self.folded, head.end(), _HEAD))]  # fmt: skip
        period, scope, last = None, "", head.end()
        for start, end in told:
            for one in self._near(self.periods, self.period_starts, start, end):
                if not self._compares(one) and (start or one.words.rstrip("年") != str(one.year)):
                    period, last = one, max(last, end)
            for first, until, _ in self._near(self.places, self.place_starts, start, end)[:1]:
                scope = scope or self.text[first:until]
        return period, scope, last

    def _listed(self, index: int, begin: int) -> str:
        """The place, with those named together with it: 袁州区、丰城市和樟树市."""
        start, end, _ = self.places[index]
        first = max(0, index - _PLACES)
        while index > first and self.places[index - 1][0] >= begin and self.folded[self.places[index - 1][1] : start] in ("、", "和", "与", "及"):  # fmt: skip
            index -= 1
            start = self.places[index][0]
        return self.text[start:end]

    def period_words(self, at: int) -> str:
        """The period's code, or its words where the text does not date it; "" for none."""
        one = self.period(at)
        if one is None:
            return ""
        if self.folded.startswith("同期", one.end):
            return self.text[one.start : one.end + 2]  # of which months is not told
        return one.code or self.text[one.start : one.end]

    def in_table(self, cell: Cell) -> tuple[str, str]:
        """Period and place of a table's cell: of its row, else of its head, else of the caption."""
        for start, end in (
            cell.row,
            (cell.at, cell.until),
            (self.paragraph(cell.above), cell.above),
        ):
            one = self.period(end)
            if one and one.start >= start:
                break
        else:
            end = cell.above
        period = self.period_words(end)
        scope = self.frame[1] if cell.above > self.frame[2] else ""
        for start, end in (cell.row, (self.paragraph(cell.above), cell.above)):
            index = bisect_right(self.place_starts, end) - 1
            if index >= 0 and self.places[index][0] >= start:
                first, last, _ = self.places[index]
                scope = self.text[first:last]
                break
        return period, scope

    def among_goals(self, at: int) -> bool:
        """Whether its sentence speaks of what is to come, or a heading or a year puts it there."""
        index = bisect_right(self.goal_from, (at, True)) - 1
        if index >= 0 and self.goal_from[index][1]:
            return True
        period = self.period(at)
        if period and period.year and self.year and period.year > self.year:
            return True
        index = bisect_right(self.goal_starts, at) - 1
        if index < 0 or self.goals[index][0] < max(self.sentence(at)[0], at - BACK):
            return False
        end = self.goals[index][1]
        return end <= at and not meaning.done(self.folded, end, at)


def _sentences(folded: str) -> list[int]:
    """Where sentences begin; none is longer than _SENTENCE characters."""
    starts = [0]
    for match in _ENDS.finditer(folded):
        while match.end() - starts[-1] > _SENTENCE:
            starts.append(starts[-1] + _SENTENCE)
        starts.append(match.end())
    while len(folded) - starts[-1] > _SENTENCE:
        starts.append(starts[-1] + _SENTENCE)
    return starts


def _goal_parts(folded: str) -> list[tuple[int, bool]]:
    """From which places on a heading says that goals follow, or that they no longer do."""
    found: list[tuple[int, bool]] = []
    at = 0
    for line in folded.split("\n"):
        state = meaning.heading(line)
        if state is not None:
            found.append((at + len(line), state))
        at += len(line) + 1
    return found
