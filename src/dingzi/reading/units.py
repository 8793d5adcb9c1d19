"""Units and counter words, and what kind of claim each makes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from .numerals import Numeral
from .pieces import Exact


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as written. ``kind`` is count, money, measure, time, share or point."""

    name: str
    kind: str
    factor: Exact = 1


_COUNTERS = [
    "轮次",
    "人次",
    "户次",
    "件次",
    "台次",
    "车次",
    "辆次",
    "场次",
    "批次",
    "班次",
    "餐次",
    "人份",
    "件套",
    "个",
    "件",
    "人",
    "家",
    "户",
    "名",
    "所",
    "项",
    "次",
    "批",
    "场",
    "例",
    "套",
    "台",
    "辆",
    "座",
    "栋",
    "幢",
    "处",
    "条",
    "张",
    "份",
    "只",
    "头",
    "宗",
    "笔",
    "间",
    "位",
    "对",
    "支",
    "艘",
    "架",
    "本",
    "册",
    "株",
    "棵",
    "颗",
    "根",
    "块",
    "片",
    "道",
    "口",
    "组",
    "村",
    "镇",
    "乡",
    "县",
    "校",
    "起",
    "单",
    "期",
    "门",
    "部",
    "篇",
    "盏",
    "节",
    "类",
    "种",
    "封",
    "桩",
    "卷",
    "幅",
    "枚",
    "匹",
    "羽",
    "尾",
    "剂",
    "盒",
    "瓶",
    "针",
    "床",
    "轮",
    "站",
    "园",
    "厂",
    "岗",
    "员",
    "餐",
    "通",
    "顿",
    "票",
]
_MONEY = {
    "元": "元",
    "美元": "美元",
    "欧元": "欧元",
    "港元": "港元",
    "日元": "日元",
    "英镑": "英镑",
}
#: written -> (name, how many of it): only names of one and the same unit are brought together
_MEASURES: dict[str, str] = {
    one: one
    for one in ["平方公里", "平方千米", "平方米", "立方米", "公顷", "亩", "万千瓦", "千瓦时", "兆瓦时", "兆瓦", "千瓦", "公里", "千米", "米", "厘米", "毫米", "吨", "公斤", "千克", "克", "毫克", "斤", "升", "毫升", "千卡", "度", "摄氏度", "倍", "微克/立方米", "标准煤", "车道", "番", "分"]
} | {"平方千米": "平方公里", "千米": "公里", "千克": "公斤", "㎡": "平方米", "km": "公里", "kg": "公斤",
     "℃": "摄氏度", "m": "米", "t": "吨", "g": "克", "kWh": "千瓦时", "亩地": "亩"}  # fmt: skip
_TIMES = {
    "个工作日": "工作日", "工作日": "工作日", "个月": "个月", "个小时": "小时", "小时": "小时", "分钟": "分钟",
    "秒": "秒", "天": "天", "日": "天", "周岁": "岁", "岁": "岁", "个星期": "周", "周": "周", "年": "年",
    "个学期": "学期", "学期": "学期", "个季度": "季度", "个学年": "学年", "周年": "周年",
}  # fmt: skip
_SHARES: dict[str, tuple[str, str, Exact]] = {
    "%": ("%", "share", Fraction(1, 100)),
    "‰": ("‰", "share", Fraction(1, 1000)),
    "个百分点": ("百分点", "point", Fraction(1, 100)),
    "百分点": ("百分点", "point", Fraction(1, 100)),
    "个千分点": ("千分点", "point", Fraction(1, 1000)),
    "成": ("成", "share", Fraction(1, 10)),
}

_TABLE: dict[str, Unit] = {name: Unit(name, "count") for name in _COUNTERS}
_TABLE |= {written: Unit(name, "money") for written, name in _MONEY.items()}
_TABLE |= {written: Unit(name, "measure") for written, name in _MEASURES.items()}
_TABLE |= {written: Unit(name, "time") for written, name in _TIMES.items()}
_TABLE |= {written: Unit(*what) for written, what in _SHARES.items()}

#: first character -> names that begin with it, the longest first
_NAMES: dict[str, list[str]] = {}
for _name in sorted(_TABLE, key=len, reverse=True):
    _NAMES.setdefault(_name[0], []).append(_name)
