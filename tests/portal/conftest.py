from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.matters import receipts
from dingzi.matters.models import Matter
from tests.world import TOWN, World, build

TEXT = "楼上卫生间漏水，我家客厅天花板鼓起一片。找过物业三次，没有人修。"


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """No brake and no kept number of one test reaches the next."""
    caches["shared"].clear()
    yield
    caches["shared"].clear()


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def matter(world: World) -> Matter:
    """A dispute just filed on the web."""
    data = {"text": TEXT, "place": TOWN, "name": "王女士", "phone": "13800006620"}
    number = matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number
    return Matter.objects.get(number=number)


@pytest.fixture
def holder(client: Client, matter: Matter) -> Client:
    """A browser that has opened the matter with its receipt."""
    answer = client.post(
        "/track/", {"number": matter.number, "code": receipts.secret_of(matter)}
    )  # fmt: skip
    assert answer.status_code == 302
    return client


@pytest.fixture
def fill(client: Client) -> Callable[..., HttpResponse]:
    """``fill(1, text="...")``: send one step of the form, with what a plain answer would be."""

    def send(number: int, **data: Any) -> Any:
        plain: dict[int, dict[str, Any]] = {
            1: {"text": TEXT},
            2: {"place": TOWN, "spot": "秀江花园3栋"},
            3: {"name": "王女士", "phone": "138 0000 6620"},
        }
        return client.post(f"/file/disputes/{number}/", plain[number] | data)

    return send


def photo(name: str = "IMG_2031.jpg", shade: int = 90) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (shade, 120, 150)).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def moved(world: World, number: str, *steps: str) -> None:
    """Take a filed dispute through some steps of the city."""
    done: dict[str, tuple[str, dict[str, Any], Any]] = {
        "accept": (
            "accept_dispatch",
            {"category": "neighbours", "lead": world.mediation},
            world.window,
        ),
        "session": (
            "session",
            {"mediators": ["李调解"], "how": "hall", "text": "双方都来了。"},
            world.mediator,
        ),
        "propose": (
            "propose",
            {"text": "楼上换支管，墙面各出一半。", "answer_by": "2099-01-01"},
            world.mediator,
        ),
        "ask_papers": ("ask_papers", {"text": "请补维修报价单"}, world.mediator),
        "settle": ("settle", {"text": "当场说好了。"}, world.mediator),
        "visit": ("visit", {"how": "phone"}, world.mediator),
        "note": ("note", {"text": "内部看法，不对外。"}, world.mediator),
        "reply": ("reply", {"text": "我们明天上门看现场。"}, world.mediator),
    }
    for step in steps:
        action, data, by = done[step]
        matters.act(number, action, data, by=by)
