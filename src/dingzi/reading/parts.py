"""Parts and wholes within a sentence, and what the text says against itself.

No data are needed for either: a part greater than its whole, and a rate that its own two counts do
not give, are wrong whatever the record says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from .claims import Claim, decimal
from .periods import Found
from .pieces import Exact

#: so many earlier claims of a sentence can be a claim's whole
_BACK = 12
_BREAK = re.compile("[;。]")
#: right after a whole: 50份卷宗中,有7份 and 12345件(含线上8000件)
_OF_WHOLE = re.compile("[一-鿿()、]{0,14}[中里](?=[,有已仅])|\\((?:其中|含|包括|包含)")
#: one of these is in each of them
_WITHIN = re.compile("[中里(]")
_BRACKET = re.compile("[;。)]")
_ALREADY = re.compile(" *已")
#: 发现形象工程、半拉子工程47个, 盘活33个: so far back it is told what was taken in
_FAR = 24
_LEFT = re.compile("^(?:剩余|尚余|余下|还有|尚有|仍有)的?$")
_PLAIN_ACT = re.compile("^(?:目前|现)?已经?[一-鿿]{2}$")
#: 26项任务已完成21项: what is counted stands between both
_OF_THEM = re.compile(
    "[一-鿿]{1,8}?(?:目前)?已经?(?:完成|办结|化解|整改|销号|解决|履行|兑现|盘活|落实|办理)"
)
#: 61个历史遗留楼盘已有54个
_OF_THEM_BY_NOW = re.compile("[一-鿿]{1,12}已有")
_DONE = re.compile(
    "已|办结|化解|调处|调解成功|完成|整改|销号|开工|竣工|投产|兑现|支付|发放|到位|交付|达成|签约|入库|解决|履行|成功|验收|合格|"
    "采纳|盘活|补齐|到会|出席|实到|清偿|追回|回访|拆除|关停|取缔|消除|答复|录用|上岗|入职|中选|清退|立案|受理率|按期|及时|办证|发证"
)
_TAKEN_IN = re.compile(
    "受理|登记|排查|包案|收到|接到|接访|梳理|交办|下达|认领|计划|安排|核查|查摆|发现|纳入|涉及|列入|申报|报名|投标|抽检|检查|评审|送审|应|需|"
    "共有|共计|共列|总|复查|建立台账|摸排|转送|征集|提出|收集|组成人员|在册|共 ?$"
)
_RATE = re.compile("率|占比|比例|比重|占")
_LINK = re.compile("已经|其中|全部|目前|实现|达到|[已共均并达为是的了有也约近 ]")
#: words that say how well something was done, not with what
_ADDED = re.compile("成功|实质|综合|总体|整体")
_NEGATED = re.compile("[不未无]")
_JOINTS = ("、", "和", "与", "及", ",")
_LIST = re.compile("[、和与及]")
_LISTED = re.compile("[、和与及][^,;。已]{0,16}")
_FROM = re.compile("(?:由|从)[^,。;]{0,16}$")
#: 由去年的4000件增加到: the level before is what 同比 and 较上年 are measured from
_FROM_LAST = re.compile("(?:由|从)(?:去年|上年|上月|上季度)[^,。;]{0,12}$")
#: more can be done than was taken in where some was left from before, or a plan was given
_LEFT_OVER = re.compile("结转|结存|上年|去年|往年|历年|以前年度|跨年|旧存|上期|遗留|积案|存量|未结")
#: a mean of some can be above the mean of all
_AVERAGE = re.compile("平均|[人户次生日月年村件单]均")
_PLANNED = re.compile("计划|任务|目标|指标|核定|编制|预算|概算|应")
#: so far before the whole, and behind the part, it can be said
_NEAR = 30


def link(claims: list[Claim], text: str) -> None:
    """Give parts their wholes, and changes the claim whose change they are."""
    for index, one in enumerate(claims):
        if one.kind == "change":
            one.follows = _level_before(claims, index)
        elif one.kind in ("count", "money", "measure"):
            one.part_of = _whole(claims, index, text)
        elif one.kind == "share" and re.search(
            "占(?:比|总数|总量|全部|其|到|比重)?[^,。;]{0,8}$", one.before
        ):
            one.part_of = None


def distribute(claims: list[Claim], text: str, when: Sequence[Found]) -> None:
    """甲区、乙市分别受理312件、298件: give each its own place or period; unclear lists lose theirs."""
    index = 0
    while index < len(claims):
        run = [claims[index]]
        while (
            index + len(run) < len(claims)
            and len(run) < _BACK
            and claims[index + len(run)].unit == run[0].unit
            and text[run[-1].end : claims[index + len(run)].start] in _JOINTS
        ):
            run.append(claims[index + len(run)])
        index += len(run)
        if len(run) == 1 or "分别" not in run[0].before:
            continue
        names = _LIST.split(run[0].scope)
        spread = len(names) == len(run)
        listed = _listed(when, run[0], text)
        if len(listed) == len(run):
            for one, found in zip(run, listed, strict=True):
                one.period = found.code or found.words
        for one, name in zip(run, names if spread else [""] * len(run), strict=True):
            one.before = run[0].before
            one.scope = name if spread else run[0].scope if len(names) == 1 else ""


def _listed(when: Sequence[Found], one: Claim, text: str) -> list[Found]:
    """一季度、二季度和三季度分别...: the periods named together before a claim of its sentence."""
    last = bisect_left(when, one.start, key=lambda found: found.start) - 1
    if last < 0 or when[last].start < one.sentence:
        return []
    first = last
    while (
        first and last - first < _BACK and text[when[first - 1].end : when[first].start] in _JOINTS
    ):
        first -= 1
    return list(when[first : last + 1])


def _whole(claims: list[Claim], index: int, text: str) -> int | None:
    one = claims[index]
    sentence, unit, kind = one.sentence, one.unit, one.kind
    alike: list[int] = []
    for at in range(index - 1, max(0, index - _BACK) - 1, -1):
        other = claims[at]
        if other.sentence != sentence:
            break
        if other.unit == unit and other.kind == kind:
            alike.append(at)
    alike.reverse()
    if not alike:
        return None
    begin = claims[alike[0]].end
    segment = text[begin : one.start]
    among = max(segment.rfind("其中"), segment.rfind("当中"))
    if among >= 0 and not _BREAK.search(segment, among + 2):
        place = begin + among
        return next((at for at in reversed(alike) if claims[at].end <= place), None)
    if len(alike) > 1 and _LISTED.fullmatch(text, claims[alike[-2]].end, claims[alike[-1]].start):
        return None  # 堵点56处、难点31处, 已打通51处: of both together
    before = alike[-1]
    for at in reversed(alike) if _WITHIN.search(segment) else ():
        if mark := _OF_WHOLE.match(text, claims[at].end, one.start):
            bracket = mark[0].startswith("(")
            if not (_BRACKET if bracket else _BREAK).search(text, mark.end(), one.start):
                return at
    gap = text[claims[before].end : one.start]
    if len(gap) > 24 or _BREAK.search(gap):
        return None
    whole = claims[before]
    if whole.part_of is not None and claims[whole.part_of].scope == one.scope:
        before, whole = whole.part_of, claims[whole.part_of]
    if whole.scope != one.scope or _other_time(whole.period, one.period):
        return None
    if _LEFT.match(one.before):
        return before if before != alike[-1] else None
    alone = _PLAIN_ACT.match(one.before) or _DONE.fullmatch(one.before)
    if alone and _TAKEN_IN.search(text, max(whole.sentence, whole.start - _FAR), whole.start):
        return before
    if _OF_THEM.fullmatch(gap) and text[one.end : one.end + 1] in ("", *",。;)\n"):
        return before
    if _OF_THEM_BY_NOW.fullmatch(gap):
        return before
    if not _only_act(one.before, whole.before + whole.after):
        return None
    if _DONE.search(one.before) and (_ALREADY.match(one.before) or _TAKEN_IN.search(whole.before)):
        return before
    return None


def _other_time(whole: str, part: str) -> bool:
    """Whether both are dated, and not alike; 目前已办结 tells of the whole's own time."""
    return (
        bool(whole and part) and whole != part and not part.startswith(("目前", "..", "至今", "截"))
    )