_SHARED_POINT = re.compile(r"(?:[、和与及](?:全国|全省|全市)?(?:平均)?[\d.]{1,8}个?){1,4}个百分点")
_PER = re.compile(
    r"/(?:人|户|亩|吨|平方米|公斤|千瓦时|件|次|月|年|天|日|支|盒|片|瓶|个|份|立方米|斤|餐|台|套|张|车|小时|公里|米)"
)
#: what a sum is of that is told without its unit: GDP突破4000亿
_OF_MONEY = re.compile(
    "(?:资金?|投资|收入|产值|总值|GDP|贷款|支出|金额|债券?|利润|税收|[总余]额|经费)[^,。;:]{0,8}$"
)
_BARE_END = re.compile("(?:以[上下]|左右)?(?:[,。;、)]|$)", re.M)
#: What makes another word of a unit: 成立, 人民, 家庭, 部门, 位于 ...
_NOT = {
    "分": "钟之别局公支部类级布析期批散配成行流管工摊担项明红店院段歧内时秒母子数值会裂",
    "票": "据价务证面",
    "成": "立员为功果本绩长就熟交分品型效都人套",
    "人": "民大均才社",
    "家": "庭乡长国",
    "部": "门委",
    "位": "于置居列",
    "起": "来草点伏步诉",
    "次": "序日年月",
    "处": "理于置罚分",
    "条": "例件款",
    "场": "所馆地",
    "对": "于照接口外象比策",
    "度": "假",
    "期": "间",
    "通": "过知报行信道",
    "本": "级地市县区省月年",
    "单": "位",
    "所": "有",
    "门": "式口",
    "站": "式",
    "节": "约能点水",
    "只": "有要能",
    "批": "准复示",
    "口": "径岸头",
    "道": "路德",
    "支": "持付出部书",
    "块": "地状",
    "片": "区",
    "项": "目",
    "员": "工",
    "园": "区",
    "村": "民",
    "米": "粉饭",
    "类": "似",
    "周": "边年期",
    "轮": "换岗",
    "种": "植子养",
    "头": "部",
    "张": "贴家",
    "组": "织成长",
    "间": "隔接",
    "名": "义称单字",
    "件": "套",
    "餐": "饮厅",
    "元": "旦月宵",
    "升": "级至到为",
    "亩": "均",
    "校": "长",
    "针": "对",
    "根": "据本",
    "笔": "记试",
    "剂": "量",
    "天": "然气",
    "日": "常报前后均",
    "年": "级度轻龄",
}


#: 5项目标: 项 is a counter all the same where what follows is a word of its own
_STILL = {"项": ("目标", "目录"), "人": ("大代", "才")}


def after(text: str, end: int) -> tuple[Unit, int] | None:
    """The unit that stands right after a number, and where it ends."""
    start = end + 1 if text[end : end + 1] == " " else end
    for name in _NAMES.get(text[start : start + 1], ()):
        if text.startswith(name, start):
            break
    else:
        return None
    stop = start + len(name)
    if name == "个" and _SHARED_POINT.match(text, stop):  # 1.2个和0.8个百分点
        return _TABLE["个百分点"], stop
    following = text[stop : stop + 1]
    if following and following in _NOT.get(name, "") and text[stop : stop + 2] not in _STILL.get(name, ()):  # fmt: skip
        return None
    if name.isascii() and name.isalpha() and following.isascii() and following.isalnum():
        return None
    unit = _TABLE[name]
    if unit.kind == "money" and following == "/" and (per := _PER.match(text, stop)):
        return Unit(unit.name + per[0], "money"), per.end()
    return unit, stop


def unwritten(text: str, one: Numeral, before: str) -> Unit | None:
    """The unit of 户籍人口600多万 and GDP突破4000亿, which stand without: people, cases, money."""
    if (
        one.form not in ("arabic", "chinese")
        or one.value < 10**4
        or text[one.end - 1] not in "万亿"
    ):
        return None
    if not _BARE_END.match(text, one.end):
        return None
    if text[one.start : one.end - 1].endswith(("万", "亿")) and one.end - one.start < 2:
        return None
    return Unit("", "money" if _OF_MONEY.search(before) else "count")


def kind_of(name: str) -> str:
    """Return what a unit's name measures: count, money, measure, time, share, point; "" if unknown."""
    found = _TABLE.get(name)
    return found.kind if found else ""
