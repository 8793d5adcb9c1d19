"""What a list says once for all its members: 平均降价52%, 第二批53%; 化解率、满意率分别为98%、97%."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from .claims import Claim
from .standing import BACK, Standing

#: so many claims back the change may stand that the next member carries on
_BACK = 3
#: no list is longer
_RUN = 12
#: a change of a rate (化解率下降2%) says nothing of a share that stands beside it
_OF_RATE = re.compile("[率度比占]")
#: 、袁州区3.1% and , 第二批19个品种53%: the member and nothing that says something else of it
_NTH = re.compile(
    "[,、;] ?第[二三四五六七八九十\\d]{1,3}[批轮次期类组](?:[\\d,]{1,6}[一-鿿]{1,5})?(?:平均)?[为是达约近]?"
)
_NOUN = re.compile("(?:、|,其中)[一-鿿]{1,6}")
#: 会议费降18%, 培训费21%: behind a comma only what ends as the first one does
_ALIKE = re.compile(",[一-鿿]{0,5}([一-鿿])")
_OF_CHANGE = re.compile("([一-鿿])(?:(?:下降|增长|增加|减少|上升|[增升涨降减跌])了?)?$")
#: 降幅最大的甲县达41.6%, 最小的也有3.8%: of another place, which is not told
_EXTREME = re.compile("(?:其中)?最[大小高低多少好差快慢]的?[也仅只达到有为是约近超]{0,3}")
_REST = re.compile("(?:其他|其余|剩余|余下)")
_SAYS_MORE = re.compile("[率度比占达为至到是仅超约余共]|完成|合格|实现|以上|以下|目标")
_PLACED = re.compile("[,、;] ?")
_AND = re.compile("[、和与及]")
#: what a ratio is told of: 每千名, 每万人, 每十万人口, 每百户
_BASE = re.compile(r"每(?:[十百千万]{1,2}|\d{2,6})(?:名|人口?|户|位|个|张|亩|辆|平方公里)")
#: ..., 护士数3.58人 has the base of the ratio before it; 新增床位1200张 is a count of its own
_OF_BASE = re.compile("[,、;和与及][一-鿿]{1,10}")
_OF_ITSELF = re.compile("[每新共总建全增]|累计|完成|发放|其中|[人户]均|平均|现有|目前")
#: 由去年同期的, 比上年同期的: no more stands between both numbers
_LAST = re.compile("([由从较比])(?:去年|上年)同期的?$")
_GAP, _CLAUSED = 10, re.compile("[,;。、]")
_RESPECTIVELY = "分别"
_COMPARE = "(?:同比|环比|[较比](?:上年|去年)?(?:同期)?)"
_COMPARED = re.compile(f"{_COMPARE}?$")
#: ..., 同比分别提高1和2个百分点: no name stands in the clause
_NAMELESS = re.compile(f"{_COMPARE}?{_RESPECTIVELY}")
#: 来访批次、人次: the second is told by the first
_SHORT = re.compile("(?:[人件批户场]次|[人件户个]数|数量|金额|面积|总量|总数)$")


def carried(claims: Sequence[Claim], start: int, unit: str, at: Standing) -> str:
    """The direction that a share at ``start`` carries on from a change before it; "" where it does not."""
    begin, _ = at.sentence(start)
    for one in reversed(claims[-_BACK:]):
        if one.sentence != begin or one.kind == "share":
            return ""
        if one.kind == "change":
            break
    else:
        return ""
    if one.unit != unit or not one.direction or _OF_RATE.search(one.before):
        return ""
    gap = at.folded[one.end : start]
    if _NTH.fullmatch(gap):
        return one.direction
    if claims[-1] is not one:
        return ""
    if _EXTREME.fullmatch(gap[1:]) and gap[0] in ",;、":
        return one.direction
    if not _SAYS_MORE.search(gap.replace("其中", "")):
        noun, of = _ALIKE.fullmatch(gap), _OF_CHANGE.search(one.before)
        if _NOUN.fullmatch(gap) or (noun and of and noun[1] == of[1]):
            return one.direction
    mark = _PLACED.match(gap)
    index = bisect_right(at.place_starts, start - 1) - 1
    if mark and index >= 0 and at.places[index][:2] == (one.end + mark.end(), start):
        return one.direction
    return ""


def named(claims: list[Claim], at: Standing) -> None:
    """化解率、满意率分别为98%、97%: give each number of such a run the name that is its own.

    Where the names cannot be told apart each keeps all of them, so that none is taken for another's.
    """
    for first, run in _runs(claims, at):
        for one in run:
            one.against = one.against or (run[0].against if one.kind == "change" else "")
        head, tail = at.listed(claims[first].start).rsplit(_RESPECTIVELY, 1)
        compared = _COMPARED.search(head)
        if compared:
            head, tail = head[: compared.start()], compared[0] + tail
        names = [name for name in _AND.split(head) if name]
        if len(names) == 1 and len({(one.scope, one.period) for one in run}) == 1:
            for one in run:  # 三批降幅分别为52%、53%: of which is not told
                one.scope = ""
        if len(names) < 2:
            continue
        for place, one in enumerate(run):
            own = names[place] if len(names) == len(run) else head
            one.before = f"{head if _SHORT.match(own) else own}{_RESPECTIVELY}{tail}"
            if len({other.scope for other in run}) > 1:
                one.scope = ""


def based(claims: Sequence[Claim], at: Standing) -> None:
    """每千名常住人口医师数3.12人, 护士数3.58人: the second is told of as many people as the first."""
    base = ""
    for last, one in zip([None, *claims], claims, strict=False):
        if last is None or last.sentence != one.sentence:
            base = ""
        if own := _BASE.search(one.before):
            base = own[0]
        elif base and last and one.kind in ("count", "measure") and one.unit != "比":
            gap = at.folded[last.end : one.start]
            alike = _OF_BASE.fullmatch(gap) and not _OF_ITSELF.search(gap)
            if alike or (one.value and Fraction(one.value).denominator > 1):
                one.before = base + one.before


def changes(claims: list[Claim], at: Standing) -> None:
    """Say of which level, period and place the changes are that a sentence tells together."""
    _respective(claims, at)
    _told_after(claims)
    _from_last(claims, at)
    _differences(claims, at)


def _respective(claims: list[Claim], at: Standing) -> None:
    """化解率99%, 满意率98%, 分别提高1和2个百分点: each change is told of its own level."""
    for first, run in _runs(claims, at):
        if run[0].kind != "change" or not _NAMELESS.match(run[0].before):
            continue
        levels = [
            place
            for place in range(max(0, first - _RUN), first)
            if claims[place].sentence == run[0].sentence and claims[place].kind != "change"
        ]
        for place, one in enumerate(run):
            one.follows = levels[place] if len(levels) == len(run) else None


def _from_last(claims: Sequence[Claim], at: Standing) -> None:
    """由去年同期的94.7%提高到98.2% is the new level of what the old one names; 比去年同期的14102件增加1115件.

    Of a level before it that is not called last year's it is not told over which days the new one is.
    """
    for place, (old, one) in enumerate(pairwise(claims)):
        if old.sentence != one.sentence or old.unit != one.unit or old.end + _GAP < one.start:
            continue
        if _CLAUSED.search(at.folded, old.end, one.start):
            continue
        begin, _ = at.sentence(old.start)
        led = _LAST.search(at.folded, max(begin, old.start - BACK), old.start)
        if led is None:
            continue
        if one.kind == "change" and not one.against and led[1] in "较比":
            one.against, one.follows = "year", place - 1 if place else None
        elif one.kind == old.kind and one.direction and led[1] in "由从":
            one.before = old.before[: max(0, old.before.rfind(led[1]))] + one.before


def _told_after(claims: Sequence[Claim]) -> None:
    """今年358件, 去年为412件, 减少54件: the change is this year's, whose level stands before."""
    moved: set[int] = set()
    for place, one in enumerate(claims):
        if one.kind != "change" or place < 2:
            continue
        now, before = claims[place - 2], claims[place - 1]
        if before.sentence != one.sentence:
            continue
        if place - 1 in moved and not one.against:
            one.period, one.follows = before.period, before.follows
            moved.add(place)
        elif (now.sentence, now.unit, now.kind) == (one.sentence, before.unit, before.kind) and _earlier(before.period, now.period):  # fmt: skip
            one.period, one.follows = now.period, place - 2
            moved.add(place)


