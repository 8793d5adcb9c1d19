"""Questions to figures, answered by direct count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from dingzi import figures
from dingzi.core import reasons
from dingzi.core.errors import Invalid, Refusal
from dingzi.figures import Period
from dingzi.figures.declare import Break
from dingzi.figures.declare_places import PerCapita
from tests.figures.rows import closed, dispute
from tests.world import build

SHARE = "disputes.resolved_share"


@pytest.fixture(autouse=True)
def city(db: None, at: Callable[..., Any]) -> None:
    at("2025-09-23T10:00+08:00")
    build()


def test_a_share_has_its_counts_and_is_exact() -> None:
    """Two of three closed disputes are resolved: the value is two thirds and says of what."""
    for outcome in ("agreed", "settled", "failed"):
        closed(date(2025, 3, 5), outcome)
    closed(date(2025, 9, 2))
    value = figures.value(SHARE, Period.months(2025, 1, 8))
    assert value.number == Fraction(2, 3)
    assert value.shown == Decimal("66.7") and value.text.zh == "66.7%"
    assert [(b.label.zh, b.n) for b in value.behind] == [("化解成功", 2), ("全部办结", 3)]


def test_a_share_of_nothing_is_no_number() -> None:
    """Where nothing was closed there is no share, and the answer says so."""
    dispute(date(2025, 1, 3))
    value = figures.value(SHARE, Period.month(2025, 2))
    assert value.number is None and value.why_none == "empty"


def test_a_comparison_takes_the_same_part_of_the_year_before() -> None:
    """Two more than in the same eight months of the year before."""
    for on in (date(2024, 1, 1), date(2024, 9, 3), date(2025, 2, 1), date(2025, 3, 1),
               date(2025, 8, 31)):  # fmt: skip
        dispute(on)
    found = figures.compare("disputes.registered", Period.months(2025, 1, 8))
    assert (found.now.number, found.then.number, found.difference) == (3, 1, 2)
    assert found.text.zh == "比去年同期多2件"
    assert found.then.period == Period.months(2024, 1, 8)


@pytest.mark.parametrize(
    ("period", "other", "code"),
    [
        (Period.months(2025, 1, 8), Period.year(2024), "unequal_periods"),
        (Period.month(2025, 8), Period.month(2025, 7), "other_part_of_year"),
        (Period.quarter(2025, 2), Period.quarter(2025, 1), "other_part_of_year"),
        (Period.year(2025), Period.year(2024), "period_not_over"),
        (Period.month(2025, 8), Period.month(2023, 8), "uncounted"),
    ],
)
def test_unequal_periods_are_refused(period: Period, other: Period, code: str) -> None:
    """Each comparison that would mislead is refused by the name of its fault."""
    dispute(date(2024, 1, 1))
    with pytest.raises(Refusal) as refused:
        figures.compare("disputes.registered", period, other)
    assert refused.value.codes == (code,)


def test_a_table_has_a_row_for_every_county() -> None:
    """A county without a dispute stands in the table with nought."""
    for _ in range(4):
        dispute(date(2025, 5, 5))
    table = figures.table("disputes.registered", Period.year(2025), "county")
    assert [(r.label.zh, r.value.number) for r in table.rows] == [("袁州区", 4), ("奉新县", 0)]
    assert table.total.value.number == 4


def test_a_trend_shows_months_that_are_over_beside_last_year() -> None:
    """September is not over: the present line ends in August, last year's runs to December."""
    dispute(date(2024, 12, 24))
    dispute(date(2025, 1, 2))
    trend = figures.trend("disputes.registered")
    assert [p.shown for p in trend.now[:3]] == [1, 0, 0]
    assert trend.now[8].value is None and trend.now[7].value is not None
    assert trend.then[11].shown == 1
    assert trend.then[0].value and trend.then[0].value.why_none == "uncounted"


def test_the_public_is_not_told_by_town() -> None:
    """An inner dimension is refused to public pages and open to staff's."""
    dispute(date(2025, 5, 5), town="360902001")
    with pytest.raises(Invalid):
        figures.table("disputes.registered", Period.year(2025), "town")
    table = figures.table("disputes.registered", Period.year(2025), "town", public=False)
    assert [r.value.number for r in table.rows] == [1, 0]


def test_what_is_open_counts_on_the_last_day() -> None:
    """Registered before and not closed by then, whatever happened later."""
    dispute(date(2025, 1, 5))
    closed(date(2025, 3, 10), registered_on=date(2025, 1, 5))
    assert figures.value("disputes.open", Period.month(2025, 2)).number == 2
    assert figures.value("disputes.open", Period.month(2025, 3)).number == 1


def test_medians_and_quantiles_are_of_whole_days() -> None:
    """Between two middle values their mean; nine of ten needed no more than the quantile."""
    for days in (1, 2, 3, 10):
        closed(date(2025, 3, 5), days=days)
    assert figures.value("disputes.days_median", Period.month(2025, 3)).number == Fraction(5, 2)
    assert figures.value("disputes.days_p90", Period.month(2025, 3)).number == 10


def test_small_cells_are_withheld_from_the_public() -> None:
    """Two disputes of a county are not told to everybody; nor is the other county's number, which
    less the city's would give them. Staff see both."""
    for _ in range(2):
        dispute(date(2025, 5, 5), county="360921")
    for _ in range(9):
        dispute(date(2025, 5, 6))
    table = figures.table("disputes.registered", Period.months(2025, 1, 8))
    assert [r.value.why_none for r in table.rows] == ["small", "small"]
    assert table.hidden and table.total.value.number == 11
    alone = figures.value("disputes.registered", Period.months(2025, 1, 8), {"county": "360921"})
    assert alone.suppressed and alone.behind[0].n is None
    inner = figures.table("disputes.registered", Period.months(2025, 1, 8), public=False)
    assert [r.value.number for r in inner.rows] == [9, 2]


