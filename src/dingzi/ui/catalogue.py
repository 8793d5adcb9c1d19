"""A page with every component, to look at and to test: never routed by an installation.

path("ui/", dingzi.ui.catalogue.catalogue)  # in a test's or a developer's urls
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from .catalogue_matters import NOW, ZONE, at, both, groups, items, marks, shapes
from .forms import FilesField, PlainForm, name_what_is_missing

LABELS = {
    "story": ("发生了什么事？", "What happened?"),
    "county": ("哪个县", "County"),
    "way": ("怎么答复您", "How shall we answer?"),
    "said": ("怎么答复", "Their answer"),
    "doors": ("谁能看", "Who may see it"),
    "phone": ("手机号", "Mobile number"),
    "papers": ("照片", "Photos"),
    "agree": ("上面写的都是真的", "What I wrote is true"),
}
HELP = {
    "story": (
        "写上时间、跟谁有关、您希望怎么解决。",
        "Say when, who it concerns, what you hope for.",
    ),
    "phone": ("只用来告诉您进展。", "Only to tell you of progress."),
    "papers": ("可加可不加，最多9张。", "Not required, up to 9."),
}
WAYS = [("sms", "短信", "Text message"), ("post", "信", "Letter")]
CHOICES = {
    "county": [("a", "甲县", "Jia county"), ("b", "乙县", "Yi county")],
    "way": WAYS,
    "doors": WAYS,
    "said": [("y", "认可", "Agrees"), ("n", "不认可", "Disagrees"), ("c", "要改", "Wants changes")],
}


class SampleForm(PlainForm):
    """Every kind of field."""

    story = forms.CharField(
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    county = forms.ChoiceField()
    way = forms.ChoiceField(widget=forms.RadioSelect)
    said = forms.ChoiceField(widget=forms.RadioSelect(attrs={"class": "inline"}))
    doors = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    phone = forms.CharField(widget=forms.TextInput(attrs={"class": "short", "type": "tel"}))
    papers = FilesField(required=False, size=20 * 1024**2, accept="image/*,.pdf")
    agree = forms.BooleanField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (zh, en) in LABELS.items():
            self.fields[name].label = both(zh, en)
            self.fields[name].help_text = both(*HELP.get(name, ("", "")))
            name_what_is_missing(self, name)
        for name, pairs in CHOICES.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [(key, both(zh, en)) for key, zh, en in pairs]


def context(request: HttpRequest) -> dict[str, Any]:
    values = [Decimal(v) for v in ("95.9", "96.9", "95.5", "98.1", "96.6")]
    months = [f"{m}月" for m in range(1, 13)]
    if get_language() == "en":
        months = [
            "Jan",
            "Feb",
            "Mar",
            "Apr",
            "May",
            "Jun",
            "Jul",
            "Aug",
            "Sep",
            "Oct",
            "Nov",
            "Dec",
        ]
    now = [Decimal(v) for v in ["95.7", "95.8", "95.9", "96.1", "96.3", "96.3", "96.5", "96.7"]]
    then = [
        Decimal(v)
        for v in [
            "94.3",
            "94.4",
            "94.6",
            "94.7",
            "94.8",
            "94.9",
            "95.1",
            "95.4",
            "95.4",
            "95.3",
            "95.5",
            "95.6",
        ]
    ]
    bad = SampleForm({"story": "8月25日晚上，楼上卫生间漏水。", "way": "sms"})
    post = {"id": 1, "unit": "灵泉街道综治中心", "name": "受理岗"}
    return {
        "now": NOW,
        "sample": True,
        "city": both("宜春市", "Yichun"),
        "search_url": "#",
        "nav": [
            {"url": "#", "label": both("数字", "Figures"), "current": True},
            {"url": "#", "label": both("地图", "Map")},
            {"url": "#", "label": both("查一件事", "Track")},
        ],
        "foot": [
            {"url": "#", "label": both("开放数据", "Open data")},
            {"url": "#", "label": both("无障碍", "Accessibility")},
            {"url": "#", "label": both("隐私", "Privacy")},
        ],
        "links": [
            (both("邻里纠纷", "Neighbours"), "#"),
            (both("拖欠工钱", "Unpaid wages"), "#"),
            (both("对单位有意见", "About an office"), "#"),
        ],
        "shapes": shapes(),
        "values": {f"c{i}": (v, str(v)) for i, v in enumerate(values)},
        "county_links": {"c0": "#c0", "c1": "#c1"},
        "months": months,
        "series": now,
        "before": then,
        "share": Decimal("0.962"),
        "bars": [
            (both("袁州区", "Yuanzhou"), 4618),
            (both("丰城市", "Fengcheng"), 4486),
            (both("高安市", "Gao'an"), 3208),
            (both("铜鼓县", "Tonggu"), 528),
        ],
        "pair": [
            (both("化解成功", "Resolved"), 20571, "20,571"),
            (both("全部办结", "All closed"), 21384, "21,384"),
        ],
        "due_at": at(9, month=10),
        "late_at": at(19),
        "reasons": [
            {
                "text": "9月2日（星期二）受理，当天不算，从9月3日数起。",
                "source": "民法典第二百零一条",
            },
            {"text": "调解期限30天，周末也算。", "source": "本市设置，不是法律规定"},
            {"text": "9月16日、17日等您补报价单，这2天不算。", "source": "本市设置"},
            {
                "text": "第30天是10月4日，在假期里（10月1日至8日），顺延到假期后第一天，10月9日。",
                "source": "民法典第二百零三条；2025年放假安排",
            },
        ],
        "marks": marks(),
        "items": items(),
        "groups": groups(),
        "states": ["登记", "受理", "派单", "调解", "签协议", "履行", "回访", "归档"],
        "form": SampleForm(auto_id="ok_%s"),
        "bad": bad,
        "at": datetime(2025, 8, 29, 10, 31, tzinfo=ZONE),
        "qr": request.GET.get("noqr") or _qr(),
        "yes": {
            "value": "agree",
            "label": both("认可", "I agree"),
            "leads": "约双方签协议。签字盖章后生效，生效后30天内，双方可以一起向法院申请司法确认。",
        },
        "no": {
            "value": "disagree",
            "label": both("不认可", "I do not"),
            "leads": "可以请他们改一次方案，也可以不再调解。您随时能去法院起诉，不受影响。",
        },
        "fact_rows": [
            {"term": "申请人", "text": "202室业主", "note": "手机尾号6620"},
            {"term": "地方", "text": "灵泉街道秀江花园3栋", "note": ""},
            {"term": "希望", "text": "修好管道，赔天花板和墙面"},
        ],
        "tab_items": [
            {"label": "全部", "url": "#", "current": True},
            {"label": "对外", "url": "#"},
            {"label": "内部", "url": "#", "n": 2},
        ],
        "crumb_items": [(both("数字", "Figures"), "#"), (both("矛盾纠纷", "Disputes"), "")],
        "post": post,
        "posts": [post, {"id": 2, "unit": "灵泉街道人民调解委员会", "name": "调解一岗"}],
        "post_url": "#",
        "keys": [
            {"key": "j", "label": both("下一件", "next")},
            {"key": "k", "label": both("上一件", "previous")},
            {"key": "Enter", "label": both("打开", "open")},
            {"key": "x", "label": both("选中", "pick")},
            {"key": "/", "label": both("搜索", "search")},
        ],
        "back": {"url": "#", "label": both("收件箱", "Inbox")},
        "place": {"n": 3, "total": 11, "previous": "#", "next": "#"},
        "work_nav": [
            {
                "title": "",
                "items": [
                    {"label": both("收件箱", "Inbox"), "url": "#", "n": 26, "current": True},
                    {"label": both("我经手的", "Handled"), "url": "#"},
                    {"label": both("交接", "Hand-over"), "url": "#", "n": 1},
                ],
            },
            {
                "title": both("事项", "Matters"),
                "items": [{"label": both("矛盾纠纷", "Disputes"), "url": "#", "n": 13, "late": 1}],
            },
            {
                "title": both("全街道", "Whole subdistrict"),
                "items": [
                    {"label": both("数字", "Figures"), "url": "#"},
                    {"label": both("流程", "Processes"), "url": "#"},
                ],
            },
        ],
    }


def _qr() -> str:
    """A square that stands for a QR in this page; doors make real ones with segno."""
    cells = "".join(
        f"M{x} {y}h1v1h-1z"
        for x in range(21)
        for y in range(21)
        if (x * 7 + y * 3 + x * y) % 3 == 0
    )
    return f'<svg class="qr" viewBox="0 0 21 21" aria-hidden="true"><path fill="currentColor" d="{cells}"/></svg>'


def catalogue(request: HttpRequest, page: str = "") -> HttpResponse:
    """Render the components (``""``), a staff page (``inbox``) or a case page (``case``)."""
    values = context(request)
    template = {"": "public", "inbox": "inbox", "case": "case", "step": "step"}[page]
    if page in ("inbox", "case"):
        values["nav"] = values["work_nav"]
    answer = render(request, f"ui/catalogue/{template}.html", values)
    if both("", "en"):
        answer.content = _in_english(answer.content.decode())
    return answer


def _in_english(page: str) -> str:
    """Put the made-up texts of this page into English, longest first; the rest is translated."""
    texts = json.loads((Path(__file__).parent / "catalogue_en.json").read_text("utf-8"))
    for zh in sorted(texts, key=len, reverse=True):
        page = page.replace(zh, texts[zh])
    return page
