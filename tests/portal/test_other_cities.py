"""Nothing at this door knows which city or which mechanism it serves."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from dingzi.city import outlines
from dingzi.core import registry
from dingzi.core.text import Text
from tests.world import OTHER_COUNTY, World


def test_the_map_holds_the_counties_that_the_city_has(world: World) -> None:
    """With short English names; others of the file are left out."""
    drawn = outlines.counties("en")
    assert set(drawn.shapes) == {"360902", OTHER_COUNTY}
    assert drawn.box.startswith("0 0 600 ")
    assert outlines.counties("zh-hans").shapes["360902"]["name"] == "袁州区"
    assert outlines.short_name("Yuanzhou District") == "Yuanzhou"


def test_a_city_brings_its_own_outlines(world: World, client: Client) -> None:
    """A file in the installation's folder stands for the shipped one; without shapes the pages
    show their tables."""
    own = Path(settings.CONFIG.home) / "counties.json"
    shape = {"code": "360902", "name": "x", "d": "M0 0L100 0L100 100Z", "label": [50, 50]}
    try:
        own.write_text(json.dumps({"viewBox": "0 0 300 300", "counties": [shape]}))
        drawn = outlines.counties("zh-hans")
        assert drawn.box == "0 0 600 600"
        assert drawn.shapes["360902"]["d"] == "M0 0L200 0L200 200Z"
        own.write_text(json.dumps({"viewBox": "0 0 300 300", "counties": []}))
        cache.clear()  # another test's map may have been kept for its minute
        body = client.get("/map/").content.decode()
        assert 'class="map"' not in body
        assert 'class="table"' in body
    finally:
        own.unlink()


def test_more_than_one_form_is_asked_for(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a second mechanism that the public may file with, the door asks which."""
    first = registry.mechanism("disputes")
    assert first is not None
    second: Any = replace(first, name="suggestions", title=Text("建议", "Suggestions"), order=20)
    monkeypatch.setitem(registry._mechanisms, "suggestions", second)
    body = client.get("/file/").content.decode()
    assert "您要说的是哪一类？" in body
    assert "/file/suggestions/1/" in body
    assert client.get("/file/suggestions/1/").status_code == 200


def test_without_any_form_the_doors_still_open(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A city that takes nothing in over the web shows its figures all the same."""
    for name in list(registry._mechanisms):
        monkeypatch.setitem(
            registry._mechanisms, name, replace(registry._mechanisms[name], filing=None)
        )
    assert client.get("/").status_code == 200
    assert client.get("/track/").status_code == 200
    assert client.get("/file/disputes/1/").status_code == 404
