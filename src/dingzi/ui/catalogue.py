"""A page with every component, to look at and to test: never routed by an installation.

path("ui/", dingzi.ui.catalogue.catalogue)  # in a test's or a developer's urls
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from .forms import PlainForm, name_what_is_missing

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2025, 9, 23, 10, 14, tzinfo=ZONE)


def both(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") else zh


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
    papers = forms.FileField(
        required=False, widget=forms.FileInput(attrs={"data-photos": "", "data-max": "9"})
    )
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


def shapes() -> dict[str, dict[str, Any]]:
    """Six made-up counties: test geometry."""
    names = [
        ("甲县", "Jia"),
        ("乙县", "Yi"),
        ("丙县", "Bing"),
        ("丁县", "Ding"),
        ("戊县", "Wu"),
        ("己县", "Ji"),
    ]
    shown: dict[str, dict[str, Any]] = {}
    for at, (zh, en) in enumerate(names):
        x, y = at % 3 * 190 + 15, at // 3 * 200 + 30
        shown[f"c{at}"] = {
            "name": both(zh, en),
            "d": f"M{x} {y}l60-20 70 15 60-10-8 90 8 115-70 10-60-8-60 8 10-100z",
            "x": x + 95,
            "y": y + 90,
        }
    return shown


def marks() -> dict[date, set[str]]:
    """The days of the sketch: 30 calendar days, two paused, the last day moved past a holiday."""
    days: dict[date, set[str]] = {date(2025, 9, 2): {"start"}}
    cursor = date(2025, 9, 3)
    while cursor <= date(2025, 10, 4):
        paused = cursor in (date(2025, 9, 16), date(2025, 9, 17))
        days[cursor] = {"paused"} if paused else {"counted"}
        cursor += timedelta(days=1)
    for day in range(1, 9):
        days.setdefault(date(2025, 10, day), set()).add("rest")
    days[date(2025, 10, 4)].add("nominal")
    days[date(2025, 10, 9)] = {"due"}
    return days


def at(day: int, hour: int = 18, minute: int = 0, month: int = 9) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=ZONE)


def groups() -> list[dict[str, Any]]:
    def row(number: str, title: str, place: str, ask: str, due: datetime, holder: str, **more: Any):
        return {
            "number": f"袁纠〔2025〕{number}号",
            "title": title,
            "url": "#",
            "place": place,
            "ask": ask,
            "due": due,
            "holder": holder,
            **more,
        }

    mine = both("本岗", "this post")
    return [
        {
            "key": "overdue",
            "title": both("已逾期", "Overdue"),
            "sub": both("2件", "2"),
            "rows": [
                row(
                    "4031",
                    "地下车位重复出售，购车位户要求退款",
                    "秀江花园",
                    "催协办单位交登记档案",
                    at(19),
                    "区自然资源局",
                    holder_note="登记岗",
                ),
                row(
                    "0886", "城北路口夜间施工噪声", "朝阳路口", "书面告知受理或不受理", at(22), mine
                ),
            ],
        },
        {
            "key": "today",
            "title": both("今天", "Today"),
            "sub": both("2件，9月23日（星期二）", "2, Tuesday 23 Sep"),
            "rows": [
                row(
                    "4388",
                    "装修队三人被拖欠工钱",
                    "建材市场",
                    "受理，或写明为什么不收",
                    at(23),
                    mine,
                    due_note="9月18日登记",
                ),
                row(
                    "4391",
                    "两户共用过道堆放杂物",
                    "明月小区",
                    "看是不是与4377号同一件",
                    at(23),
                    mine,
                ),
            ],
        },
        {
            "key": "week",
            "title": both("本周", "This week"),
            "sub": both("3件", "3"),
            "rows": [
                row(
                    "4402",
                    "店铺租约到期，押金不退",
                    "步行街",
                    "受理，或写明为什么不收",
                    at(24),
                    mine,
                ),
                row("0871", "物业费上调没有征求业主意见", "文教新村", "出书面答复", at(25), mine),
                row(
                    "4172",
                    "楼上水管漏水，天花板和墙面受损",
                    "秀江花园",
                    "等双方答复方案",
                    at(26),
                    "人民调解委员会",
                    holder_note="调解一岗",
                ),
            ],
        },
        {
            "key": "later",
            "title": both("以后", "Later"),
            "sub": both("14件", "14"),
            "more_url": "#",
            "more": both("再看12件", "12 more"),
            "rows": [
                row(
                    "4350",
                    "建房取土压坏通组道路",
                    "东门社区",
                    "调解",
                    at(9, month=10),
                    "人民调解委员会",
                ),
                row(
                    "0850",
                    "反映小区配建幼儿园没有移交",
                    "秀江花园",
                    "查清事实，出答复",
                    at(15, month=10),
                    mine,
                ),
            ],
        },
    ]


def items() -> list[dict[str, Any]]:
    return [
        {
            "next": True,
            "title": "约双方签协议",
            "body": "双方都认可后，由灵泉街道人民调解委员会约时间，10月9日前办完。",
        },
        {
            "at": at(23, 10, 6),
            "title": "交来管道图",
            "who": "区住房和城乡建设局 物业科",
            "papers": [{"name": "三单元排水管道图", "url": "#"}],
        },
        {
            "at": at(22, 16, 30),
            "title": "内部记录",
            "who": "调解一岗",
            "kind": "internal",
            "body": "楼上担心一次拿不出3,088元。如果提出分期，建议同意，最多两次，写进协议。",
        },
        {
            "at": at(22, 15, 20),
            "title": "提出调解方案，请双方9月26日前答复",
            "who": "调解一岗",
            "kind": "public",
            "label": "对外答复，双方能看",
            "body": "楼上9月30日前换好支管。天花板和墙面按报价单3,860元修，楼上承担3,088元，物业服务企业承担772元。",
            "papers": [
                {"name": "调解方案", "url": "#", "note": "2页"},
                {"name": "现场照片", "url": "#", "note": "4张", "icon": "photo"},
            ],
        },
        {
            "at": at(19, 16, 5),
            "title": "查明漏水的是楼上自用的支管",
            "who": "区住房和城乡建设局 物业科",
            "subs": [{"title": "核对受损面积，拍照", "url": "#", "who": "社区居民委员会"}],
        },
        {
            "at": at(2, 14, 18),
            "title": "受理，派给人民调解委员会主办",
            "who": "街道综治中心 受理岗",
        },
        {"at": datetime(2025, 8, 29, 10, 31, tzinfo=ZONE), "title": "申请人用手机登记"},
    ]


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
    return render(request, f"ui/catalogue/{template}.html", values)
