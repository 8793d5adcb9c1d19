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
        "编号",
        "留言编号",
        "受理编号",
        "登记编号",
        "案件编号",
        "案号",
        "序号",
        "id",
        "number",
    ),
    TIME: ("时间", "留言时间", "登记日期", "受理时间", "发生时间", "日期", "date", "time"),
    "title": ("主题", "留言主题", "标题", "事由", "案由", "纠纷名称", "subject", "title"),
    "text": (
        "内容",
        "详情",
        "留言详情",
        "纠纷内容",
        "基本情况",
        "简要情况",
        "事实",
        "content",
        "text",
    ),
    "place": (
        "地点",
        "地址",
        "所在地",
        "乡镇",
        "街道",
        "村",
        "社区",
        "区划",
        "发生地",
        "属地",
        "place",
    ),
    "spot": ("详细地址", "具体地址", "门牌", "小区"),
    "category": ("类型", "类别", "纠纷类型", "一级分类", "分类", "category"),
    "name": ("姓名", "申请人", "当事人", "反映人", "来访人", "联系人", "name"),
    "phone": ("电话", "联系电话", "手机", "手机号", "联系方式", "phone"),
    "accepted_on": ("受理日期",),
    "closed_on": ("办结日期", "办结时间", "结案日期", "结案时间"),
    "result": ("结果", "办理结果", "调解结果", "处理结果"),
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a column can be mapped to."""

    name: str
    label: Text
    required: bool
    field: FieldDef | None


def targets(action: Action) -> list[Target]:
    """Return what columns of a spreadsheet can be mapped to for an opening action."""
    skip = ("papers", "parties", "units", "unit", "post", "matter")
    fields = [Target(f.name, f.label, f.required, f) for f in action.fields if f.kind not in skip]
    return [*(Target(n, t, False, None) for n, t in EXTRA.items()), *fields]


def guess(header: Iterable[str], action: Action) -> dict[str, str]:
    """Return column -> target, each target once; columns that mean nothing are left out."""
    wanted = targets(action)
    mapping: dict[str, str] = {}
    taken: set[str] = set()
    columns = [c for c in header if c]
    for exact in (True, False):
        for column in columns:
            if column in mapping:
                continue
            for target in wanted:
                if target.name not in taken and _means(column, target, exact):
                    mapping[column] = target.name
                    taken.add(target.name)
                    break
    return mapping


def _means(column: str, target: Target, exact: bool) -> bool:
    plain = column.strip().replace(" ", "").lower()
    words = [target.label.zh.lower(), target.label.en.lower(), *SYNONYMS.get(target.name, ())]
    if exact:
        return plain in words or plain == target.name
    return any(len(w) >= 2 and w in plain for w in words)
