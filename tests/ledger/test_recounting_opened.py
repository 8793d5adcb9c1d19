"""Figures whose columns no leaf shows: recounted from acts opened whole, by the code that made the rows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from dingzi import matters
from dingzi.city import directory
from dingzi.figures import asking, recounting
from dingzi.figures.period import Period
from dingzi.ledger import erasing, keys, openings
from dingzi.ledger.reading import entries
from dingzi.ledger.sealing import Sealer
from dingzi.matters import registry
from dingzi.matters.models import Private
from dingzi.matters.recording import by_system
from dingzi.mechanisms.debts.models import Debt
from dingzi.project import roles
from tests.databases import acting_as
from tests.mechanisms.debts.conftest import Debts
from tests.mechanisms.debts.conftest import city as debts
from tests.mechanisms.estates.conftest import Estates, promise
from tests.mechanisms.estates.conftest import city as estates

assert debts and estates  # fixtures
pytestmark = pytest.mark.django_db
YEAR = Period.year(2026)
MONEY = {"debts.entered_amount": 350, "debts.open_amount": 50, "debts.settled_amount": 300}


@pytest.fixture
def log(debts: Debts, at: Callable[..., Any]) -> list[bytes]:
    """A log with a debt of 300 yuan, paid in two steps, and one of 50 that still stands."""
    number = debts.performing(amount=300_00)
    for paid in (100_00, 200_00):
        matters.act(number, "step", {"text": "付了一笔", "paid": paid}, by=debts.housing)
    at("2026-03-20T09:00+08:00")
    matters.act(number, "perform", {"text": "付清了"}, by=debts.housing)
    matters.act(number, "confirm", {"text": "收到了"}, by=debts.desk)
    debts.entered(amount=50_00)
    debts.entered(title="没有金额的承诺", category="promise")
    return sealed()


def sealed() -> list[bytes]:
    with acting_as(roles.STEWARD):
        Sealer().seal()
    named = keys.named()
    assert named
    return entries(str(settings.LOG), named.log)


def given(path: Path, **more: Any) -> Path:
    with acting_as(roles.STEWARD):
        call_command("openings", str(path), to="审计局", stdout=StringIO(), **more)
    return path


def unlike(path: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Path:
    """Write the lines of a file of openings changed, with a right number of them at the end."""
    first, *lines, last = map(json.loads, path.read_text().splitlines())
    lines = change(lines)
    every = [first, *lines, last | {"entries": len(lines)}]
    path.write_text("".join(json.dumps(line) + "\n" for line in every))
    return path


def compared(made: recounting.Recount, *prefixes: str) -> dict[str, Any]:
    """Assert that every figure of these names equals the site's, in each place; return the city's."""
    found = {}
    for figure, lacking in recounting.figures(made):
        if not figure.name.startswith(prefixes):
            continue
        assert not lacking, figure.name
        for dims in ({}, {"county": "360902"}, {"county": "360921"}):
            site = asking.value(figure, YEAR, dims, public=False).number
            assert recounting.value(made, figure, YEAR, dims) == site, (figure.name, dims)
            if not dims:
                found[figure.name] = site
    return found


def test_amounts_are_recounted_and_equal_the_sites(log: list[bytes], tmp_path: Path) -> None:
    """What was paid is the sum of its steps, as the site's own code makes it, in every county."""
    blind = recounting.fold(log)
    assert {name for name, needs in needed(blind).items() if needs} >= {*MONEY}
    made = recounting.fold(log, openings.read(given(tmp_path / "openings"), log))
    found = compared(made, "debts.")
    assert {name: found[name] for name in MONEY} == MONEY
    assert found["debts.days_median"] == 18


def needed(made: recounting.Recount) -> dict[str, set[str]]:
    return {figure.name: lacking for figure, lacking in recounting.figures(made)}


def test_obstacles_and_days_of_households_are_recounted(
    estates: Estates, tmp_path: Path, at: Callable[..., Any]
) -> None:
    """Two obstacles cleared, one of them after its promise was broken; a certificate after nine days."""
    at("2026-05-04T09:00+08:00")
    number = estates.filed()
    part, other = estates.obstacle(number), estates.obstacle(number, "mortgage")
    estates.consulted(number)
    matters.act(part, "tolerate", promise("2026-06-01"), by=estates.lead)
    matters.act(other, "clear", {"text": "解押了"}, by=estates.land)
    matters.act(number, "open_issuing", {}, by=estates.lead)
    home = estates.household(number)
    estates.household(number, "102")
    matters.act(home, "apply", {}, by=estates.registry)
    at("2026-05-13T09:00+08:00")
    matters.act(home, "issue", {}, by=estates.registry)
    at("2026-06-02T09:00+08:00")
    by_system(part, "break", {})
    matters.act(part, "keep", {"text": "补齐了"}, by=estates.land)
    log = sealed()
    assert needed(recounting.fold(log))["estates.broken_share"] == {"promised_on", "broken_on"}
    made = recounting.fold(log, openings.read(given(tmp_path / "openings"), log))
    found = compared(made, "estates.", "households.")
    assert found["estates.obstacles"] == found["estates.obstacles_cleared"] == 2
    assert found["estates.promised"] == 1 and found["estates.broken_share"] == Fraction(1)
    assert found["households.days_median"] == 9


