"""``dingzi decide routing`` on the public formats and on tables; wrong files refused by line."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from dingzi.engines import cli, tables
from dingzi.engines.routing import decide, solomon, vrplib
from tests.engines.routing.deliveries import as_solomon, as_vrplib, settings, windows

SCHOOLS = """school,place,dry,cold,early,late,service,skip_cost,usual_van
north,n,20,5,300,420,10,,small
south,s,30,0,300,420,10,,big
far,f,10,0,300,330,10,900,
"""
VANS = "van,depot,count,dry,cold,early,late,most_time,trips,fixed_cost\n" \
    "small,d,1,30,10,240,600,300,2,100\nbig,d,1,60,0,240,600,300,1,300\n"  # fmt: skip
PLACES = "place,x,y\nd,0,0\nn,0,10\ns,0,-10\nf,90,0\n"
WAYS = "from,to,cost,time\n" + "".join(
    f"{a},{b},{cost},{time}\n{b},{a},{cost},{time}\n"
    for a, b, cost, time in (
        ("d", "n", 100, 20), ("d", "s", 110, 20), ("d", "f", 900, 120), ("n", "s", 190, 35),
    )
)  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    for name, text in (
        ("schools", SCHOOLS), ("vans", VANS), ("places", PLACES), ("ways", WAYS),
    ):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    return tmp_path


def planned(folder, out, capsys):
    """Plan a folder's day into a file; return the command and what it told."""
    command = ["routing", str(folder), "--work", "100", "--json"]
    assert cli.main([*command, "--out", str(out)]) == 0
    return command, json.loads(capsys.readouterr().out)


