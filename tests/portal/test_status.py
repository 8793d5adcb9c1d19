"""The map of what is being done: counties, open and done, nothing small, nothing confidential."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.test import Client

from dingzi import matters
from dingzi.city.viewer import PUBLIC
from dingzi.matters.models import Matter
from tests.world import TOWN, World


def filed(count: int) -> list[str]:
    data = {"text": "楼上漏水，天花板泡坏了。", "place": TOWN + "001", "category": "neighbours"}
    return [
        matters.open_matter("dispute", "file", data, by=PUBLIC, door="web").number
        for _ in range(count)
    ]


def page(**query: str) -> Any:
    cache.clear()
    return Client().get("/map/status/", query)


def test_a_county_shows_what_is_open_and_done(world: World) -> None:
    """Four filed, none done; a finer place is not on the page; the other county has none."""
    filed(4)
    body = page(of="disputes", category="neighbours").content.decode()
    assert "4件在办" in body
    assert not any(word in body for word in ("灵泉", "东门", "漏水"))
    rows = page(of="disputes").context["rows"]
    assert [(r["name"], r["open"], r["done"]) for r in rows if r["open"] or r["done"]] == [
        ("袁州区", 4, 0)
    ]


def test_small_numbers_are_not_shown(world: World) -> None:
    """Two open, or one done beside many open: neither number of that county is told."""
    numbers = filed(2)
    assert "少于3件" in page(of="disputes").content.decode()
    numbers += filed(3)
    row = next(r for r in page(of="disputes").context["rows"] if r["open"])
    assert (row["open"], row["small"]) == (5, False)
    declined = {"ground": "not_dispute", "remedy": "请到街道咨询窗口。"}
    matters.act(numbers[0], "decline", declined, by=world.window)
    body = page(of="disputes").content.decode()
    assert "少于3件" in body
    assert "4件在办" not in body


def test_the_confidential_is_never_there(world: World) -> None:
    """What is confidential is neither counted nor hinted at."""
    filed(5)
    Matter.objects.update(confidential=True)
    assert not any(r["open"] or r["small"] for r in page(of="disputes").context["rows"])


def test_what_is_not_offered_is_not_found(world: World) -> None:
    """Unknown mechanisms and categories, in both languages."""
    assert page(of="nothing").status_code == 404
    assert page(of="disputes", category="nothing").status_code == 404
    for tongue in ("zh-hans", "en"):
        answer = Client().get("/map/status/", headers={"Accept-Language": tongue})
        assert answer.status_code == 200