def _earlier(then: str, now: str) -> bool:
    """Whether a period is the same one of the year before, or is called so."""
    if then in ("去年", "上年", "去年同期", "上年同期", "同期"):
        return bool(now)
    return then[:4].isdigit() and now[:4].isdigit() and int(then[:4]) == int(now[:4]) - 1


def _differences(claims: Sequence[Claim], at: Standing) -> None:
    """最高的甲县99%, 最低的乙县91%, 相差8个百分点: a difference of two places is of neither.

    Nor is 最低的91% of the place that was named before, nor 其他3件.
    """
    for before, one in zip([None, *claims], claims, strict=False):
        if before and before.sentence == one.sentence and _EXTREME.fullmatch(one.before):
            named = bisect_right(at.place_starts, before.end - 1)
            if named == len(at.places) or at.places[named][0] >= one.start:
                one.scope = ""
        if before and before.sentence == one.sentence and _REST.match(one.before):
            one.scope = ""
        if one.kind == "change" and "差" in one.before and not one.direction:
            begin, _ = at.sentence(one.start)
            first, last = (bisect_right(at.place_starts, edge - 1) for edge in (begin, one.start))
            if len({words for _, _, words in at.places[first:last]}) > 1:
                one.scope = ""


def _runs(claims: list[Claim], at: Standing) -> Iterator[tuple[int, list[Claim]]]:
    """Numbers told one right after the other behind 分别: the index of the first, and all of them."""
    index = 0
    while index < len(claims):
        first, index = index, index + 1
        if _RESPECTIVELY not in claims[first].before:
            continue
        run = [claims[first]]
        for one in claims[index : index + _RUN]:
            if at.folded[run[-1].end : one.start] not in ("、", "和", "与", "及", ","):
                break
            run.append(one)
        index = first + len(run)
        if len(run) > 1:
            yield first, run
