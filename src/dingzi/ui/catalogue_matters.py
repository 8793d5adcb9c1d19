"""Made-up counties, days, inbox and timeline for the catalogue."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import get_language

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2025, 9, 23, 10, 14, tzinfo=ZONE)


def both(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") else zh


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
    def row(
        number: str, title: str, place: str, ask: str, due: datetime, holder: str, **more: Any
    ) -> dict[str, Any]:
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
