"""What a figure rests on, what was frozen of it, and its card on other sites' pages."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import duckdb
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from dingzi.city import book
from dingzi.city.viewer import SYSTEM
from dingzi.figures import Period, definitions, freezing
from dingzi.ledger import keys
from dingzi.ledger.sealing import Sealer
from dingzi.project import roles
from tests.databases import acting_as
from tests.figures.rows import closed
from tests.world import OTHER_COUNTY, World

NAME = "disputes.resolved_share"
PAGE = f"/figures/{NAME}/"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No page is kept from one test to another."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def sealed(world: World, at: Callable[..., Any]) -> Iterator[None]:
    """Eighteen disputes of October in two counties, a sealed log, the month frozen."""
    at("2026-11-20T10:00+08:00")
    for day in range(1, 10):
        closed(date(2026, 10, day), "agreed")
        closed(date(2026, 10, day), "failed", county=OTHER_COUNTY)
    closed(date(2025, 10, 1))
    definitions.settle()
    with acting_as(roles.STEWARD):
        Sealer().seal()
    freezing.freeze(Period.month(2026, 10), by=SYSTEM)
    yield
    shutil.rmtree(settings.LOG, ignore_errors=True)
    for name in (keys.HEADS, keys.PROMISES):
        keys.path(name).unlink(missing_ok=True)


@pytest.mark.usefixtures("sealed")
def test_the_page_says_what_the_number_rests_on(client: Client) -> None:
    """Size and root of the log, the definition's id, and the file that holds them."""
    body = client.get(PAGE).content.decode()
    proof = client.get(PAGE + "proof.json")
    told = json.loads(proof.content)
    assert f"公开日志第{told['tree_size']:,}条" in body
    assert told["root"][:16] in body and told["definition"] in body
    assert proof["Content-Disposition"].endswith('-proof.json"')
    assert told["behind"][1]["n"] == 18 and told["counted"]["kind"] == "share"


@pytest.mark.usefixtures("world")
def test_without_a_head_nothing_claims_to_be_proven(client: Client) -> None:
    """No seal and no file where the log has not begun."""
    closed(date(2026, 1, 2))
    body = client.get(PAGE).content.decode()
    assert "已封存" not in body and 'id="proof"' not in body
    assert client.get(PAGE + "proof.json").status_code == 404


@pytest.mark.usefixtures("sealed")
def test_a_correction_stands_beside_what_was_frozen(client: Client) -> None:
    """The frozen number, the number now, the difference and why, in both languages."""
    body = client.get(PAGE).content.decode()
    assert 'id="frozen"' in body and "没有变" in body
    for day in (11, 12):
        closed(date(2026, 10, day), "failed")
    body = client.get(f"{PAGE}?period=2026-10").content.decode()
    assert "<b>50.0</b>" in body and "45.0" in body and "−5.0" in body
    assert "“全部办结”后来多了2件。" in body
    english = client.get(f"{PAGE}?period=2026-10", headers={"accept-language": "en"})
    assert "“All closed”: 2 more since then." in english.content.decode()


@pytest.mark.usefixtures("sealed")
def test_a_card_may_stand_in_a_frame_and_nothing_else_may(client: Client) -> None:
    """Only its own address may be framed; it sets no cookie and runs no script."""
    answer = client.get(f"{PAGE}card/")
    policy = answer["Content-Security-Policy"]
    assert "frame-ancestors *" in policy and "script-src 'none'" in policy
    assert "X-Frame-Options" not in answer and not answer.cookies
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    body = answer.content.decode()
    assert "<script" not in body and "50.0" in body and "宜春市" in body
    assert "Share of disputes resolved" in client.get(f"{PAGE}card/?lang=en").content.decode()
    page = client.get(PAGE)
    assert (
        page["X-Frame-Options"] == "DENY"
        and "frame-ancestors 'none'" in page["Content-Security-Policy"]
    )
    assert client.get("/figures/disputes.nothing/card/").status_code == 404
    assert client.get(f"{PAGE}card/?period=nonsense&county=<b>").status_code == 200


@pytest.mark.usefixtures("sealed")
def test_a_table_keeps_its_types_as_parquet(client: Client) -> None:
    """Counts are whole numbers, the share a decimal; what is withheld is empty."""
    answer = client.get(f"{PAGE}county.parquet?period=2026-10")
    assert answer["Content-Type"] == "application/vnd.apache.parquet"
    path = settings.CONFIG.home / "table.parquet"
    path.write_bytes(io.BytesIO(answer.content).read())
    with duckdb.connect() as connection:
        rows = connection.execute(f"SELECT * FROM '{path}'").fetchall()
        kinds = [
            str(one[1]) for one in connection.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
        ]
    path.unlink()
    assert (rows[0][0] == "全市" and rows[0][-1] is None) or rows[0][4] == 18
    assert kinds[:5] == ["VARCHAR", "VARCHAR", "DECIMAL(38,4)", "BIGINT", "BIGINT"]


@pytest.mark.usefixtures("sealed")
def test_machines_get_proof_and_frozen_numbers(client: Client) -> None:
    """The API gives what the page's files give."""
    proof = client.get(f"/api/v1/figures/{NAME}/proof?period=2026-10").json()
    assert proof["number"] == "1/2" and len(proof["root"]) == 64
    (frozen,) = client.get(f"/api/v1/figures/{NAME}/frozen").json()
    assert (frozen["period"], frozen["number"], frozen["difference"], frozen["why"]) == (
        "2026-10", "1/2", "0", [],
    )  # fmt: skip


@pytest.mark.usefixtures("world")
def test_a_number_for_each_resident_says_of_how_many(client: Client) -> None:
    """Residents, who says so, and that the number is made up."""
    page = "/figures/petitions.first_per_10000/"
    row = {
        "division": "3609", "since": "2020-01-01", "people": 12_345, "source": "测试", "simulated": True,
    }  # fmt: skip
    book.record("residents_loaded", row, by=SYSTEM)
    body = client.get(page).content.decode()
    assert "常住人口12,345人，出处：测试。 这是模拟的数。" in body
