from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from dingzi.ui import charts, days, scale

numbers = st.decimals("-1000000", "1000000", places=2)


@given(st.lists(numbers, min_size=1, max_size=30), st.booleans())
def test_ticks_hold_every_value(values, zero):
    """No value lies outside its axis, the steps are even and few."""
    lines = scale.ticks(values, zero=zero)
    assert lines[0] <= min(map(Fraction, values))
    assert lines[-1] >= max(map(Fraction, values))
    assert len({b - a for a, b in pairwise(lines)}) == 1
    assert 2 <= len(lines) <= 9


def test_bars_begin_at_zero_and_lines_say_where_they_begin():
    """An axis asked to begin at zero does; one of counts never goes below."""
    assert scale.ticks([3, 9], zero=True)[0] == 0
    assert scale.ticks([0, 9])[0] == 0
    assert scale.ticks([Decimal("95.7"), Decimal("96.7")])[0] >= 95


@given(st.lists(numbers, max_size=30))
def test_map_steps_are_ordered_and_each_has_its_colour(values):
    """A larger value never gets a lighter colour; the legend names every colour used."""
    limits = scale.five_steps(values, 1)
    assert list(limits) == sorted(set(limits))
    assert len(limits) <= 4
    colours = [scale.step_of(v, limits) for v in sorted(values)]
    assert colours == sorted(colours)
    if limits:
        assert set(colours) <= {entry.step for entry in scale.legend(limits, 1)}


def test_map_legend_reads_like_the_sketch():
    """The values of the sketch give the sketch's legend."""
    values = [Decimal(v) for v in ["95.9", "96.9", "95.5", "98.1", "96.6", "97.1", "97.0", "95.8"]]
    limits = scale.five_steps(values, 1)
    assert limits == (Decimal("96.0"), Decimal("96.5"), Decimal("97.0"), Decimal("97.5"))
    assert [(s.above, s.last) for s in scale.legend(limits, 1)][1] == ("96.0", "96.4")


def test_trend_leaves_gaps_and_names_the_ends():
    """A missing month breaks the line; the last value present is the one that is named."""
    drawn = charts.trend(["1", "2", "3", "4"], [1, None, 3], [1, 2, 3, 4])
    assert drawn.now_path.count("M") == 2
    assert drawn.now_end is not None
    assert drawn.now_end.text == "3"
    assert drawn.then_end is not None
    assert drawn.then_end.place == "right"


def test_the_name_of_a_line_that_ends_early_stands_to_its_right():
    """In spring a year has three months: its name would leave a narrow drawing on the left."""
    months = [str(n) for n in range(1, 13)]
    places = [charts.trend(months, [1] * n).now_end.place for n in (1, 3, 7, 11, 12)]
    assert places == ["left", "left", "", "right", "right"]


def test_trend_refuses_more_values_than_labels():
    """A value without its period is a mistake."""
    with pytest.raises(ValueError, match="labels"):
        charts.trend(["1"], [1, 2])


def test_trend_without_values_draws_an_empty_axis():
    """A figure that has no values yet still has its page."""
    assert charts.trend(["1"], []).now_path == ""


def test_spark_needs_two_values():
    """One point is no trend."""
    assert charts.spark([1]) is None
    assert charts.spark([None, 1, None]) is None
    assert charts.spark([1, 1]) is not None


def test_weeks_are_whole_and_name_their_months():
    """The calendar of the sketch: six weeks, September beside the first, October beside its own."""
    marks = {date(2025, 9, 2): {"start"}, date(2025, 10, 9): {"due"}}
    shown = days.weeks(marks, date(2025, 9, 23))
    assert len(shown) == 6
    assert all(week.days[0].date.weekday() == 0 and len(week.days) == 7 for week in shown)
    assert [week.month.month if week.month else 0 for week in shown] == [9, 0, 0, 0, 0, 10]
    assert "today" in shown[3].days[1].classes


def test_weeks_refuse_an_unknown_kind():
    """A day that cannot be drawn is not dropped."""
    with pytest.raises(ValueError, match="holiday"):
        days.weeks({date(2025, 9, 2): {"holiday"}})


def draw(text: str, **values: object) -> str:
    return Template("{% load ui %}" + text).render(Context(values))


def test_a_script_in_a_name_stays_text():
    """Names come from people: whatever they hold is escaped in every drawing."""
    bad = "<script>alert(1)</script>"
    shape = {"c": {"name": bad, "d": "M0 0z", "x": 1, "y": 1}}
    html = draw(
        "{% county_map s v n links=l %}{% bars b %}{% timeline t %}{% facts f %}{% inbox g %}"
        "{% papers p %}{% line_chart x y now_name=n title=n %}{% figure_card n 1 change=n %}"
        "{% slip n at text=n %}{% said n %}{{ n }}{% endsaid %}{% empty n %}{% endempty %}",
        s=shape,
        v={"c": (1, bad)},
        n=bad,
        l={"c": '"><b>'},
        b=[(bad, 1)],
        t=[{"title": bad, "who": bad, "body": bad, "kind": "public", "label": bad, "time": bad}],
        f=[{"term": bad, "text": bad, "note": bad}],
        g=[{"title": bad, "sub": bad, "rows": [{"title": bad, "number": bad, "url": '"><b>'}]}],
        p=[{"name": bad, "url": '"><b>'}],
        x=[bad],
        y=[1],
        at=date(2025, 9, 2),
    )
    assert "<script>" not in html
    assert '"><b>' not in html


def test_a_map_names_counties_without_data():
    """What is not known is hatched and said, never drawn as the lowest."""
    shapes = {c: {"name": c, "d": "M0 0z", "x": 0, "y": 0} for c in "ab"}
    html = draw("{% county_map s v 'x' %}", s=shapes, v={"a": (5, "5")})
    assert 'class="place s0"' in html
    assert "没有数据" in html


def test_drawings_are_well_formed():
    """SVG that a browser must guess at is not SVG."""
    html = draw(
        "{% line_chart x y z now_name='a' then_name='b' unit='%' %}",
        x=["1", "2"],
        y=[1, 2],
        z=[1, Decimal("1.5")],
    )
    ElementTree.fromstring(html)
