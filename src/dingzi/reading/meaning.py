"""What the words around a number make of it: change or level, at least or about, goal or rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from .pieces import Exact

#: how far back words bear on a number, in characters
REACH = 40

_UP = "前移|上浮|多出|增长|增加|上升|提高|提升|上涨|扩大|升高|攀升|净增|提速|增收|增产|涨价|增速|增幅|涨幅|升幅|快于|高于|高出|高|多|增|升|涨|快"
_DOWN = "后移|下浮|减负|下降|降价|减收|减少|降低|下滑|回落|缩短|压缩|压减|缩减|精简|降幅|减幅|跌幅|下调|减轻|低于|慢于|降|减|少|低|慢|落后"
#: of one character: only after the words that say against what
_SHORT = "(?:同比|环比|[比较].{1,12}|年均|分别|逐年|净|再)"
_LINK = r"(?:了|约|近|将近|超过|超|逾|达到|达|幅度|[: ]|分别|同比|环比|至少|不少于|不低于|为|共|一倍|达到了)"
_CHANGE = re.compile(
    rf"(?:(?P<up>{'|'.join(w for w in _UP.split('|') if len(w) > 1)}|(?<=[比均别净再])(?:增|升|涨)|[升增提涨](?=[到至])|{_SHORT}(?:高|多|增|升|涨|快)|同比多(?!数)[一-鿿]{{1,6}})"
    rf"|(?P<down>{'|'.join(w for w in _DOWN.split('|') if len(w) > 1)}|(?<=[比均别净再])(?:降|减)|[降减压](?=[到至])|{_SHORT}(?:降|减|少|低|慢)|同比少(?!数)[一-鿿]{{1,6}}))"
    rf"(?P<to>到|至|为)?{_LINK}{{0,3}}$"
)
#: one of these is in every word of change
_CHANGE_MARK = re.compile(f"[+↑↓跌{''.join(sorted(set(_UP + _DOWN) - {'|'}))}压减少缩精简]")
_POINT_UP = re.compile(rf"{_UP}")
_POINT_DOWN = re.compile(rf"{_DOWN}")
_RATE_OF_CHANGE = re.compile("增速|增幅|涨幅|升幅|降幅|减幅|跌幅")
#: a rate of change and how it is told: 增速为5.6%, 降幅在30%至50%之间, 增幅由14.3%回落到3.6%
_AT_A_RATE = re.compile(
    "(?:(?P<up>增速|增幅|涨幅|升幅|(?<!自然)增长率)|(?P<down>降幅|减幅|跌幅))"
    "[^,。;:、占]{0,14}(?:,(?=为))?(?:由|从|为|是|达|到|至|在|过|超|约|近|仅|有|均|别|低于|高于)$"
    "|(?:(?P<plain_up>增速|增幅|涨幅|升幅|(?<!自然)增长率)|(?P<plain_down>降幅|减幅|跌幅)) ?$"
)
#: 增幅收窄0.8个百分点 is less of it, 降幅扩大 more
_NARROWER = re.compile(
    "(?:(?P<rise>[增涨升][幅速]|增长率|[上增]涨幅度|增长幅度)|[降减跌下][^,。;]{0,2}幅度?)[^,。;]{0,6}"
    "(?:(?P<less>收窄|回落|放缓|缩小)|扩大|加快|提高)(?:了|约|近)?$"
)
#: 最高与最低相差8.2个百分点 is no change
_APART = re.compile("(?:相差|差距|差)(?:了|约|近|为|达|只有|仅)?$")
#: 减少重复填报六成半: what is cut stands between
_CUT = re.compile(
    "(?:(?P<up>提高|增加|扩大)|压减|减少|降低|减轻|缩减|压缩|精简)(?![到至了])(?:(?![率占比中])[一-鿿]){1,8}$"
)
_NEW = re.compile("(?:新|新的)(?:增长|增加)$")
#: right before a share: how much it went up or down
_ALONE = {"增": "up", "升": "up", "涨": "up", "降": "down", "减": "down", "跌": "down"}
_SIGNED = {"+": "up", "↑": "up", "↓": "down"}
#: 低于80% is a bound; 低于全省平均0.4个百分点 a difference
_MORE_THAN = re.compile("[高低多少]于$")

_AGAINST: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "year",
        re.compile(
            "同比|[较比同与](?:上年|去年|上一年)?(?:度)?同期|[较比同与](?:上年|去年)同期|(?:上年|去年)同期相比"
        ),
    ),
    ("previous", re.compile("环比|[较比](?:上月|上季度|上周|上期|上个月|上半年)")),
    ("last_year", re.compile("[较比同与](?:上年|去年|上一年)末?|上年相比")),
    ("annual", re.compile("年均|每年|年平均|逐年")),
)
_AGAINST_YEAR = re.compile(r"[较比]((?:19|20)\d{2})年")
_AGAINST_PLACE = re.compile(
    r"[高低快慢][于出过]?(全国|全省|全市)(?:平均|水平)|[比较](全国|全省|全市)(?:平均|水平|面上)"
)


@dataclass(frozen=True, slots=True)
class Change:
    """A direction; ``to`` where the number is the level reached (提高到), not the change."""

    direction: str
    to: bool


def change(before: str, kind: str) -> Change | None:
    """The change that the words right before a number speak of; ``kind`` is that of its unit."""
    near = before[-24:]
    if not _CHANGE_MARK.search(near):
        return Change("", False) if kind == "point" else None
    if near[-1] in _SIGNED and kind in ("share", "point"):  # 同比+4.5%
        return Change(_SIGNED[near[-1]], False)
    if kind == "point" and _APART.search(near):
        return Change("", False)
    if kind == "point" and (wider := _NARROWER.search(near)):
        return Change("up" if bool(wider["rise"]) != bool(wider["less"]) else "down", False)
    if kind == "share" and (rate := _AT_A_RATE.search(near)):
        return Change("up" if rate["up"] or rate["plain_up"] else "down", False)
    if kind != "point" and _MORE_THAN.search(near):
        return None
    found = _CHANGE.search(near)
    if found and not _NEW.search(near[: found.end("up") if found["up"] else 0]):
        rate = _RATE_OF_CHANGE.search(found[0])
        return Change("up" if found["up"] else "down", bool(found["to"]) and not rate)
    if kind == "share" and (cut := _CUT.search(near)):
        return Change("up" if cut["up"] else "down", False)
    if kind == "share" and near[-1] in _ALONE:  # 大米降8.3%
        return Change(_ALONE[near[-1]], False)
    if kind != "point":
        return None
    up = [match.end() for match in _POINT_UP.finditer(before)]
    down = [match.end() for match in _POINT_DOWN.finditer(before)]
    last = max(up[-1] if up else -1, down[-1] if down else -1)
    if last < 0:
        return Change("", False)
    return Change("up" if up and up[-1] == last else "down", False)


def against(before: str) -> str:
    """What a change is measured from, by the nearest words before it."""
    place = _AGAINST_PLACE.search(before)
    if place:
        return f"{place[1] or place[2]}平均"
    year = _AGAINST_YEAR.search(before)
    if year:
        return year[1]
    return next((name for name, pattern in _AGAINST if pattern.search(before)), "")


# ---- bounds --------------------------------------------------------------------------------------

_BEFORE: tuple[tuple[str, str], ...] = (
    ("near", "将近|接近|(?<![最附远临亲])近"),
    ("least", "不少于|不低于|不小于|至少|最少|不下于"),
    ("most", "(?:未|没有?)(?:超过|超出|突破|高于)|不超过|不高于|不多于|不大于|至多|最多|不突破"),
    ("below", "(?:未|没有)达到?|不足|不到|低于|少于|小于"),
    ("over", "不止|超过|超出|逾|突破|高于|大于|多于|(?<![赶反])超|(?<![经通])过"),
    ("about", "大约|大概|大致|约为|(?<![节合条签预公违制缔邀])约"),
)
_BOUNDS = "|".join(f"(?P<{name}>{words})" for name, words in _BEFORE)
_PREFIX = re.compile(f"(?:{_BOUNDS})(?:了|达|到|为|有)?(?:人民币)? ?$")
#: how words of bound end
_PREFIX_LAST = frozenset("止近接少低小下过高多大至破足到于出逾超约概致为了达有币的 ")
_PREFIX_OF = re.compile(f"(?:{_BOUNDS})[^,。;:\\d]{{1,8}}的$")
_SUFFIX = re.compile(
    "(?: ?(?:(?P<least>及?以上)|(?P<most>及?以下|以内|之内|内(?![容部外涵地需蒙存]))|(?P<about>左右|上下)|(?P<over>之多|有余)|(?P<below>不到|不足)(?=[,。;、)]|$)|(?P<more>[多强])(?=[,。;、)]|$)))"
)
MORE = re.compile(" ?[余多几来]")
MORE_FIRST = frozenset(" 余多几来")


@dataclass(frozen=True, slots=True)
class Bound:
    """A word of bound, where it ends, and whether it stands after the number."""

    name: str
    end: int = 0


def bound_before(before: str, kind: str) -> str:
    """The bound right before a number; of a share also 不超过参评单位的30%."""
    if before[-1:] not in _PREFIX_LAST:
        return ""
    found = _PREFIX.search(before[-8:])
    if found is None and kind == "share" and before.endswith("的"):
        found = _PREFIX_OF.search(before[-20:])
    return (found.lastgroup or "") if found else ""


def bound_after(text: str, end: int) -> Bound | None:
    found = _SUFFIX.match(text, end)
    return Bound(found.lastgroup or "", found.end()) if found else None


def limits(
    value: Exact, step: Exact, bound: str, *, whole: bool
) -> tuple[Exact | None, Exact | None]:
    """The least and the greatest value admitted.

    ``step`` is the place of the last stated digit; a ``whole`` number of cases or people that is
    stated to the last one is exact. 近, 余 and 约 reach as far as the last digit that is not a zero,
    but never more than a tenth of the value for 近 and 约.
    """
    if bound in ("over", "least"):
        return value, None
    if bound in ("most", "below"):
        return None, value
    if bound == "near":
        return value - min(_last_digit(value, step), abs(Fraction(value)) / 10), value
    if bound == "more":
        return value, value + _last_digit(value, step)
    if bound == "about":
        least = Fraction(0) if whole and step == 1 else Fraction(step) / 2
        reach = max(least, min(_last_digit(value, step) / 2, abs(Fraction(value)) / 10))
        return value - reach, value + reach
    if whole and step == 1:
        return value, value
    up, below, part = value.numerator, value.denominator, step.numerator
    scale = (
        2 * below * step.denominator
    )  # in whole numbers: Fraction's own sums take thrice as long
    middle = 2 * up * step.denominator
    return Fraction(middle - part * below, scale), Fraction(middle + part * below, scale)


def _last_digit(value: Exact, step: Exact) -> Fraction:
    """The place of the last digit that is no zero: 100 for 300, 100 for 1.52万."""
    place = Fraction(step) or Fraction(1)
    rest = abs(Fraction(value)) / place
    while rest and rest.denominator == 1 and rest.numerator % 10 == 0:
        rest, place = rest / 10, place * 10
    return place


#: what follows a number in its clause, and brackets that say what was not counted or how it was
_STOP = re.compile("[,;:、。()]")
_COUNTED_SO = re.compile(
    "\\((?:不[含包计]|未[含计]|[扣剔]除|按|[^()]{1,12}(?:除外|口径|未计入))[^()]{0,16}\\)?"
)


def behind(after: str) -> str:
    """The words behind a number: to the end of its clause, or a bracket that narrows what was counted."""
    if so := _COUNTED_SO.match(after):
        return so[0]
    return _STOP.split(after, maxsplit=1)[0]


# ---- classes -------------------------------------------------------------------------------------

#: of these there are classes by number: 三类县 is a county of the third class
_CLASSED = re.compile(
    "县|区|市(?!场)|乡|镇|村|街道|地区|城市|疫苗|(?:医疗)?器械|用地|水体|水质|高校|医院|幼儿园"
)
#: 分为三类县 and 这三类县 count the classes
_CLASSES = re.compile("(?:[分成这的出及有共等为]|涉及|以下|上述|覆盖|全部)$")
_NOT_COUNTED = re.compile("(?:评为|列为|定为|属于|[降升转]为|[划列纳]入|作为|认定为)$")


def names_a_class(numeral: str, before: str, after: str) -> bool:
    """Whether 三类 before ``after`` is which class, not how many: 三类县, or 二类病、三类病."""
    if not _CLASSED.match(after):
        return bool(after) and any(
            match[1] != numeral
            for match in re.finditer(f"([一二三四五六])类{re.escape(after[:2])}", before + after)
        )
    return bool(_NOT_COUNTED.search(before)) or not _CLASSES.search(before)


# ---- goals and rules -----------------------------------------------------------------------------

_GOAL = re.compile(
    "力争|争取(?![到了上中省国各专政资项补债支的])|务必|(?:必须|一定要|要)(?:做到|保持)|必须(?=达|实现|完成|控制)|努力(?:实现|达到|完成)|确保(?!了)|目标(?:任务)?(?:是|为|:|定为|设为|确定为|定在)|预期目标|目标(?:任务)?(?=\\d)"
    "|计划(?=[新改建投用在到实招安组开总今明发支整化采培完每全再出拿统推于])(?!完成率)"
    "|(?<![模虚草])拟(?=[新建投用于在定安实招采完再将对撤并引出修推整])|预计|预期(?!寿命)|有望|明年|下一步|下步|下阶段|今后"
    "|(?:我们|[我全]市|市委|市政府)将|将(?=[新达完建投实开继进再于在力全按推培招安启组落发采逐不到有超使确]|达到|对全)(?!军)"
    "|(?<![需主重简必只摘概纪])要(?=达|实现|完成|确保|在|新增|力争|提高到|控制|不低于|不少于|再|全面|建成|争取|于)"
    "|(?:建成|竣工|投产|达产|完工|投用)后,?(?:可|将|能|预计|每?年|新增|增加)"
    "|规划(?:新|建|到|投)|安排在|奋斗目标|任务(?:是|为|:)"
)
_FUTURE_YEAR = re.compile(
    r"(?<![升降增减涨少加高低大展长缩短提])到((?:20)\d{2})年(?:底|末)?(?!以来)"
)
_DONE = re.compile("实际|已经?(?!经|列入|纳入|明确|定|将)[一-鿿]{2}|完成了|实现了|达到了")
#: 为年度目标13.8万人的105.8%: so much of it is done
_OF_GOAL = re.compile(r"目标(?:任务|数|值)?[\d.,]+[万亿]?[一-鿿]{0,3}的$")
_ITS_GOAL = re.compile("的(?:年度|全年|预期|既定|考核|省定)?目标(?!任务)")
_HEAD_GOAL = re.compile(
    "下一步|下步|下阶段|打算|工作安排|工作计划|重点任务|工作思路|主要目标|预期目标|目标任务|展望|工作建议|今后|举措建议"
)
_HEAD_DONE = re.compile("完成情况|进展|回顾|总结|成效|做法|情况")
_HEAD_MARK = re.compile(
    r" *(?:[一二三四五六七八九十]{1,3}[、.,]|\([一二三四五六七八九十\d]{1,3}\)|#{1,6} |第[一二三四五六七八九十]{1,3}部分)"
)
_HEAD = 40
#: what comes after the end of a text: the day of its signing, annexes, a table's caption
_APPENDED = re.compile(
    "^附[件表]|[表图]$|^(?:(?:19|20)\\d{2}|[一二][零一二三四五六七八九]{3})年[\\d一二三四五六七八九十]{1,3}月[\\d一二三四五六七八九十]{1,3}日$"
)

_DUTY = re.compile(
    "应当|必须|不得|(?<![必无])须(?!知)|严禁|方可|凡是?|一律|(?<![供响适相反对])应(?=[在于当由按将及予配设])|(?:国家|上级|省里)要求|可以|规定|原则上|上限|下限|限额|(?<!高)标准|根据|依据|按照"
)
_WORD = re.compile("[一-鿿]")
_FILTER_VERBS = re.compile("参|受|到|就|前|观|报|投|签|入|享|获|通|完|实|已|均|都|同|以|是")
_STANDARD = re.compile("的?(?:补助|补贴|收费|奖励|发放|缴费|资助)?标准")
_EACH = re.compile(
    "每(?:人|户|亩|生|名|件|次|套|个|吨|平方米|公里)(?:每(?:人|年|月|日|天|餐|学期|亩))?[^,。;]{0,8}$"
)
_COUNTED_EACH = re.compile("平均|减少|增加|节约|降低|增收")
_CONDITION = re.compile("超(?=[概估预]算|计划|预期)|超过|高于|低于|不足|少于|达到|满|以上|以下")
_THOSE = re.compile(
    "的[一-鿿]{0,6}?(?:县|市|区|乡|镇|村|单位|部门|地方|项目|企业|学校|医院|楼盘|街道|社区|品种|产品|机构|岗位|工程)"
)
_NAMED_RATE = re.compile("[率度](?:保持|稳定)?(?:为|达到?|是|在|超过?|高于|低于|不足|不到)?$")
#: 15秒接通率: the limit is in the name
_WITHIN_RATE = re.compile("(?:内的?)?[一-鿿]{2,4}率")
_LIMITS = ("below", "most", "least", "over", "between")
_ABOVE = re.compile("(?:超过|超出|高于|低于)[一-鿿]{1,6}$")
_SO_MUCH = re.compile("的(?:好|速度|水平|目标|成绩|增|幅度|比例)")
_MARKS = ",;:。"
#: 平均2天以内 was measured, 压缩至2个工作日以内 was reached
_REACHED = re.compile("平均[^,]{0,12}$|(?:压缩|缩短|缩减|减少|[降减压])[至到为]$")
#: 按95%预付, 按照60%的比例
_BY = re.compile("(?:^|[一-鿿])按照?$")
_BY_LAST = ("按", "按照")


def goals(text: str, year: int | None) -> list[tuple[int, int]]:
    """Words that speak of what is still to come, in order: where each begins and ends."""
    found = [match.span() for match in _GOAL.finditer(text)]
    found += [
        match.span()
        for match in _FUTURE_YEAR.finditer(text)
        if year is None or int(match[1]) > year
    ]
    return sorted(found)


def done(text: str, start: int, end: int) -> bool:
    """Whether the words between say that it has come."""
    return bool(_DONE.search(text, start, end) or _OF_GOAL.search(text, max(0, start - 4), end))


def heading(line: str) -> bool | None:
    """Whether a line heads a part about goals; None for a line that heads nothing."""
    words = line.strip()
    marked = _HEAD_MARK.match(line)
    if (
        not words
        or len(words) > _HEAD
        or words[-1] in "。;,:!?、"
        or (not marked and len(words) > 24)
    ):
        return None
    if _APPENDED.search(words):
        return bool(_HEAD_GOAL.search(words)) and not _HEAD_DONE.search(words)
    if "。" in words or ";" in words or (not marked and re.search(r"\d(?!\d{0,3}年)", words)):
        return None
    if _HEAD_GOAL.search(words):
        return not _HEAD_DONE.search(words)
    return False if marked else None


def is_goal(before: str, after: str) -> bool:
    """Whether a number is called a goal by what follows it: 距离90%的目标; but not 完成90%的目标."""
    return after.startswith("的") and bool(_ITS_GOAL.match(after)) and not before.endswith("完成")


def is_rule(before: str, after: str, kind: str, bound: str, suffix: str) -> bool:
    """Whether a number with its unit is a limit that somebody set, not what was counted.

    ``before`` are the words of its sentence, ``after`` what follows number, unit and bound.
    """
    own = before[-REACH:]
    own = own[max(own.rfind(mark) for mark in _MARKS) + 1 :]
    if kind == "time" and suffix == "most" and not _REACHED.search(own):
        return True
    if own.endswith(("可延长", "再延长", "以延长")) or (own.endswith(_BY_LAST) and _BY.search(own)):
        return True
    if kind == "time" and (_DUTY.search(own) or _WITHIN_RATE.match(after)):
        return True
    counted = kind == "share" and not _CONDITION.search(own) and not own.endswith("股")
    if suffix in ("least", "most") and not counted and (after.startswith("的") or (_WORD.match(after) and not _FILTER_VERBS.match(after))):  # fmt: skip
        return True
    if (after.startswith("时,") and bound) or own.endswith("满分"):
        return True
    if after.startswith("的,") and (bound or _CONDITION.search(own)):
        return True
    if kind == "share" and _THOSE.match(after) and _NAMED_RATE.search(own):
        return True  # 化解率98%以上的县有6个
    if (
        kind == "share"
        and after.startswith("的")
        and _ABOVE.search(own)
        and not _SO_MUCH.match(after)
    ):
        return True  # 概算超过估算10%的项目
    if after.startswith("的") and kind != "share" and bound in _LIMITS:
        return True
    if _STANDARD.match(after) or (
        kind == "money" and _EACH.search(own) and not _COUNTED_EACH.search(own)
    ):
        return True
    if not bound or bound in ("more", "near", "about", "between"):
        return False
    near = before[-REACH:]
    return bool(_DUTY.search(near) or ("每" in near and "平均" not in near))