def _level_before(claims: list[Claim], index: int) -> int | None:
    """The level of which a change tells: the nearest before it in its sentence."""
    one = claims[index]
    for at in range(index - 1, max(-1, index - 4), -1):
        other = claims[at]
        if other.sentence != one.sentence:
            return None
        if other.kind in ("count", "share", "money", "measure"):
            return at
    return None


def contradict(claims: list[Claim], text: str) -> None:
    """Find parts that exceed their wholes and rates that their own counts contradict."""
    for index, one in enumerate(claims):
        if one.part_of is not None:
            whole = claims[one.part_of]
            more = one.low is not None and whole.high is not None and one.low > whole.high
            if more and not _can_be_more(one, whole, text):
                one.faults.append(("part_exceeds_whole", {"part": one.text, "whole": whole.text}))
        if one.kind == "share" and one.value is not None:
            _rate(claims, index, text)
        elif one.kind == "change" and one.unit in ("%", "百分点"):
            _from_to(claims, index, text)


def _can_be_more(part: Claim, whole: Claim, text: str) -> bool:
    """Whether the words say how more could be done than was taken in: 上年结转210件, 下达计划200个."""
    if _PLANNED.search(whole.before) or "结转" in whole.before:
        return True
    before = text[max(whole.sentence, whole.start - _NEAR) : whole.start]
    behind = _BREAK.split(text[whole.end : part.end + _NEAR], maxsplit=1)[0]
    return (
        _AVERAGE.search(before) is not None
        or "结转" in before
        or _LEFT_OVER.search(behind) is not None
    )