def test_a_forged_amount_is_refused_and_named(log: list[bytes], tmp_path: Path) -> None:
    """Whoever lowers a debt in the file is found out by the leaf's commitment: line and field are told."""

    def lower(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        line = next(line for line in lines if line["o"].get("amount", [0, 0, ""])[2] == "30000")
        line["o"]["amount"][2] = "20000"
        return lines

    path = unlike(given(tmp_path / "openings"), lower)
    with pytest.raises(openings.OpeningTrouble, match=r"line \d+ does not open its entry: amount"):
        openings.read(path, log)


def _without_an_act(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if line["o"].get("paid", [0, 0, ""])[2] != "20000"]


def _without_a_field(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for line in lines:
        line["o"].pop("amount", None)
    return lines


def _without_the_first(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return lines[1:]


@pytest.mark.parametrize("leave_out", [_without_an_act, _without_a_field, _without_the_first])
def test_what_is_left_out_is_told_as_needed(
    log: list[bytes], tmp_path: Path, leave_out: Callable[[Any], Any]
) -> None:
    """An act or a field that a file keeps back makes no smaller sum: the figure is not recounted."""
    path = unlike(given(tmp_path / "openings"), leave_out)
    made = recounting.fold(log, openings.read(path, log))
    needs = needed(made)
    assert needs["debts.settled_amount"] == {"amount", "paid"}
    assert needs["debts.entered_amount"] == {"amount"}
    assert not needs["debts.settled"]
    out = StringIO()
    named = keys.named()
    assert named
    asked: dict[str, Any] = {"key": named.log, "period": "2026", "openings": path}
    call_command("recount", str(settings.LOG), **asked, stdout=out, stderr=StringIO())
    told = {line["figure"]: line for line in map(json.loads, out.getvalue().splitlines())}
    one = told["debts.settled_amount"]
    assert one["needs"] == ["amount", "paid"] and "value" not in one
    assert one["unopened"] == made.blind[Debt] > 0


def test_what_is_asked_for_by_name_opens_no_more(log: list[bytes], tmp_path: Path) -> None:
    """`--fields paid,amount` opens these alone; by them alone no sum is made."""
    path = given(tmp_path / "openings", fields="paid,amount")
    opened = openings.read(path, log)
    assert {name for one in opened.values.values() for name in one} == {"paid", "amount"}
    assert needed(recounting.fold(log, opened))["debts.settled_amount"] == {"amount", "paid"}


def test_nothing_personal_is_opened_with_the_rest(log: list[bytes], tmp_path: Path) -> None:
    """Whom a debt is owed to, what for and on what paper stand in no line."""
    raw = given(tmp_path / "openings").read_text()
    assert "amount" in raw
    said = [v for one in Private.objects.all() for v in one.data.values() if isinstance(v, str)]
    assert len(said) > 8 and not [value for value in said if value and value in raw]


def test_a_recount_knows_nothing_of_the_city(log: list[bytes], tmp_path: Path) -> None:
    """Units of the log have other numbers where it is recounted: none is looked up, nor is one after."""
    opened = openings.read(given(tmp_path / "openings"), log)
    before = directory.units()
    made = recounting.fold(log, opened)
    rows = [row for rows in made.rows.values() for row in rows if hasattr(row, "unit")]
    assert rows and {row.unit for row in rows} == {""}
    assert directory.units() == before != []
    with directory.unknown():
        assert directory.units() == [] and directory.unit(before[0].id) is None


def test_an_erased_debt_cannot_be_recounted(debts: Debts, tmp_path: Path) -> None:
    """Its salts are gone for good: the sum says that it needs what nobody can open any more."""
    number = debts.entered(amount=50_00)
    debts.entered(amount=70_00)
    steward = replace(debts.desk, roles=debts.desk.roles | {"steward", "supervisor"})
    matters.act(number, "erase", {"ground": "asked"}, by=steward)
    sealed()
    with acting_as(roles.STEWARD):
        erasing.carry_out()
    log = sealed()
    made = recounting.fold(log, openings.read(given(tmp_path / "openings"), log))
    assert needed(made)["debts.entered_amount"] == {"amount"}


def test_a_later_version_of_a_process_stands_in_the_leaf(
    debts: Debts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its acts are folded under the version that they were done under, which only the leaf tells."""
    versions = registry.handle("debt").versions
    debts.entered(amount=50_00)
    monkeypatch.setitem(versions, 2, replace(versions[1], version=2))
    debts.entered(amount=70_00)
    log = sealed()
    told = [leaf["public"] for leaf in map(json.loads, log) if leaf.get("process") == "debt"]
    assert [shown.get("version", 1) for shown in told] == [1, 2]
    made = recounting.fold(log, openings.read(given(tmp_path / "openings"), log))
    assert compared(made, "debts.")["debts.entered_amount"] == 120
