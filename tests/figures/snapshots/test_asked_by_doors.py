"""Earlier numbers at the doors: page, files, card, API and desk, as of the log's signed heads."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from dingzi.figures.snapshots.writing import Writer
from dingzi.ledger.models import Head
from tests.ledger.conftest import file
from tests.workbench.conftest import Office, office
from tests.world import World

from .conftest import clean
from .test_writing import sealed

__all__ = ["office"]

pytestmark = pytest.mark.django_db
NAME = "disputes.registered"
PAGE = f"/figures/{NAME}/"
API = f"/api/v1/figures/{NAME}"


def begin() -> list[int]:
    """Two heads, of one dispute and of three, and one more that waits for its seal."""
    cache.clear()
    file()
    sealed()
    file("又一件。")
    file("第三件。")
    sealed()
    Writer().catch_up()
    file("还没有封存。")
    return list(Head.objects.order_by("size").values_list("size", flat=True))


@pytest.fixture
def heads(world: World) -> Iterator[list[int]]:
    yield begin()
    cache.clear()


def test_the_page_tells_an_earlier_number(client: Client, heads: list[int]) -> None:
    """As of the first head one, of the second three, live four; files and card say the same."""
    first, second = heads[0], heads[-1]
    for size, n in ((first, 1), (second, 3)):
        asked = f"?period=today&size={size}"
        body = client.get(PAGE + asked).content.decode()
        assert f"公开日志第{size}条" in body and f'hero">{n}<' in body
        assert 'id="guards"' not in body and 'id="frozen"' not in body
        assert f"size={size}" in body.partition('id="downloads"')[2]
        assert f"size={size}" not in body.partition("iframe")[2].partition("iframe")[0]
        proof = client.get(f"{PAGE}proof.json{asked}").json()
        assert (proof["tree_size"], proof["number"]) == (size, str(n))
        card = client.get(f"{PAGE}card/{asked}&lang=en").content.decode()
        assert re.search(rf">{n}\b", card), card
    assert 'hero">4<' in client.get(f"{PAGE}?period=today").content.decode()


def test_between_two_heads_the_earlier_one_is_shown(client: Client, heads: list[int]) -> None:
    """What stood between was never public: the page says as of which head its numbers are."""
    body = client.get(f"{PAGE}?period=today&size={heads[-1] - 1}").content.decode()
    assert "没有签过总印" in body and 'hero">1<' in body


@pytest.mark.parametrize("text", ["x", "-1", "0", "1.5", "9" * 19, "９", "\x00", "1;--"])
def test_odd_sizes_are_told(client: Client, heads: list[int], text: str) -> None:
    """What is no size is said, and the live number stands."""
    answer = client.get(PAGE, {"period": "today", "size": text})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert 'class="box strong"' in answer.content.decode()
    assert client.get(API, {"size": text}).status_code in (400, 422)


def test_machines_ask_for_signed_heads(client: Client, heads: list[int]) -> None:
    """Value, table and comparison as of a head; another size is refused and the nearest named."""
    for size, n in ((heads[0], 1), (heads[-1], 3)):
        assert client.get(f"{API}?period=today&size={size}").json()["number"] == str(n)
        table = client.get(f"{API}/by/month?period=today&size={size}").json()
        assert table["total"]["value"]["number"] == str(n)
    refused = client.get(f"{API}?period=today&size={heads[-1] - 1}")
    assert refused.status_code == 422 and str(heads[0]) in refused.content.decode()
    assert client.get(f"{API}?size={heads[-1] + 1}").status_code == 422


@pytest.fixture
def desk(office: Office) -> Iterator[Office]:
    clean()
    yield office
    clean()


def test_the_desk_asks_for_any_leaf(desk: Office) -> None:
    """Between two heads too: staff see what the public does not."""
    size, client = begin()[-1], desk.client(desk.world.window)
    body = client.get(f"/work{PAGE}?period=today&as_of={size - 1}").content.decode()
    assert "<b>2</b>" in body and "上面的数是当时的" in body
    assert "没有 99999 条的" in client.get(f"/work{PAGE}?as_of=99999").content.decode()
    assert "不是条数" in client.get(f"/work{PAGE}?as_of=x").content.decode()