def test_the_public_divides_by_one_thing_at_a_time() -> None:
    """A county's categories are for staff; and what is divided is told by whole months."""
    dispute(date(2025, 5, 5))
    year = Period.months(2025, 1, 8)
    with pytest.raises(Invalid) as refused:
        figures.table("disputes.registered", year, "category", {"county": "360902"})
    assert refused.value.codes == ("one_dimension",)
    with pytest.raises(Invalid) as refused:
        figures.value("disputes.registered", Period.day(date(2025, 5, 5)), {"county": "360902"})
    assert refused.value.codes == ("finer_than_month",)
    inner = figures.table(
        "disputes.registered", year, "category", {"county": "360902"}, public=False
    )
    assert inner.rows[0].value.number == 1


def test_titles_say_what_the_data_say() -> None:
    """Who is highest and how far apart; how the months stand to last year's."""
    for month, n in ((1, 3), (2, 4)):
        for _ in range(n):
            closed(date(2024, month, 5), "failed")
            closed(date(2025, month, 5), "agreed")
            closed(date(2025, month, 5), "agreed", county="360921")
        closed(date(2025, month, 5), "failed", county="360921")
    table = figures.table(SHARE, Period.months(2025, 1, 8))
    assert table.says.zh == "袁州区最高，奉新县最低，相差22.2个百分点"
    trend = figures.trend("disputes.closed")
    assert trend.says.zh == "今年前八个月和去年同月比，两个月多，六个月一样"


def test_a_change_is_told_where_it_can_be() -> None:
    """Half as many again; and no change where the year before has no records."""
    for year, n in ((2024, 2), (2025, 3)):
        for _ in range(n):
            dispute(date(year, 1, 5))
    change = figures.value("disputes.registered_change", Period.month(2025, 1))
    assert change.text.zh == "50.0%"
    assert (
        figures.value("disputes.registered_change", Period.month(2024, 1)).why_none == "uncounted"
    )


def test_a_card_has_all_that_a_page_shows_at_a_glance() -> None:
    """Value, comparison and trend; where there is no comparison the reason."""
    dispute(date(2025, 1, 5))
    card = figures.card("disputes.registered")
    assert card.value.number == 1 and card.comparison is None
    assert card.refused and card.refused[0] == "uncounted"
    assert [c.figure.name for c in figures.cards()][:2] == [SHARE, "disputes.registered"]


def test_words_of_both_languages_agree_with_the_numbers() -> None:
    """One case, two cases; the year before named as a reader would."""
    dispute(date(2024, 1, 5))
    for _ in range(2):
        dispute(date(2025, 1, 5))
    january = Period.month(2025, 1)
    found = figures.compare("disputes.registered", january)
    assert (found.then.text.en, found.now.text.en) == ("1 case", "2 cases")
    assert found.text.en == "1 case more than in the same period last year"
    whole = figures.compare("disputes.open", january)
    assert whole.text.zh == "比去年1月底多2件"
    same = figures.compare("disputes.registered", Period.month(2025, 2))
    assert same.text.zh == "和去年同期一样"


def test_a_table_by_time_has_an_end() -> None:
    """Nobody makes the server list the days of a century."""
    dispute(date(2025, 1, 5))
    century = Period(date(1950, 1, 1), date(2025, 9, 1))
    with pytest.raises(Invalid) as refused:
        figures.table("disputes.registered", century, "day")
    assert refused.value.codes == ("too_many_parts",)
    quarters = figures.table("disputes.registered", Period.year(2025), "quarter")
    assert [r.label.zh for r in quarters.rows] == ["今年第一季度", "今年第二季度", "今年第三季度"]
    assert [r.value.number for r in quarters.rows] == [1, 0, 0]


def test_values_of_two_definitions_are_refused_by_their_versions() -> None:
    """A kept value of an older definition is not set beside a new one, and both are named."""
    closed(date(2024, 3, 1))
    closed(date(2025, 3, 1))
    now = figures.value(SHARE, Period.month(2025, 3))
    then = figures.value(SHARE, Period.month(2024, 3))
    assert figures.compare_values(now, then).difference == 0
    older = replace(then, definition="0" * 16, version=1)
    with pytest.raises(Refusal) as refused:
        figures.compare_values(replace(now, version=2), older)
    ((code, params),) = refused.value.reasons
    assert code == "other_definition" and (params["now"], params["then"]) == (2, 1)
    for language in ("zh-hans", "en"):
        assert "{" not in reasons.say((code, params), language)


def test_a_break_refuses_and_says_on_which_day() -> None:
    """Where the counting changed between two periods the day of the change is told."""
    closed(date(2023, 3, 1))
    broken = replace(figures.get(SHARE), breaks=[Break(date(2025, 1, 1), "改了", "changed")])
    with pytest.raises(Refusal) as refused:
        figures.compare(broken, Period.month(2025, 3))
    assert refused.value.codes == ("definition_changed",)
    assert "1月1日（星期三）" in reasons.say(refused.value.reasons[0], "zh-hans")
    each = PerCapita(
        "disputes.x", zh="每", en="each", of=broken, means=broken.means, since=broken.since
    )
    with pytest.raises(Refusal):
        figures.compare(each, Period.month(2025, 3))
