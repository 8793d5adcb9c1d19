"""How many people live where: files, the book, the number that holds on a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dingzi.city import directory, residents
from dingzi.city.models import Residents
from dingzi.core import reasons
from dingzi.core.errors import Invalid
from tests.world import build

HEAD = "代码,起始日期,常住人口,出处,模拟\n"
GOOD = (
    HEAD
    + '360902,2020-01-01,"1,100,000",普查,\n360902,2025-01-01,1000000,公报,否\n3609,2020-01-01,5000000,普查,是\n'
)
FAULTS = [
    ("code,people\n1,2\n", "residents_columns"),
    (HEAD, "residents_empty"),
    (HEAD + "360902,2020-01-01,5\n", "residents_line_length"),
    (HEAD + "999999,2020-01-01,5,报,\n", "residents_division"),
    (HEAD + "360902,2020-13-01,5,报,\n", "residents_date"),
    (HEAD + "360902,2020-01-01,0,报,\n", "residents_people"),
    (HEAD + "360902,2020-01-01,五百,报,\n", "residents_people"),
    (HEAD + "360902,2020-01-01,99999999999999999999,报,\n", "residents_people"),
    (HEAD + "360902,2020-01-01,5,,\n", "residents_source"),
    (HEAD + "360902,2020-01-01,5,报,也许\n", "residents_mark"),
    (HEAD + "360902,2020-01-01,5,报,\n360902,2020-01-01,6,报,\n", "residents_twice"),
]


@pytest.fixture(autouse=True)
def city(db: None) -> None:
    build()


@pytest.mark.parametrize(("text", "code"), FAULTS)
def test_a_bad_file_is_refused_line_by_line(text: str, code: str) -> None:
    """Each fault has its own words in both languages, and names its line."""
    with pytest.raises(Invalid) as refused:
        residents.read(text.encode())
    assert refused.value.codes == (code,)
    ((_, params),) = refused.value.reasons
    assert params.get("line", 2) in (2, 3)
    for language in ("zh-hans", "en"):
        assert "{" not in reasons.say(refused.value.reasons[0], language)


def test_the_number_of_the_day_holds(tmp_path: Path) -> None:
    """A newer count holds from its day; before the first nobody has said."""
    file = tmp_path / "people.csv"
    file.write_text(GOOD, "gb18030")
    call_command("residents", "load", str(file))
    told = [
        directory.people("360902", date(*day))
        for day in ((2019, 12, 31), (2024, 12, 31), (2025, 1, 1))
    ]
    assert [one.people if one else None for one in told] == [None, 1_100_000, 1_000_000]
    city = directory.people("3609", date(2025, 1, 1))
    assert city is not None and (city.source, city.simulated) == ("普查", True)


def test_nothing_is_written_of_a_file_with_a_fault(tmp_path: Path) -> None:
    """One bad line keeps all out; --check writes nothing either."""
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text(GOOD + "360902,2026-01-01,,公报,\n")
    good.write_text(GOOD)
    with pytest.raises(CommandError):
        call_command("residents", "load", str(bad))
    call_command("residents", "load", str(good), "--check")
    assert not Residents.objects.exists()


def test_a_later_count_of_the_same_day_holds() -> None:
    """A correction for one day replaces what was said of it."""
    residents.record(residents.read(GOOD.encode()))
    residents.record(residents.read((HEAD + "360902,2025-01-01,7,更正,\n").encode()))
    found = directory.people("360902", date(2025, 6, 1))
    assert found is not None and (found.people, found.source) == (7, "更正")
