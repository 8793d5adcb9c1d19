"""Which column of a foreign spreadsheet means which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dingzi.core.text import Text

from ..fields import FieldDef
from ..process import Action

#: Columns that every import may have beside the action's own fields.
NUMBER, TIME = "@number", "@time"
EXTRA = {
    NUMBER: Text("原编号", "Foreign number"),
    TIME: Text("登记时间", "Registered at"),
}
#: Words by which spreadsheets call a field, beside its own label.
SYNONYMS: Mapping[str, tuple[str, ...]] = {
    NUMBER: (
        "编号", "留言编号", "受理编号", "登记编号", "案件编号", "工单编号", "工单号", "流水号", "案号", "id",
        "number",
    ),
    TIME: (
        "时间", "日期", "留言时间", "登记日期", "登记时间", "受理时间", "来电时间", "来访时间", "来信时间", "申请时间",
        "申请日期", "发生时间", "反映时间", "提交时间", "创建时间", "date", "time", "registered",
    ),
    "title": (
        "主题", "留言主题", "标题", "工单标题", "事由", "案由", "纠纷名称", "案件名称", "诉求标题", "subject", "title",
    ),
    "text": (
        "内容", "详情", "留言详情", "留言内容", "纠纷内容", "基本情况", "简要情况", "纠纷简要情况", "案情", "案情简介",
        "事实", "诉求", "反映内容", "来电内容", "问题描述", "描述", "主要事实", "content", "text", "description",
    ),
    "place": (
        "地点", "地址", "地方", "所在地", "乡镇", "镇街", "街道", "村", "社区", "区划", "区县", "县区", "县市区",
        "发生地", "事发地", "属地", "辖区", "place", "town", "address",
    ),
    "spot": ("详细地址", "具体地址", "具体地点", "门牌", "小区", "spot"),
    "category": (
        "类型", "类别", "纠纷类型", "纠纷类别", "一级分类", "大类", "分类", "category", "type",
    ),
    "subcategory": ("小类", "二级分类", "子类", "subcategory"),
    "name": (
        "姓名", "申请人", "申请人姓名", "当事人", "反映人", "来访人", "来电人", "诉求人", "投诉人", "联系人", "name",
        "applicant",
    ),
    "phone": (
        "电话", "联系电话", "手机", "手机号", "手机号码", "来电号码", "联系方式", "phone", "telephone", "mobile",
    ),
    "parties": ("被申请人", "对方", "对方当事人", "被投诉人", "被反映人", "respondent"),
    "accepted_on": ("受理日期", "accepted"),
    "estate": ("楼盘编号", "项目编号", "楼盘", "estate"),
    "building": ("楼栋", "栋号", "幢号", "楼号", "building"),
    "room": ("房号", "室号", "户室", "home"),
    "owner": ("户主", "业主", "业主姓名", "权利人", "购房人", "owner"),
    "issued_on": ("发证日期", "发证时间", "登簿日期", "issued"),
    "certificate": ("证号", "不动产权证号", "权证号", "certificate"),
    "closed_on": (
        "办结日期", "办结时间", "结案日期", "结案时间", "完成时间", "调结时间", "closed",
    ),
    "result": ("结果", "办理结果", "调解结果", "处理结果", "办结结果", "result", "outcome"),
    # What looks like one of those above and is none of them. A running number (序号) begins anew in
    # each sheet, so it names nothing.
    "": (
        "序号",
        "答复时间", "回复时间", "回访时间", "截止时间", "到期时间", "更新时间", "派单时间", "转办时间", "办理时间",
        "办理期限", "答复内容", "回复内容", "办理情况", "办理内容", "承办人", "经办人", "调解员", "受理人", "登记人",
        "办理单位", "承办单位", "受理单位", "主办单位", "身份证", "满意度", "备注", "用户",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """What a column can be mapped to."""

    name: str
    label: Text
    required: bool
    field: FieldDef | None


def targets(action: Action) -> list[Target]:
    """Return what columns of a spreadsheet can be mapped to for an opening action."""
    skip = ("papers", "names", "units", "post")
    fields = [Target(f.name, f.label, f.required, f) for f in action.fields if f.kind not in skip]
    return [*(Target(n, t, False, None) for n, t in EXTRA.items()), *fields]


def guess(header: Iterable[str], action: Action) -> dict[str, str]:
    """Return column -> target, each target once; columns that mean nothing are left out.

    A column means the target with whose word it agrees the most: first those whose word it is,
    then those that hold the longest one. What means a field that this action does not ask, or
    none at all (答复时间), is not taken for another that sounds like it.
    """
    wanted = {target.name: target for target in targets(action)}
    found = sorted(
        (
            (-strength, place, column, target)
            for place, column in enumerate(header)
            for strength, target in [_meant(column, wanted.values())]
            if strength
        ),
    )
    mapping: dict[str, str] = {}
    for _strength, _place, column, target in found:
        if target in wanted and target not in mapping.values():
            mapping[column] = target
    return mapping


def _meant(column: str, wanted: Iterable[Target]) -> tuple[int, str]:
    """Return how surely a column means which target; 0 where it means none."""
    plain = "".join(column.split()).casefold()
    words = {name: set(known) for name, known in SYNONYMS.items()}
    for target in wanted:
        own = {target.name, target.label.zh, target.label.en.casefold()}
        words.setdefault(target.name, set()).update("".join(w.split()) for w in own)
    best = (0, "")
    for name, known in words.items():
        for word in known:
            if plain == word:
                best = max(best, (100, name))
            elif len(word) >= 2 and word in plain:
                best = max(best, (len(word), name))
    return best
