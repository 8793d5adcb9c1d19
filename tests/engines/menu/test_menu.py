"""School lunches: cheapest, checked, explained."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from dingzi.engines.cli import main
from dingzi.engines.contract import Stop
from dingzi.engines.menu.checking import check
from dingzi.engines.menu.deciding import decide, prices
from dingzi.engines.menu.problem import (
    Between,
    EnergyFrom,
    Menu,
    MenuProblem,
    MenuSettings,
    Nutrition,
)
from dingzi.engines.menu.reading import nutrition
from tests.engines.menu.canteens import CANTEEN

AMOUNT = st.integers(0, 9)


@st.composite
def menus(draw: st.DrawFn) -> tuple[MenuProblem, MenuSettings]:
    """Two or three days, four dishes of three foods, rules of every kind."""
    days, dishes = draw(st.integers(1, 2)), 4
    grams = np.array(draw(st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT), min_size=4, max_size=4)))
    parts = np.array([[1, 0, 2, 3, 1, 0], [3, 2, 0, 0, 1, 1], [0, 1, 1, 2, 0, 3]])
    amounts = grams @ parts
    energy = amounts[:, :3] @ np.array([4, 9, 4])
    problem = MenuProblem(
        dishes=[f"d{at}" for at in range(dishes)],
        categories=["a", "b"],
        foods=["f0", "f1", "f2"],
        category=np.array([0, 0, 1, 1]),
        cost=np.array(draw(st.lists(AMOUNT, min_size=4, max_size=4))),
        content=np.concatenate([energy[:, None], amounts], axis=1),
        grams=grams,
        groups=(grams > 0) @ np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0]], np.bool_),
        fresh=np.array([False, True, True]),
        dark=np.array([False, False, True]),
        allergens=["", "egg", ""],
        months=[frozenset(draw(st.sets(st.integers(3, 4), min_size=1))) for _ in range(dishes)],
        days=[(0, 3 + day) for day in range(days)],
        serves=np.array([[1, 2], [0, 1]]),
        portions=2,
        stock=np.array([draw(st.sampled_from([-1, 10, 40])), -1, -1]),
    )
    rules = Nutrition(
        between=(
            Between(nutrient="protein", low=draw(AMOUNT), high=draw(st.none() | st.just(40))),
        ),
        energy_from=(EnergyFrom(nutrient="fat", low=draw(AMOUNT), high=80),),
        groups=draw(st.integers(0, 2)),
        vegetables=draw(st.integers(0, 2)),
        dark=draw(st.integers(0, 1)),
    )
    settings = MenuSettings(
        stop=Stop(work=200),
        nutrition=rules,
        repeat=draw(st.integers(1, 2)),
        apart=draw(st.integers(0, 1)),
        forbidden=tuple(draw(st.sets(st.just("f2")))),
        without=tuple(draw(st.sets(st.just("egg")))),
    )
    return problem, settings


@limits(max_examples=40)
@given(menus())
def test_the_menu_is_the_cheapest_there_is(asked: tuple[MenuProblem, MenuSettings]) -> None:
    """Against every choice: cost and bound, or proof that nothing holds; the checker agrees."""
    problem, settings = asked
    best = None
    size = len(problem.days) * len(problem.dishes)
    for bits in product((False, True), repeat=size):
        menu = Menu(served=np.array(bits).reshape(len(problem.days), -1))
        verdict = check(problem, settings, menu)
        if verdict.feasible and (best is None or int(verdict.objective or 0) < best):
            best = int(verdict.objective or 0)
    found = decide(problem, settings)
    assert found.objective == best
    if found.solution is None:
        assert found.status == "infeasible"
        return
    assert found.bound == best
    verdict = check(problem, settings, found.solution)
    assert not verdict.broken
    assert list(verdict.reasons) == list(found.reasons)


def test_a_conflict_names_what_cannot_hold_together() -> None:
    """Without any dark vegetable in the kitchen no day can have one."""
    rules = Nutrition(dark=1)
    made = MenuProblem(
        dishes=["rice"], categories=["staple"], foods=["rice"], category=np.array([0]),
        cost=np.array([60]), content=np.zeros((1, 7), np.int64), grams=np.array([[100]]),
        groups=np.array([[True, False, False, False]]), fresh=np.array([False]),
        dark=np.array([False]), allergens=[""], months=[frozenset({3})], days=[(0, 3)],
        serves=np.array([[0, 1]]), portions=1, stock=np.array([-1]),
    )  # fmt: skip
    found = decide(made, MenuSettings(stop=Stop(work=10), nutrition=rules))
    assert found.status == "infeasible"
    assert found.reasons == [("menu.dark", {"day": 1, "least": 1})]


def test_the_preset_is_resolved_for_an_age() -> None:
    """9-11, half boys: lunch has 35 to 40 % of 2,000 kcal, within 90 to 110 % of it."""
    rules = nutrition("wst-554-2017", "9-11", 50)
    energy = rules.between[0]
    assert (energy.low, energy.high) == (630_000, 880_000)
    assert nutrition("wst-554-2017", "9-11", 100).between[0].low == 661_500


def test_a_week_is_planned_and_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From a file under the preset; a dish out of season is told; a changed menu is caught."""
    file, out = tmp_path / "canteen.yaml", tmp_path / "menu.csv"
    file.write_text(CANTEEN)
    command = ["menu", str(file), "--work", "300", "--repeat", "3", "--without", "egg"]
    assert main([*command, "--json", "--out", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["solution"]) == 5
    assert told["bound"] <= told["objective"]
    assert ["menu.out_of_season", {"dish": "melon"}] in told["reasons"]
    again = tmp_path / "again.csv"
    assert main([*command, "--check", str(out), "--out", str(again)]) == 0
    assert again.read_text() == out.read_text()
    out.write_text(out.read_text() + "1,melon\n")
    assert main([*command, "--check", str(out), "--json"]) == 1
    codes = [code for code, _ in json.loads(capsys.readouterr().out.splitlines()[-1])["reasons"]]
    assert "menu.season_broken" in codes


def test_prices_are_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A row for each rule, from and to in fen; where no menu holds at all, why."""
    file = tmp_path / "canteen.yaml"
    file.write_text(CANTEEN)
    command = ["menu", str(file), "--work", "20", "--prices", "--json", "--repeat", "3"]
    assert main(command) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert {"vegetables", "food groups"} <= {row["rule"] for row in rows}
    assert all(0 <= row["least_fen"] <= row["most_fen"] for row in rows)
    assert main([*command[:-2], "--repeat", "1"]) == 1
    assert json.loads(capsys.readouterr().out)["reasons"]


def test_a_rule_has_its_price() -> None:
    """Calcium costs what the milk costs: the menu without the rule is that much cheaper."""
    problem = MenuProblem(
        dishes=["rice", "milk"], categories=["any"], foods=["rice", "milk"],
        category=np.array([0, 0]), cost=np.array([60, 200]),
        content=np.array([[400, 1, 1, 1, 0, 0, 0], [100, 1, 1, 1, 900, 0, 0]]),
        grams=np.array([[100, 0], [0, 200]]), groups=np.zeros((2, 4), np.bool_),
        fresh=np.zeros(2, np.bool_), dark=np.zeros(2, np.bool_), allergens=["", "milk"],
        months=[frozenset({3})] * 2, days=[(0, 3)], serves=np.array([[1, 2]]), portions=1,
        stock=np.array([-1, -1]),
    )  # fmt: skip
    calcium = Between(nutrient="calcium", low=800, high=None)
    energy = Between(nutrient="energy", low=300, high=None)
    settings = MenuSettings(stop=Stop(work=20), nutrition=Nutrition(between=(energy, calcium)))
    found = {one.rule: (one.least, one.most) for one in prices(problem, settings) or []}
    assert found["calcium"] == (200, 200)
    assert found["energy"] == (60, 60)


def test_the_same_work_gives_the_same_menu(tmp_path: Path) -> None:
    """One core and a limit of work: twice the same dishes."""
    file = tmp_path / "canteen.yaml"
    file.write_text(CANTEEN)
    made = []
    for turn in range(2):
        out = tmp_path / f"{turn}.csv"
        assert main(["menu", str(file), "--work", "50", "--repeat", "3", "--out", str(out)]) == 0
        made.append(out.read_text())
    assert made[0] == made[1]
