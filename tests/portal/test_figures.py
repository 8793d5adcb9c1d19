"""Figures at the public's door: the same for everyone, never more than is public."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from dingzi import figures
from dingzi.figures import Period
from dingzi.matters.models import Matter
from dingzi.mechanisms.disputes.models import Dispute
from dingzi.portal import choices, search
from tests.world import OTHER_COUNTY, OTHER_TOWN, TOWN, World

SHARE = "/figures/disputes.resolved_share/"
NOW = "2026-11-20T10:00+08:00"


@pytest.fixture
def counted(world: World, at: Any) -> None:
    """Two years of disputes in two counties, straight into their projection."""
    at(NOW)
    rows = []
    for year in (2025, 2026):
        for month in range(1, 11 if year == 2026 else 13):
            for n in range(24):
                rows.append((date(year, month, 1 + n), n))
    for number, (day, n) in enumerate(rows):
        near = n % 3 != 0
        matter = Matter.objects.create(
            id=2_000 + number, number=f"袁纠〔{day.year}〕{number}号", process="dispute", version=1,
            state="settled", seq=1, door="web", opened_at=f"{day}T01:00Z",
            changed_at=f"{day}T01:00Z",
        )  # fmt: skip
        Dispute.objects.create(
            matter=matter, county="360902" if near else OTHER_COUNTY,
            town=TOWN if near else OTHER_TOWN, category="neighbours" if n % 2 else "wages",
            door="web", registered_on=day, accepted_on=day, closed_on=day + timedelta(days=n % 5),
            outcome="agreed" if n % 4 else "failed", days=n % 5, on_time=True,
        )  # fmt: skip


@pytest.mark.usefixtures("counted")
def test_a_figure_says_what_it_is(client: Client) -> None:
    """Value, definition, counts, period, comparison."""
    body = client.get(SHARE).content.decode()
    value = figures.value("disputes.resolved_share", Period.whole_months())
    assert f"{value.amount}<small>%</small>" in body
    assert "办结的矛盾纠纷里" in body
    assert "2026年1月1日至10月31日" in body
    assert "去年同期" in body
    assert f"{value.behind[0].n:,}" in body


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("compare=year", "不一样长，不能比"),
        ("period=2026-11", "还没有过完"),
        ("period=2025", "还没有记录，没有可比的数"),
        ("period=nonsense", "看不懂时间段“nonsense”"),
        ("county=000000", "没有“000000”这个选项"),
        ("county=360902&category=wages", "一次只按一样分开看"),
    ],
)
def test_what_cannot_be_compared_is_said(client: Client, query: str, said: str) -> None:
    """Unequal periods, months that are not over, years without records, nonsense."""
    answer = client.get(f"{SHARE}?{query}")
    assert answer.status_code == 200
    assert said in answer.content.decode()


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    "period", ["2026-10-05", "2026-10-03..2026-10-17", "1949-01-01..2199-12-31"]
)
def test_a_city_by_days_has_its_page(client: Client, period: str) -> None:
    """Days are told of the whole city; the parts say that they are told by month. Far years too."""
    answer = client.get(f"{SHARE}?period={period}")
    body = answer.content.decode()
    value = figures.value("disputes.resolved_share", Period.parse(period))
    assert answer.status_code == 200 and f'hero">{value.amount}' in body
    if not Period.parse(period).is_whole_months:
        assert "整月" in body.partition('id="by-county"')[2].partition("</section>")[0]
    assert client.get(f"/api/v1{SHARE[:-1]}?period={period}").json()["number"] == str(value.number)


@pytest.mark.usefixtures("counted")
def test_a_place_that_is_not_there_has_no_number(client: Client) -> None:
    """Nought would be told as if it had been counted."""
    for query in ("county=999999", "category=nonsense", "category=%27"):
        answer = client.get(f"/api/v1{SHARE[:-1]}?{query}")
        assert answer.status_code == 422 and "number" not in answer.json()


@pytest.mark.usefixtures("counted")
def test_a_county_has_its_own_page(client: Client) -> None:
    """Its value; divided further it is not."""
    body = client.get(f"{SHARE}?county=360902").content.decode()
    value = figures.value(
        "disputes.resolved_share", Period.whole_months(), {"county": "360902"}
    )  # fmt: skip
    assert f"{value.amount}<small>%</small>" in body
    assert "宜春市袁州区" in body
    assert 'id="by-category"' not in body


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize("inner", ["town", "door"])
def test_what_is_not_public_is_neither_offered_nor_taken(client: Client, inner: str) -> None:
    """Parts so small that they could point at people are for staff."""
    body = client.get(f"{SHARE}?{inner}={TOWN}").content.decode()
    assert f'name="{inner}"' not in body
    assert client.get(f"{SHARE}{inner}.csv").status_code == 404


@pytest.mark.usefixtures("counted")
def test_the_table_is_the_same_as_a_file(client: Client) -> None:
    """CSV and Excel hold the page's numbers."""
    answer = client.get(f"{SHARE}county.csv")
    assert answer.content.startswith("﻿".encode())
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    table = figures.table("disputes.resolved_share", Period.whole_months(), "county", compare=True)
    assert rows[0][:3] == ["县市区", "代码", "矛盾纠纷化解成功率（%）"]
    assert rows[1][2] == str(table.total.value.shown)
    assert [row[1] for row in rows[2:]] == [row.key for row in table.rows]
    book = load_workbook(io.BytesIO(client.get(f"{SHARE}county.xlsx").content))
    sheet = list(book.active.values)
    assert float(sheet[1][2]) == float(table.total.value.shown)
    months = client.get(f"{SHARE}months.csv").content.decode("utf-8-sig").splitlines()
    assert len(months) == 1 + 12 + 10


