"""Texts compared with the site's own figures: verified only where everything fits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingzi.city import directory
from dingzi.city.models import Division
from dingzi.core.errors import Forbidden, Invalid, NotFound
from dingzi.figures import texts
from dingzi.figures.models import Naming
from dingzi.figures.texts import naming
from dingzi.matters.models import BOOK, Event
from dingzi.matters.rebuild import rebuild
from dingzi.reading import VERIFIED, Catalogue, bind, read
from dingzi.reading import Figure as Named
from tests.figures.rows import closed, dispute
from tests.world import World, build

DAY = date(2025, 9, 23)
SHARE, CLOSED = "disputes.resolved_share", "disputes.closed"


@pytest.fixture(autouse=True)
def city(db: None, at: Callable[..., Any]) -> World:
    """A city with 90 disputes closed in January to August 2025, 70 of them resolved; 40 in 2024."""
    at("2025-09-23T10:00+08:00")
    world = build()
    for n in range(90):
        closed(date(2025, 1 + n % 8, 5), "agreed" if n < 70 else "failed", registered_on=date(2025, 1, 4))  # fmt: skip
    closed(date(2025, 9, 2), "agreed")
    for n in range(40):
        closed(date(2024, 2 + n % 7, 5), "agreed" if n < 20 else "failed", registered_on=date(2024, 1, 2))  # fmt: skip
    for _ in range(2):
        dispute(date(2025, 8, 20), accepted_on=date(2025, 8, 21))
    return world


def said(text: str) -> list[tuple[str | None, str, str]]:
    """(figure, verdict, first reason) of each claim."""
    marks = texts.check(text, DAY).marks
    return [
        (m.figure.name if m.figure else None, m.verdict, m.binding.why[0][0] if m.binding.why else "")
        for m in marks
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "figure", "verdict", "why"),
    [
        ("今年1至8月，全市办结矛盾纠纷90件。", CLOSED, "verified", "claim_as_recorded"),
        ("今年1至8月，宜春市办结矛盾纠纷90件。", CLOSED, "verified", "claim_as_recorded"),
        ("2025年1至8月，袁州区矛盾纠纷化解成功率78%。", SHARE, "verified", "claim_as_recorded"),
        ("今年1至8月，全市矛盾纠纷化解成功率77.8%。", SHARE, "verified", "claim_as_recorded"),
        ("今年1至8月，全市矛盾纠纷化解成功率77.7%。", SHARE, "differs", "claim_outside_stated"),
        ("今年1至8月，全市办结矛盾纠纷近100件。", CLOSED, "verified", "claim_as_recorded"),
        ("今年1至8月，全市办结矛盾纠纷91件。", CLOSED, "differs", "claim_outside_stated"),
        # another period than that of the number: the whole year is not over, September is another
        ("2025年，全市办结矛盾纠纷90件。", CLOSED, "no data", "claim_period_not_over"),
        ("今年9月，全市办结矛盾纠纷90件。", CLOSED, "no data", "claim_period_not_over"),
        ("2024年，全市办结矛盾纠纷90件。", CLOSED, "differs", "claim_outside_stated"),
        ("2019年，全市办结矛盾纠纷90件。", CLOSED, "no data", "claim_uncounted"),
        # another place, or none
        ("今年1至8月，奉新县办结矛盾纠纷90件。", CLOSED, "differs", "claim_outside_stated"),
        ("今年1至8月，全省办结矛盾纠纷90件。", CLOSED, "no data", "claim_no_value_for_scope"),
        ("今年1至8月，灵泉街道办结矛盾纠纷90件。", CLOSED, "no data", "claim_no_value_for_scope"),
        ("今年1至8月，办结矛盾纠纷90件。", CLOSED, "no data", "claim_no_scope"),
        ("全市办结矛盾纠纷90件。", CLOSED, "no data", "claim_no_period"),
        ("截至8月底，全市办结矛盾纠纷90件。", CLOSED, "no data", "claim_as_of_only"),
        # another unit, kind or definition
        ("今年1至8月，全市办结矛盾纠纷90起。", CLOSED, "no data", "claim_other_unit"),
        ("今年1至8月，全市化解率70件。", SHARE, "no data", "claim_other_kind"),
        ("今年1至8月，全市办结矛盾纠纷77.8%。", CLOSED, "no data", "claim_other_kind"),
        ("今年1至8月，全市婚姻家庭矛盾纠纷化解成功率77.8%。", SHARE, "no data", "claim_narrowed"),
        ("今年1至8月，全市群众幸福感98%。", None, "no data", "claim_no_name"),
    ],
)  # fmt: skip
def test_a_claim_is_verified_only_where_everything_fits(text: str, figure: str | None, verdict: str, why: str) -> None:  # fmt: skip
    """True, false, other period, part of a year, other place, share told as count, rounding."""
    assert said(text) == [(figure, verdict, why)]


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("今年1至8月，全市办结量90件。", "verified"),
        ("矛盾纠纷一件件办。今年1至8月，全市办结量90件。", "verified"),
        ("信访工作有序推进。今年1至8月，全市办结量90件。", "no data"),
        ("信访和矛盾纠纷都在一处受理。今年1至8月，全市办结量90件。", "verified"),
        ("信访工作有序推进。\n今年1至8月，全市办结量90件。", "verified"),
        ("信访之外，今年1至8月，全市办结矛盾纠纷90件。", "verified"),
    ],
)
def test_a_name_that_many_could_have_is_read_by_its_paragraph(text: str, verdict: str) -> None:
    """办结量 is declared for disputes; in a paragraph about petitions it verifies nothing."""
    assert [one for _, one, _ in said(text)] == [verdict]


def test_a_change_is_told_from_two_periods_that_may_be_compared() -> None:
    """Of a share in points against the same months; not of a month that is not over."""
    told = "今年1至8月，全市矛盾纠纷化解成功率77.8%，比去年同期提高{}个百分点。"
    assert said(told.format("27.8"))[1][1] == "verified"
    assert said(told.format("27.7"))[1][1] == "differs"
    assert said("今年9月，全市矛盾纠纷化解成功率同比提高50个百分点。")[0][1] == "no data"


def test_a_stock_is_a_state_on_a_day() -> None:
    """What is open at the end of August is verified as of that day, never for a span of months."""
    assert said("截至2025年8月31日，全市在办数2件。")[0][1:] == ("verified", "claim_as_recorded")
    assert said("今年1至8月，全市在办数2件。")[0][2] == "claim_stock_of_period"


def test_a_text_asks_for_so_many_values_and_no_more() -> None:
    """A page of nothing but dates does not keep the database: what is beyond is not looked up."""
    months = "".join(f"2025年{n}月，全市办结矛盾纠纷{n}件。" for n in range(1, 9))
    marks = texts.check(months, DAY, texts.catalogue(most=3)).marks
    codes = [mark.binding.why[0][0] for mark in marks]
    assert codes.count("claim_too_many") == 5
    assert {mark.verdict for mark in marks[3:]} == {"no data"}


def test_words_are_bound_by_hand_and_remembered(city: World) -> None:
    """An editor says what words mean; the next text is read so, until he says they mean none."""
    editor = _with(city.window, "editor")
    text = "今年1至8月，全市平息邻里口角90件。"
    mark = texts.check(text, DAY).marks[0]
    assert (mark.verdict, mark.words) == ("no data", "平息邻里口角")
    texts.bind(mark.words, CLOSED, by=editor)
    assert said(text) == [(CLOSED, "verified", "claim_as_recorded")]
    assert said(text.replace("90件", "89件"))[0][1] == "differs"
    assert said(text.replace("90件", "90起"))[0][1] == "no data", "unit and place must still fit"
    texts.unbind(mark.words, by=editor)
    assert said(text) == [(None, "no data", "claim_unbound_by_hand")]
    kept = list(Event.objects.of(BOOK).filter(action=naming.NAMED).values_list("post", flat=True))
    assert kept == [editor.post, editor.post]
    Naming.objects.all().delete()
    rebuild()
    assert said(text) == [(None, "no data", "claim_unbound_by_hand")]


def test_only_an_editor_binds_and_only_to_what_is_declared(city: World) -> None:
    """Another post, an unknown figure, a telephone number: refused, and nothing is written."""
    with pytest.raises(Forbidden):
        texts.bind("办结量", CLOSED, by=city.window)
    editor = _with(city.window, "editor")
    with pytest.raises(NotFound):
        texts.bind("办结量", "disputes.nothing", by=editor)
    for words in ("", "办", "办 结", "联系13800001234", "长" * 41, "办结\x00量"):
        with pytest.raises(Invalid):
            texts.bind(words, CLOSED, by=editor)
    assert not Naming.objects.exists()


_SPAN = ("2025-01-01", "2025-08-31")


@given(
    record=st.integers(11, 2_000_000),
    digits=st.integers(0, 2),
    off=st.integers(1, 40),
    up=st.booleans(),
    tens=st.booleans(),
)
def test_a_number_altered_beyond_its_precision_is_never_verified(record: int, digits: int, off: int, up: bool, tens: bool) -> None:  # fmt: skip
    """Whole counts, counts in 万 and shares: one unit of the last digit away is never verified."""
    step = Fraction(10_000 if tens else 1, 10**digits if tens else 1)
    shown = round(Fraction(record) / step) * step + (off if up else -off) * step
    told = shown / (10_000 if tens else 1)
    written = f"{float(told):.{digits}f}万" if tens else f"{int(told)}"
    if shown <= 0:
        return
    figure = Named(name="a.b", titles=("办结量",), unit="件", kind="count",
                   values={(_SPAN, "全市"): Fraction(record)})  # fmt: skip
    claims = read(f"2025年1至8月，全市办结量{written}件。").claims
    assert len(claims) == 1
    assert bind(claims, Catalogue((figure,)))[0].verdict != VERIFIED, (written, record)


@given(of=st.integers(1, 5000), over=st.integers(1, 5000), digits=st.integers(0, 2), off=st.integers(1, 9), up=st.booleans())  # fmt: skip
def test_a_share_altered_beyond_its_precision_is_never_verified(of: int, over: int, digits: int, off: int, up: bool) -> None:  # fmt: skip
    """Of a share the last digit told decides: another one is never verified."""
    if of > over:
        of, over = over, of
    share = Fraction(of, over)
    tenth = 10**digits
    shown = round(share * 100 * tenth) + (off if up else -off)
    if not 0 < shown <= 100 * tenth:
        return
    written = f"{shown // tenth}" + (f".{shown % tenth:0{digits}d}" if digits else "")
    figure = Named(name="a.b", titles=("化解率",), unit="%", kind="share",
                   values={(_SPAN, "全市"): share})  # fmt: skip
    claims = read(f"2025年1至8月，全市化解率{written}%。").claims
    verdict = bind(claims, Catalogue((figure,)))[0].verdict
    low, high = claims[0].low, claims[0].high
    assert low is not None and high is not None
    assert (verdict == VERIFIED) == (low <= share <= high)
    assert verdict != VERIFIED or abs(Fraction(shown, tenth) - share * 100) <= Fraction(
        1, 2 * tenth
    )


def _with(viewer: Any, role: str) -> Any:
    from dataclasses import replace

    return replace(viewer, roles=viewer.roles | {role})


def test_a_place_is_told_in_the_readers_language(city: World) -> None:
    """The whole city and a county have English names; other words stay as they were written."""
    Division.objects.filter(name="袁州区").update(name_en="Yuanzhou District")
    directory.forget()
    text = "今年1至8月，全市办结矛盾纠纷90件，其中袁州区90件；各县办结矛盾纠纷90件。"
    places = [mark.place for mark in texts.check(text, date(2025, 9, 23)).marks]
    assert [(one.zh, one.en) for one in places if one] == [
        ("全市", "Whole city"),
        ("袁州区", "Yuanzhou District"),
        ("各县", "各县"),
    ]