def _rate(claims: list[Claim], index: int, text: str) -> None:
    """化解率98.2% after 受理4268件, 化解4190件: the pair must give the rate."""
    rate = claims[index]
    if not _RATE.search(rate.before) and not rate.before.endswith("占"):
        return
    named = [
        (part, claims[part.part_of])
        for part in claims[max(0, index - _BACK) : index]
        if part.sentence == rate.sentence
        and part.part_of is not None
        and part.kind == "count"
        and part.scope == rate.scope
        and ";" not in text[part.end : rate.start]
        and _same_act(rate.before, part.before, claims[part.part_of].before)
    ]
    if not named:
        return
    for part, whole in named:
        if _within(_ratio(part, whole), rate):
            return
    part, whole = named[-1]
    if _others_give(claims[max(0, index - _BACK) : index], rate, part.unit):
        return
    if part.value is None or not whole.value:
        return
    share = Fraction(part.value) / Fraction(whole.value) * 100
    told = {"part": part.text, "whole": whole.text, "share": decimal(round(share, 2))}
    rate.faults.append(("rate_against_counts", told))


def _others_give(before: Sequence[Claim], rate: Claim, unit: str) -> bool:
    """Whether two other counts of the sentence give the rate: 登记860件, 已受理812件、办结790件, 办结率97.3%."""
    counts = [one for one in before if one.sentence == rate.sentence and one.unit == unit]
    return any(_within(_ratio(part, whole), rate) for whole, part in combinations(counts, 2))


def _within(ratio: tuple[Exact | None, Exact | None], rate: Claim) -> bool:
    low, high = ratio
    return (rate.high is None or low is None or low <= rate.high) and (
        rate.low is None or high is None or high >= rate.low
    )


def _same_act(rate: str, part: str, whole: str) -> bool:
    """Whether a rate is named after what was done with the part: 化解率, 化解4190件; or 占."""
    if re.search(
        "^(?:约|仅|只)?占(?:比|总数|总量|全部|受理[^,]{0,4}|登记[^,]{0,4})?(?:的|达|为|约|到)*(?:比例为?)?$",
        rate,
    ):
        return True
    name = _LINK.sub("", rate.split("率")[0])
    if bool(_NEGATED.search(name)) != bool(_NEGATED.search(part)):
        return False
    acts = [name[at : at + 2] for at in range(len(name) - 1) if name[at : at + 2] in part]
    left = _ADDED.sub("", name.replace(acts[-1], "", 1)) if acts else name
    return bool(acts) and (left in whole or left in part)


def _only_act(part: str, whole: str) -> bool:
    """Whether a clause says only what was done with the whole: 已化解, not 化解历史积案 or 累计化解."""
    if "累计" in part and "累计" not in whole:
        return False
    left = _ADDED.sub("", _LINK.sub("", _DONE.sub("", _NEGATED.sub("", part))))
    return left in whole


def _ratio(part: Claim, whole: Claim) -> tuple[Exact | None, Exact | None]:
    low = Fraction(part.low) / Fraction(whole.high) if part.low is not None and whole.high else None
    high = (
        Fraction(part.high) / Fraction(whole.low) if part.high is not None and whole.low else None
    )
    return low, high


def _from_to(claims: list[Claim], index: int, text: str) -> None:
    """由4000件增加到4400件, 增长10%; 由90%提高到95%, 提高5个百分点: the levels must give the change."""
    one = claims[index]
    if index < 2:
        return
    old, new = claims[index - 2], claims[index - 1]
    if not (
        old.sentence == new.sentence == one.sentence
        and old.unit == new.unit
        and old.kind == new.kind
    ):
        return
    if not new.direction or one.against == "annual" or len(one.before) > 6 or "按" in one.before:
        return
    if not _FROM.search(text[max(0, old.start - 20) : old.start]):
        return
    if None in (old.low, old.high, new.low, new.high):
        return
    if one.against and not _FROM_LAST.search(text, max(0, old.start - 20), old.start):
        return  # 从2020年的3.2万件下降到2.1万件, 较上年下降6%
    o_low, o_high, n_low, n_high = (
        Fraction(x or 0) for x in (old.low, old.high, new.low, new.high)
    )
    if one.unit == "%" and old.kind in ("count", "money", "measure") and o_low > 0:
        least, most = n_low / o_high - 1, n_high / o_low - 1
        told = (Fraction(new.value or 0) / Fraction(old.value or 1) - 1) * 100
    elif one.unit == "百分点" and old.kind == "share":
        least, most = n_low - o_high, n_high - o_low
        told = (Fraction(new.value or 0) - Fraction(old.value or 0)) * 100
    else:
        return
    if (one.high is not None and one.high < least) or (one.low is not None and one.low > most):
        one.faults.append(
            (
                "change_against_levels",
                {"old": old.text, "new": new.text, "share": decimal(round(told, 2))},
            )
        )
