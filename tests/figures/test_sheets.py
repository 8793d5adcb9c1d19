"""Figures as files and as documents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from dingzi import figures
from dingzi.figures import Period, documenting, registry, sheets
from tests.figures.rows import closed, dispute
from tests.world import build


@pytest.fixture
def city(db: None, at: Callable[..., Any]) -> None:
    at("2025-09-23T10:00+08:00")
    build()
    for year, outcome in ((2024, "failed"), (2025, "agreed")):
        for month in (1, 2):
            for _ in range(3):
                closed(date(year, month, 5), outcome)
                closed(date(year, month, 5), "agreed", county="360921")


def test_a_table_as_a_file_has_what_the_page_has(city: None) -> None:
    """Total first, the counts behind, the year before and the difference."""
    table = figures.table("disputes.resolved_share", Period.months(2025, 1, 8), compare=True)
    head, lines = sheets.table(table, "en")
    assert head == [
        "County", "Code", "Share of disputes resolved (%)", "Resolved", "All closed",
        "Year before", "Difference",
    ]  # fmt: skip
    assert lines[0] == [
        "Whole city",
        "",
        Decimal("100.0"),
        12,
        12,
        Decimal("50.0"),
        Decimal("50.0"),
    ]
    assert [line[1] for line in lines[1:]] == ["360902", "360921"]
    text = b"".join(sheets.export(table, "csv", "zh-hans")).decode("utf-8-sig")
    assert text.splitlines()[1] == "全市,,100.0,12,12,50.0,50.0"


def test_a_trend_as_a_file_has_a_line_for_each_month_that_is_over(city: None) -> None:
    """Twelve of last year, eight of this one."""
    head, lines = sheets.trend(figures.trend("disputes.closed"), "zh-hans")
    assert head == ["月份", "办结的矛盾纠纷（件）"]
    assert len(lines) == 20 and lines[12] == ["2025-01", Decimal(6)]


def test_the_document_has_every_figure() -> None:
    """Each listed figure stands there with its definition in words and its id."""
    page = documenting.page()
    for group in registry.public():
        for figure in group.figures:
            assert f"`{figure.name}`" in page
            assert figure.means.zh in page and f"`{figure.definition}`" in page


def test_the_document_is_in_date() -> None:
    """docs/figures.md says what the code declares: `dingzi figures document`."""
    written = Path(__file__).parents[2] / "docs" / "figures.md"
    assert written.read_text("utf-8") == documenting.page()


def test_the_command_shows_and_recounts(city: None, capsys: pytest.CaptureFixture[str]) -> None:
    """An operator sees values, and refusals in words."""
    dispute(date(2025, 1, 7))
    call_command("figures", "rebuild")
    call_command("figures", "show", "disputes.registered", "--period", "2025-01")
    assert "7件" in capsys.readouterr().out
    with pytest.raises(CommandError, match="没有叫"):
        call_command("figures", "show", "disputes.nothing")


def test_the_steward_refreshes() -> None:
    """What changed is added every few seconds."""
    from dingzi.core import jobs

    assert jobs.load()["figures"].every.total_seconds() <= 5
