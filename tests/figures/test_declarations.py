"""A declaration that cannot work is refused when it is loaded, with its name, place and fault."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q

from dingzi.core.errors import LoadError, NotFound
from dingzi.core.text import Text
from dingzi.figures import declare, registry
from dingzi.figures.declare import (
    Break,
    Change,
    Count,
    Figure,
    Median,
    Quantile,
    Share,
    Stock,
    Sum,
)  # fmt: skip
from dingzi.figures.declare_places import PerCapita, Rank
from dingzi.figures.divisions import county, town
from dingzi.figures.populations import Dimension, Population
from dingzi.mechanisms.disputes.models import Dispute

WORDS: dict[str, Any] = {
    "zh": "数字", "en": "Figure", "means": Text("是什么", "What it is"), "since": date(2025, 1, 1),
}  # fmt: skip


def population(
    on: str = "closed_on", where: Q | None = None, name: str = "disputes.some"
) -> Population:
    return Population(name, Dispute, on, "一些", "Some", where or Q())


def nowhere() -> Dimension:
    return Dimension("street", "街", "Street", labels=dict)


FAULTS: list[tuple[Callable[[], Figure], str]] = [
    (lambda: Count("disputes.x", of=population("ended_on"), **WORDS),
     "Dispute has no column of days 'ended_on'"),
    (lambda: Count("disputes.x", of=population("outcome"), **WORDS),
     "no column of days 'outcome'"),
    (lambda: Count("disputes.x", of=population(where=Q(result="agreed")), **WORDS),
     "no column 'result'"),
    (lambda: Count("disputes.x", of=population(where=Q(matter__title="x")), **WORDS),
     "matter__title is none of"),
    (lambda: Count("disputes.x", of=population(where=Q(outcome__contains="a")), **WORDS),
     "outcome__contains is none of"),
    (lambda: Count("disputes.x", of=population(), by=[nowhere()], **WORDS),
     "unknown dimension street"),
    (lambda: Count("disputes.x", of=population(), by=[county, county], **WORDS),
     "a dimension is named twice"),
    (lambda: Count("disputes.x", of=population(), by=[town], **WORDS),
     "dimension town lies within county"),
    (lambda: Count("disputes.x", of=population(), by=[Dimension("month", "月", "Month", labels=dict)], **WORDS),
     "time divides every figure"),
    (lambda: Share("disputes.x", of=population("accepted_on"), over=population(), **WORDS),
     "dated by different columns, accepted_on and closed_on"),
    (lambda: Share("disputes.x", of=population(name="disputes.other"), over=population(), **WORDS),
     "make it by disputes.some.only"),
    (lambda: Stock("disputes.x", begun=population(), ended=population(), **WORDS),
     "begin and end are the same column"),
    (lambda: Median("disputes.x", of=population(), column="outcome", **WORDS),
     "no column of whole numbers 'outcome'"),
    (lambda: Sum("disputes.x", of=population(), column="money", **WORDS),
     "no column of whole numbers 'money'"),
    (lambda: Quantile("disputes.x", q=Fraction(3, 2), of=population(), column="days", **WORDS),
     "q 3/2 must lie between 0 and 1"),
    (lambda: Count("disputes.x", of=population(), also="别名", **WORDS), "also is one text"),
    (lambda: Count("disputes.x", of=population(), also=["a", "A"], **WORDS), "stands twice"),
    (lambda: Count("disputes.x", of=population(), also=[" "], **WORDS), "other names is empty"),
    (lambda: Count("disputes.x", of=population(), version=0, **WORDS), "version 0 is below 1"),
    (lambda: Count("disputes.x", of=population(), places=9, **WORDS), "places 9 lies outside"),
    (lambda: Count("disputes.x", of=population(), breaks=[Break(date(2025, 1, 1), "改了", " ")], **WORDS),
     "the break on 2025-01-01 needs words"),
    (lambda: Change("disputes.x", of=registry.get("disputes.registered_change"), **WORDS),
     "is a change itself"),
    (lambda: PerCapita("disputes.x", of=registry.get("disputes.registered"), per=0, **WORDS),
     "per 0 must be a number of residents"),
    (lambda: Rank("disputes.x", of=registry.get("disputes.registered"), among=county, **WORDS),
     "it must be divided by county"),
    (lambda: Count("disputes.x", of=population(), grain="week", **WORDS), "grain 'week'"),
    (lambda: Count("disputes.x", of=population(), good="more", **WORDS), "good 'more'"),
    (lambda: Count("disputes.x", of=population(), **WORDS | {"en": " "}), "words in both languages"),
    (lambda: Count("petitions.x", of=population(), **WORDS), "its name must be disputes."),
    (lambda: Count("disputes.X y", of=population(), **WORDS), "its name must be disputes."),
    (lambda: Change("disputes.x", of=Count("disputes.y", of=population(), **WORDS), by=[county], **WORDS),
     "is not divided by county"),
    (lambda: Count("disputes.x", of=population(name="disputes.closed"), **WORDS),
     "population disputes.closed is declared otherwise at populations.py:"),
    (lambda: Count("disputes.registered", of=population(), **WORDS), "declared already at intake.py:"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def unchanged() -> Iterator[None]:
    """No test leaves a figure behind."""
    kept = dict(registry.load()), dict(registry._mechanisms), dict(registry._populations)
    yield
    for now, then in zip(
        (registry._figures, registry._mechanisms, registry._populations), kept, strict=True
    ):
        now.clear()
        now.update(then)  # type: ignore[arg-type]


@pytest.mark.parametrize(("make", "fault"), FAULTS)
def test_a_bad_declaration_is_refused(make: Callable[[], Figure], fault: str) -> None:
    """The error names the figure and where it stands, and says what is wrong."""
    figure = make()
    with pytest.raises(LoadError) as refused:
        registry.register("disputes", figure)
    text = str(refused.value)
    assert fault in text
    assert re.match(rf"test_declarations\.py:\d+: figure {re.escape(figure.name)}: ", text)


def test_a_module_that_breaks_is_named_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A word too few, a wrong type or a slip of the pen is told by file and line, not by a trace."""
    monkeypatch.setattr(registry, "_loaded", False)
    for text, said in (
        ("from dingzi.figures.declare import Count\n\nCount('disputes.x')\n", "3: TypeError: "),
        ("x = (\n", "1: SyntaxError: "),
        ("import nothing_of_this_name\n", "1: ModuleNotFoundError: "),
    ):
        file = tmp_path / "figures.py"
        file.write_text(text)
        monkeypatch.setattr(
            registry, "autodiscover_modules", lambda _name, path=file: runpy.run_path(str(path))
        )
        with pytest.raises(LoadError) as refused:
            registry.load()
        assert str(refused.value).startswith(f"figures.py:{said}")


def test_a_definition_is_known_by_what_it_counts() -> None:
    """Another title is the same definition; another condition is another one."""
    one = registry.get("disputes.closed")
    assert isinstance(one, declare.Count)
    assert replace(one, zh="别的叫法").definition == one.definition
    other = replace(one, of=replace(one.of, where=Q(outcome="agreed")))
    assert other.definition != one.definition
    assert len(one.definition) == 16


def test_an_unknown_figure_is_not_found() -> None:
    """Asking for what is not declared is no error of the server."""
    with pytest.raises(NotFound) as refused:
        registry.get("disputes.nothing")
    assert refused.value.codes == ("no_such_figure",)


def test_figures_are_listed_by_mechanism_and_few_stand_on_the_home_page() -> None:
    """Pages iterate over groups; the home page has four to six."""
    groups = registry.public()
    assert [g.title.en for g in groups][:2] == ["Disputes", "Petitions"]
    assert all(len(group.figures) > 15 for group in groups[:2])
    assert 4 <= len(registry.home()) <= 6
