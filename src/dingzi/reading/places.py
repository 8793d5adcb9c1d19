"""Where a claim holds: 全市, 各县, 中心城区, 袁州区. Words as written; what they mean is for binding."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_GENERAL = (
    "(?:全市|全县|全省|全国)(?!人大|政协|大会|先进|优秀|文明|劳模|模范|示范|试点|统一|会议|性|范围)|全区|全球|全镇|全乡|全村|全校|全院|全系统|我市|本市|我县|本县|我省|本省|我区|市本级|县本级|"
    "市直|县直|市中心城区|中心城区|主城区|各县\\(市、区\\)|各县\\(市,区\\)|各县市区|各县区|各县|各乡镇|各地|县域(?=内(?!住院|就诊|就医|转诊|基金|医保))|城区"
)
_HANZI = "一-鿿"
#: characters of which no name of a place is made
_NO_NAME = "个全各本我该每级的有为在向是和与及等其中从对把被将据已了年月日第一二三四五六七八九十两多新旧老大小到至由"
_NAMED = (
    rf"(?:(?<=[,。;、:()\s由在和与及对据“])|(?<=其中)|(?<=最[高低多少好差快慢大小]的)|(?<=仅)|(?<=特别是)|^)"
    rf"(?P<name>[^{_NO_NAME}\W\d_a-zA-Z]{{1,4}}?(?:经开区|高新区|开发区|自治县|市|县|区|镇|乡|街道)"
    rf"|[^{_NO_NAME}\W\d_a-zA-Z][新大全上中一三和]县|[新大全上中](?![{_NO_NAME}增建设])[^\W\d_a-zA-Z][县市])"
    rf"(?!(?!增长|成长)[{_HANZI}]?(?:镇|级|区|域|民|场|长|委|政|直|里|内))"
)
#: common nouns that end like a name: 小区, 超市, 乡镇 (but 丰城市 is one)
_COMMON = re.compile(
    "^城[市乡镇]$|^.{2,}城市$|^[来赴进]市$|(?:地|社|园|景|校|小|辖|片|学|灾|库|山|牧|矿|郊|市|县|老|功能|疫|库|湖|战|禁|专|超|门|上|都|股|楼|菜|夜|"
    "村|乡|集|古|农贸|重点|贫困|示范|试点|先进|产粮|城乡)(?:市|县|区|镇|乡)$"
)
#: 高于全省, 获评全省优秀: of whom it is not told
_MEASURED_FROM = re.compile("[高低快慢比较占][于出过]?$|获评$|评为$|荣获$|入选$")
#: 高于全省平均, 全国0.8个、全省0.4个百分点
_COMPARED = re.compile(
    r"平均(?!(?:水平|值|数|得分)?(?:为|是|达|仅为)?\d)|水平|[\d.]{1,6}个?百分点|[\d.]{1,6}个[、和]"
)
_PATTERN = re.compile(f"(?P<general>{_GENERAL})|{_NAMED}")


def find(text: str, known: Iterable[str] = ()) -> Iterator[tuple[int, int, str]]:
    """Places that a folded text names: start, end, words. ``known`` are names found anywhere."""
    names = sorted({name for name in known if name}, key=len, reverse=True)
    found = {match.start(): match for match in _PATTERN.finditer(text)}
    if names:
        more = re.compile("|".join(map(re.escape, names)))
        found |= {match.start(): match for match in more.finditer(text)}
    done = 0
    for start in sorted(found):
        match = found[start]
        if start < done:
            continue
        if match.re is _PATTERN and match["name"] and _COMMON.search(match["name"]):
            continue
        if _COMPARED.match(text, match.end()) or _MEASURED_FROM.search(text[max(0, start - 2) : start]):  # fmt: skip
            continue
        done = match.end()
        yield start, match.end(), match[0]
