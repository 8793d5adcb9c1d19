"""Numbers that are no claims by how they are written: dates, titles, names, pages, telephones.

What is no claim by what its sentence says (goals, rule thresholds) is for `meaning`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from . import unspelt
from .claims import Claim, SetAside
from .lexicon import ADDRESS
from .periods import Found

#: 《...》 and other quotes longer than this are not names
_TITLE = 80
_N = "一二三四五六七八九十"
_LINE = r"(?m:^)"
_CLOCK = r"(?:(?:上午|下午|晚上?|凌晨|中午|早上?) ?\d{1,2}(?:[:时点](?:\d{1,2}分?)?|(?=[至到-]))|\d{1,2}[:]\d{2}(?::\d{2})?|\d{1,2}时(?:\d{1,2}分|整|许)?)"
_HANZI = "一-鿿"
#: of what counts words are names made, and what does not count: 三重一大, 两不愁三保障, 四不两直
_COUNTED = "个件人家户名所项次批场例套台辆座栋处条张份亩元吨万亿千百年月日天成分点周岁"

_RULES: tuple[tuple[str, str], ...] = (
    ("address", ADDRESS.pattern),
    ("title", rf"《[^《》\n]{{1,{_TITLE}}}》"),
    ("document", r"[〔\[(](?:19|20)\d{2}[〕\])]第?\d{1,5}号|第?\d{1,5}号(?:令|文件?|公告|决定|提案|建议)"),
    ("page", r"第\d{1,4}页(?: ?[/,]? ?共\d{1,4}页)?|共\d{1,4}页"),
    ("page", rf"{_LINE}[ ]*[-—–·]{{0,2}} ?\d{{1,4}} ?(?:/ ?\d{{1,4}} ?)?[-—–·]{{0,2}}[ ]*(?m:$)"),
    ("page", r"(?i:page ?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?)"),
    ("phone", r"(?<![\d-])(?:1[3-9]\d{9}|0\d{2,3}[- ]?\d{7,8}|\d{3,4}-\d{7,8}|[48]00-?\d{3}-?\d{4})(?![\d-])"),
    ("phone", r"(?:电话|热线|传真|手机|拨打|微信|邮编|QQ)(?:号码?)?[:为是]? ?\d[\d -]{1,18}\d"),
    ("phone", r"(?<!\d)\d{3,5}(?:(?:政务|公安|市民|便民|社保|医保|消费)?(?:服务)?(?:热线|平台|专线|报警|急救))"),
    ("number", r"(?<![\d.,])\d{15,18}[Xx]?(?!\d)|(?:编号|号码|代码|证号|文号|单号|户号|批号)[:为是]? ?[\w-]{2,40}"),
    ("date", r"(?<![\d.])(?:19|20)\d{2}([-/.])\d{1,2}\1\d{1,2}(?![\d.])"),
    ("date", rf"{_CLOCK}(?:[至到-]+{_CLOCK})?"),
    ("name", r"[“\"][^“”\"\n%件元亩吨户]{0,10}[”\"]"),
    ("name", r"(?<![\d.])\d{1,3}(?: ?\+ ?(?:\d{1,3}|[NnXx]))+|[NnXx](?: ?\+ ?\d{1,3})+"),
    ("name", r"(?<![A-Za-z])(?:[A-Za-z]{1,8}[-/]?){1,2}\d{1,5}(?:\.\d{1,3})?(?:-\d{1,4})?(?:[A-Za-z]{0,3})(?![\d.]|[万亿%元个件人家])|\d{1,3}(?:[A-Zac-fh-ln-su-z]|[a-z]{2,8})(?<!km)(?<!kg)(?<!kWh)(?![A-Za-z])"),
    ("ordinal", rf"[{_N}\d]{{1,3}}(?:届|中全会|级(?!以)|号(?!线?路)|型|线(?!上|下)|档|等奖|甲|乙)"),
    ("name", rf"[{_N}两双](?!分之|成[{_N}半])(?:(?![{_N}两双零百千万亿点多余])[{_HANZI}]){{1,3}}?[{_N}两双零][^{_COUNTED},。;、\s\d%]{{1}}"),
    ("name", rf"[{_N}两]个(?:务必|意识|自信|维护|确立|确保|聚焦|突出|转变|全面|坚持|结合|统筹|必须|不准|严禁|百分之百|不放过|一律|一批|到位|一(?![{_HANZI}])|(?=\d{{2,3}}%))"),
    ("name", "\\d ?[×xX*] ?24小时|(?<!\\d)24小时(?=开通|服务|值班|值守|在线|不间断|轮|咨询|热线|自助)"),
    ("name", rf"(?:中央)?[{_N}]项(?:规定(?=精神|要求|实施)|基本原则)|(?<=中央)[{_N}]项规定"),
    ("list", rf"{_LINE} *(?:第?[{_N}]{{1,3}}[、.,]|\([{_N}\d]{{1,3}}\)|\d{{1,2}}(?:[、)]|\.(?!\d)|(?:\.\d{{1,2}}){{1,3}} (?=[{_HANZI}])))"),
    ("list", rf"(?<=[,。;:、(\n ])(?:[{_N}](?:是|要|则)(?!否)|\([{_N}\d]{{1,2}}\)|其[{_N}],|第[{_N}],)|^[{_N}]是"),
    ("reference", r"(?:(?<![报代])表|(?<![地蓝])图|附件|附表|专栏|专题|(?<![关])注|(?<!案)例) ?\d{1,3}(?:[-.]\d{1,3})?(?![\d.,]*(?:[%万亿件人元个张份项次类种套]|小时|天))"),
    ("reference", r"第[零〇一二三四五六七八九十百千\d]{1,8}(?:条|款|项|章|节|编)(?:第[零一二三四五六七八九十百千\d]{1,6}[条款项])*"),
    ("ordinal", rf"第[{_N}百\d]{{1,5}} ?(?:次|届|批|期|轮|季(?!度)|代|讲|场|例|阶段|产业|书记|方|站|线|课|步|等|方阵|梯队|时间|人民|中学|小学|医院|附属|高级|实验|师范|师|团|[个](?!百分))"),
)  # fmt: skip
ANY = "|".join(f"(?P<k{index}>{rule})" for index, (_, rule) in enumerate(_RULES)).replace(
    "\\1\\d", "(?:[-/.])\\d"
)
#: with which characters a rule can begin: at the others none need be tried
BEGINS = rf"(?=[A-Za-z\d_.+\- —–·《〔\[(“\"{_N}两双第共电热传手拨微邮编号代证文单户批上下晚凌中早其表图附专注例])"
_ALL = re.compile(f"{BEGINS}(?:{ANY})")
#: 217 of 15 217: whether it is one number or two stand in two columns is not told
GROUP = re.compile("(?<=\\d[ \u2009\u202f\xa0])\\d{3}(?![\\d.,])")
_HAS_NUMBER = re.compile(r"[\d零一二三四五六七八九十百千两双]")
_LEAD = "电话热线传真手机拨打微信邮编号码代证文单户批为是:Q "
#: a short quotation is a name unless a unit in it makes it a claim
_COUNTS = re.compile(
    r"[\d一二三四五六七八九十百千两]+(?:\.\d+)? ?(?:%|万|亿|人|家|名|起|宗|公里|天|年|岁|个[百工月])"
)
_PLAN = re.compile(r"十[一二三四五六]五")


@dataclass(slots=True)
class Span:
    """Words whose numbers are no claims, why, and whether that was told."""

    start: int
    end: int
    why: str
    told: bool = False


def spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Places of a folded text that hold numbers but no claims: start, end and why."""
    position = 0
    while found := _ALL.search(text, position):
        position = max(found.end(), found.start() + 1)
        why = _RULES[int((found.lastgroup or "k0")[1:])][0]
        words = found[0]
        if not _HAS_NUMBER.search(words) or (why == "name" and _PLAN.search(words)):
            position = found.start() + 1
            continue
        if words[0] in '“"' and _COUNTS.search(words):
            position = found.start() + 1
            continue
        start = found.start()
        if why in ("phone", "number"):  # 电话 and 编号 before the number are words
            start += len(words) - len(words.lstrip(_LEAD))
        yield start, found.end(), why


def hidden(folded: str, when: Iterable[Found]) -> list[Span]:
    """Spans whose numbers are no claims, in order and apart from each other."""
    found = [Span(*one) for one in spans(folded)]
    for one in when:
        why = "date" if re.search(r"\d日|[一二三四五六七八九十]日", one.words) else "period"
        found.append(Span(one.start, one.end, why))
    found += [Span(start, end, "vague") for start, end in unspelt.vague(folded)]
    found.sort(key=lambda one: (one.start, -one.end))
    apart: list[Span] = []
    for span in found:
        if apart and span.start < apart[-1].end:
            if span.end > apart[-1].end and span.why in ("period", "date"):
                apart[-1].end = span.end
            continue
        apart.append(span)
    return apart


def without_overlap(asides: list[SetAside], claims: list[Claim]) -> list[SetAside]:
    """What was set aside, in order, without what overlaps a claim or what was set aside before it."""
    left: list[SetAside] = []
    at = end = 0
    for one in sorted(asides, key=lambda aside: aside.start):
        while at < len(claims) and claims[at].end <= one.start:
            at += 1
        if one.start >= end and not (at < len(claims) and claims[at].start < one.end):
            left.append(one)
            end = one.end
    return left