@pytest.mark.parametrize(
    "path",
    [
        "/figures/nothing/",
        "/figures/disputes.nothing/",
        f"{SHARE}nothing.csv",
        f"{SHARE}county.pdf",
        "/map/?figure=disputes.nothing",
    ],
)
def test_what_is_no_figure_is_not_there(world: World, client: Client, path: str) -> None:
    """A plain page says so."""
    answer = client.get(path)
    assert answer.status_code == 404
    assert "没有" in answer.content.decode()


@pytest.mark.usefixtures("counted")
def test_all_figures_are_listed_by_mechanism(client: Client) -> None:
    """Each with its value and what it says."""
    body = client.get("/figures/").content.decode()
    for group in figures.public():
        assert str(group.title) in body
        for figure in group.figures:
            assert f"/figures/{figure.name}/" in body


@pytest.mark.usefixtures("counted")
def test_every_listed_figure_has_a_page_in_both_languages(client: Client) -> None:
    """Whatever its kind."""
    for group in figures.public():
        for figure in group.figures:
            for language in ("zh-hans", "en"):
                client.cookies["dingzi-language"] = language
                answer = client.get(f"/figures/{figure.name}/")
                assert answer.status_code == 200, figure.name
                title = figure.en if language == "en" else figure.zh
                assert title in answer.content.decode()


@pytest.mark.usefixtures("counted")
def test_the_map_shows_any_figure(client: Client) -> None:
    """With its table, linked to each county's page."""
    body = client.get("/map/?figure=disputes.registered&period=2026-03").content.decode()
    assert "登记的矛盾纠纷" in body
    assert "county=360902" in body
    assert "<svg" in body


@pytest.mark.parametrize("words", ["化解率", "化解成功率", "resolution rate", "Resolved"])
def test_figures_are_found_by_any_of_their_names(world: World, words: str) -> None:
    """Titles, other names, either language."""
    assert any("resolved_share" in one["url"] for one in search.find(words))


def test_nothing_is_found_of_cases(world: World, client: Client, matter: Matter) -> None:
    """Search knows no person, no text, no title; a number leads to where its code is asked."""
    for words in ("王女士", "天花板", "13800006620"):
        body = client.get("/search", {"q": words}).content.decode()
        assert matter.number not in body
        assert "没有找到" in body
    body = client.get("/search", {"q": matter.number}).content.decode()
    assert "/track/?number=" in body
    assert matter.title not in body
    body = client.get("/search", {"q": "<script>x"}).content.decode()
    assert "<script>x" not in body


def test_a_search_that_finds_nothing_says_what_to_do(world: World, client: Client) -> None:
    """It never ends at nothing."""
    body = client.get("/search?q=zzz").content.decode()
    assert "没有找到这样的数字" in body
    assert "/figures/" in body


def test_the_list_of_periods_holds_what_is_shown() -> None:
    """Also one that came from an address."""
    now = date(2026, 11, 20)
    odd = Period.parse("2026-02..2026-03")
    codes = [code for code, _ in choices.periods(now, odd)]
    assert codes[0] == odd.code
    assert len(codes) == len(set(codes))


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    "period",
    [
        Period.months(2026, 1, 10),
        Period.days(date(2026, 3, 5), date(2026, 10, 14)),
        Period.year(2025),
        Period.days(date(2026, 1, 1), date(2026, 11, 20)),
    ],
    ids=str,
)
def test_many_figures_are_read_as_each_alone(acting_as: Any, period: Period) -> None:
    """The list reads ahead what it needs, in whole months and cut ones; no value changes by it."""
    with acting_as("dingzi_steward"):
        figures.rebuild()
    listed = [value for _, values in figures.listing(period) for value in values]
    assert any(one.number for one in listed)
    alone = [figures.value(one.figure, period) for one in listed]
    same = partial(replace, computed_at=alone[0].computed_at)
    assert list(map(same, listed)) == list(map(same, alone))


@pytest.mark.usefixtures("counted")
@pytest.mark.parametrize(
    ("path", "most"), [("/", 20), ("/figures/", 12), ("/map/", 16), (SHARE, 36)]
)
def test_pages_cost_few_queries(
    client: Client, django_assert_max_num_queries: Any, acting_as: Any, path: str, most: int
) -> None:
    """Pages read what the steward has counted, and keep it for a minute."""
    with acting_as("dingzi_steward"):
        figures.rebuild()
    with django_assert_max_num_queries(most):
        client.get(path)
    with django_assert_max_num_queries(0):
        client.get(path)