def test_what_is_left_of_the_day_is_planned_after_a_failure(folder, tmp_path, capsys) -> None:
    """One of two small vans breaks down, a road is closed: the rest is planned from the old plan."""
    two = VANS.replace("small,d,1,30,10,240,600,300,2", "small,d,2,30,10,240,600,300,1")
    (folder / "vans.csv").write_text(two, "utf-8")
    plan = tmp_path / "plan.csv"
    command, before = planned(folder, plan, capsys)
    assert [route["van"] for route in before["solution"]] == ["small", "small"]
    after = [*command, "--begin", str(plan), "--other-driver-cost", "7"]
    assert cli.main([*after, "--broken", "small", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert sorted(route["van"] for route in told["solution"]) == ["big", "small"]
    assert "routing_other_driver" in {code for code, _ in told["reasons"]}
    assert cli.main([*after, "--closed", "d", "n"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["objective"] == before["objective"] + 2 * (110 + 190 - 100)
    for wrong in (
        ["--begin", str(plan), "--broken", "tank", "1"],
        ["--begin", str(plan), "--broken", "small", "x"],
        ["--begin", str(plan), "--broken", "small", "2", "--broken", "small", "1"],
        ["--begin", str(plan), "--closed", "d", "d"],
        ["--begin", str(plan), "--closed", "d", "moon"],
        ["--closed", "d", "n"],
    ):
        assert cli.main([*command, *wrong]) == 2
        assert capsys.readouterr().out == ""


def test_a_folder_of_tables_is_planned_written_and_checked(folder, tmp_path, capsys) -> None:
    """The small van takes both schools on two trips; the far one is out of reach and says why."""
    out = tmp_path / "plan.csv"
    command = ["routing", str(folder), "--work", "100", "--json"]
    assert cli.main([*command, "--out", str(out)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["objective"] == 100 + 2 * 100 + 2 * 110 + 900
    assert told["bound"] <= told["objective"]
    (route,) = told["solution"]
    assert route["van"] == "small"
    assert sorted(map(tuple, route["trips"])) == [("north",), ("south",)]
    assert told["reasons"] == [["routing_too_late", {"stop": "far"}]]
    again = tmp_path / "again.csv"
    assert cli.main([*command, "--check", str(out), "--out", str(again)]) == 0
    assert again.read_text() == out.read_text()
    assert json.loads(capsys.readouterr().out)["objective"] == told["objective"]
    rows = out.read_text().replace("small", "big").replace('"', "")
    out.write_text(rows)
    assert cli.main([*command, "--check", str(out)]) == 1
    codes = {code for code, _ in json.loads(capsys.readouterr().out)["reasons"]}
    assert {"routing_overloaded", "routing_trips"} <= codes


@pytest.mark.parametrize(
    ("table", "old", "new", "says"),
    [
        ("schools", "300,420,10,,small", "1380,120,10,,small", "schools.csv:2: early (1380)"),
        ("vans", "240,600,300,2", "900,60,300,2", "vans.csv:2: early (900)"),
    ],
)
def test_a_window_past_midnight_says_how_to_write_it(folder, capsys, table, old, new, says) -> None:
    """From 23 to 2 o'clock is from 1380 to 1560."""
    path = folder / f"{table}.csv"
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert cli.main(["routing", str(folder), "--work", "10"]) == 2
    told = capsys.readouterr().err
    assert says in told
    assert "1560" in told


def test_lunch_stands_in_the_tables_and_in_the_plan(folder, tmp_path, capsys) -> None:
    """Between 5:20 and 6:30, forty minutes: the plan tells when, and is read back; half a rule is not."""
    lines = VANS.replace("small,d,1,30", "small,d,2,30").splitlines()
    hours = ["lunch,lunch_early,lunch_late", "40,320,390", "40,320,390"]
    rows = "\n".join(f"{line},{more}" for line, more in zip(lines, hours, strict=True))
    (folder / "vans.csv").write_text(rows + "\n", "utf-8")
    schools = SCHOOLS.replace("300,420,10,,small", "300,310,10,,small")
    (folder / "schools.csv").write_text(schools, "utf-8")
    out = tmp_path / "plan.csv"
    command, told = planned(folder, out, capsys)
    begun = [route["lunch"] for route in told["solution"] if route["lunch"] is not None]
    assert all(320 <= one <= 350 for one in begun)
    written = tables.read(out, {"lunch": tables.Column(kind="text", default="")})["lunch"]
    assert sorted(one for one in written if one) == sorted(map(str, begun))
    assert cli.main([*command, "--check", str(out)]) == 0
    (folder / "vans.csv").write_text(rows.replace("40,320,390", "40,380,390"), "utf-8")
    capsys.readouterr()
    assert cli.main(command) == 2
    assert "vans.csv:2: write lunch" in capsys.readouterr().err


def test_a_day_without_vans_is_told_as_that(folder, capsys) -> None:
    """Not as one in which no van has room."""
    none = VANS.replace("small,d,1", "small,d,0").replace("big,d,1", "big,d,0")
    (folder / "vans.csv").write_text(none, "utf-8")
    assert cli.main(["routing", str(folder), "--work", "10", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["reasons"] == [["routing_no_vans", {"stop": "north"}]]


def test_a_changed_driver_costs_and_is_told(folder, capsys) -> None:
    """At a high price the big van comes to the school where it is known."""
    arguments = ["routing", str(folder), "--work", "100", "--json", "--other-driver-cost"]
    assert cli.main([*arguments, "50"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert ["routing_other_driver", {"stop": "south", "van": "small", "usual": "big"}] in (
        told["reasons"]
    )
    assert cli.main([*arguments, "5000"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {route["van"] for route in told["solution"]} == {"small", "big"}


def test_a_solomon_file_is_read_as_the_literature_does(tmp_path) -> None:
    """Tenths, cut off: the very problem it was written from, and costs in the file's units."""
    problem = windows(30, seed=2)
    path = tmp_path / "made_up.txt"
    path.write_text(as_solomon(problem))
    read = solomon.read(path, None)
    for name in ("demand", "early", "late", "service"):
        assert (getattr(read.stops, name) == getattr(problem.stops, name)).all(), name
    assert (read.cost == problem.cost).all()
    one, two = (decide(p, settings()) for p in (problem, read))
    assert one.objective == two.objective == plan_length(read, two.solution)


def plan_length(problem, plan) -> float:
    """The length by coordinates, each leg cut to a tenth, as a reader of a table would compute it."""
    total = 0
    for route in plan.routes:
        way = [0, *(int(problem.stops.place[s]) for s in route.stops), 0]
        for a, b in itertools.pairwise(way):
            dx, dy = problem.spots[a] - problem.spots[b]
            total += int(10 * (dx * dx + dy * dy) ** 0.5)
    return total / 10


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("\n3 ", "\n4 ", 13, "3"),
        ("NUMBER     CAPACITY", "NUMBER     CAPACITIES", 4, "CAPACITY"),
        ("   30        200", "   30        -200", 5, "-200"),
        ("CUSTOMER", "", 8, "CUSTOMER"),
        ("   30        200", "   9999999   200", 5, "9999999"),
        ("\n1 ", "\n1 1e200 ", 11, "1e200"),
        ("\n1 ", "\n1 inf ", 11, "inf"),
    ],
)
def test_a_wrong_solomon_file_is_refused(tmp_path, capsys, old, new, line, told) -> None:
    """Wrong number, head or sign: exit 2 and the line."""
    text = as_solomon(windows(30, seed=2))
    assert old in text
    path = tmp_path / "made_up.txt"
    path.write_text(text.replace(old, new, 1))
    assert cli.main(["routing", str(path), "--format", "solomon"]) == 2
    message = capsys.readouterr().err
    assert f"made_up.txt:{line}:" in message
    assert told in message


@pytest.mark.parametrize("rows", [3, 25.5, 0])
def test_a_solomon_file_cut_off_is_refused(tmp_path, capsys, rows) -> None:
    """In a row, before any row, or after one where the name says how many there must be."""
    text = as_solomon(windows(30, seed=2), name="R101")
    lines = text.split("\n")
    kept = lines[: 9 + int(rows)] + ([lines[9 + int(rows)][:9]] if rows % 1 else [])
    path = tmp_path / "R101.txt"
    path.write_text("\n".join(kept))
    assert cli.main(["routing", str(path), "--format", "solomon"]) == 2
    assert f"R101.txt:{len([x for x in kept if x]) + 3 if rows else 8}:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("CAPACITY : 200", "CAPACITY : -200", "number_range"),
        ("TYPE : CVRP", "TYPE : TSP", "routing_type"),
        ("EUC_2D", "GEO", "routing_weights"),
        ("DEMAND_SECTION\n1 0", "DEMAND_SECTION\n2 0", "routing_number_order"),
        ("\n-1\nEOF", "\n2\n-1\nEOF", "routing_depot"),
        ("\nEOF", "", "file_cut_off"),
        ("NODE_COORD_SECTION", "NODES_SECTION", "routing_section_unknown"),
        ("NAME : made-up", "made-up", "routing_not_vrplib"),
        ("DIMENSION : 21", "DIMENSION : 22", "file_cut_off"),
        ("DIMENSION : 21", "DIMENSION : 99999999", "number_range"),
        ("DEMAND_SECTION\n1 0", "DEMAND_SECTION\n1 0.5", "integer_expected"),
        ("DEMAND_SECTION\n1 0", "DEMAND_SECTION\n1 1e300", "number_range"),
        ("DEMAND_SECTION\n1 0", "DEMAND_SECTION\n1 nan", "number_expected"),
        ("DIMENSION : 21", "DIMENSION : 20", "file_goes_on"),
    ],
)
def test_a_wrong_vrplib_file_is_refused(tmp_path, capsys, old, new, code) -> None:
    """Each with a line of the file, in both languages, and exit 2."""
    from dingzi.engines.errors import BadProblem

    text = as_vrplib(windows(20, seed=2), 200)
    assert old in text
    path = tmp_path / "made_up.vrp"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(BadProblem) as told:
        vrplib.read(path, None)
    assert told.value.reason[0] == code
    assert told.value.line
    assert cli.main(["routing", str(path), "--format", "vrplib"]) == 2
    assert "made_up.vrp:" in capsys.readouterr().err


def test_sets_that_the_literature_leaves_unrounded_are(tmp_path) -> None:
    """By its name: thousandths for Golden_1, whole numbers for others."""
    text = as_vrplib(windows(12, seed=1), 200)
    costs = {}
    for name in ("made-up", "Golden_1"):
        path = tmp_path / "some.vrp"
        path.write_text(text.replace("NAME : made-up", f"NAME : {name}"))
        problem = vrplib.read(path, None)
        costs[name] = problem.cost
        assert decide(problem, settings()).objective < 2000, "in the file's units"
    apart = np.abs(costs["Golden_1"] / 1000 - costs["made-up"])
    assert 0.1 < apart.max() <= 0.5


def test_a_matrix_is_read_as_it_stands(tmp_path) -> None:
    """EXPLICIT weights, lower rows: three places, one route of 3 + 5 + 4."""
    path = tmp_path / "three.vrp"
    path.write_text(
        "NAME: three\nTYPE: CVRP\nDIMENSION: 3\nEDGE_WEIGHT_TYPE: EXPLICIT\n"
        "EDGE_WEIGHT_FORMAT: LOWER_ROW\nCAPACITY: 9\nEDGE_WEIGHT_SECTION\n3\n4 5\n"
        "DEMAND_SECTION\n1 0\n2 4\n3 5\nDEPOT_SECTION\n1\n-1\nEOF\n"
    )
    result = decide(vrplib.read(path, None), settings())
    assert (result.objective, result.bound, result.status) == (12, 12, "optimal")


@pytest.mark.parametrize(
    ("table", "old", "new", "line", "told"),
    [
        ("schools", "south,s,30", "south,s,-30", 3, "dry"),
        ("schools", "far,f", "far,x", 4, "x"),
        ("schools", "420,10,,small", "420,10,,tiny", 2, "tiny"),
        ("schools", "300,330", "340,330", 4, ""),
        ("vans", "small,d,1,30", "small,d,1,-30", 2, "dry"),
        ("ways", "d,n,100", "d,n,near", 2, "near"),
        ("ways", "n,d,100", "d,n,100", 3, "d, n"),
        (
            "vans",
            "trips,fixed_cost\nsmall,d,1,30,10,240,600,300,2",
            "trips,most_drive\nsmall,d,1,30,10,240,600,300,2",
            2,
            "most_drive",
        ),
    ],
)
def test_a_wrong_cell_is_refused_with_its_line(folder, capsys, table, old, new, line, told) -> None:
    """File, line and what was found."""
    path = folder / f"{table}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert cli.main(["routing", str(folder)]) == 2
    message = capsys.readouterr().err
    assert f"{table}.csv:{line}:" in message
    assert told in message


def test_a_plan_tells_when_its_driver_rests(folder, tmp_path, capsys) -> None:
    """Forty minutes of driving at most: small rests at the depot between its trips, for a quarter."""
    text = VANS.replace("fixed_cost\n", "fixed_cost,most_drive,rest\n")
    text = text.replace(",100\n", ",100,40,15\n").replace(",300\n", ",300,40,15\n")
    (folder / "vans.csv").write_text(text, "utf-8")
    out = tmp_path / "plan.csv"
    command = ["routing", str(folder), "--work", "100", "--json"]
    assert cli.main([*command, "--out", str(out)]) == 0
    (route,) = json.loads(capsys.readouterr().out)["solution"]
    assert len(route["trips"]) == 2
    assert len(route["rests"]) == 1
    rest = route["rests"][0]
    assert rest >= route["begin"] + 40 + 10
    assert str(rest) in out.read_text("utf-8").splitlines()[1]
    assert cli.main([*command, "--check", str(out)]) == 0
