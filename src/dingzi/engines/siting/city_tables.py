"""A city as a folder of tables, and its plan as one table."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from dingzi.engines import tables
from dingzi.engines.errors import BadProblem
from dingzi.engines.tables import Column, line_of
from dingzi.engines.tokens import text_of

from .city import CLOSED, OPEN, WINDING, CityPlan, CityProblem, CitySettings, Ints
from .city_reasons import before_after
from .forecast import forecast

_WHOLE = {"kind": "int", "low": 0, "high": 10**12}
_SCHOOLS = {
    "school": Column(kind="text", unique=True),
    "exists": Column(kind="bool", default=True),
    "protected": Column(kind="bool", default=False),
    **{
        name: Column(default=0, **_WHOLE)  # type: ignore[arg-type]
        for name in ("seats", "modules", "least", "keep_fen", "open_fen", "module_fen")
    },
}
_NAMES = {"village": Column(kind="text"), "school": Column(kind="text")}
_STATUS = {"closed": CLOSED, "winding": WINDING, "open": OPEN}
_PLAN = {
    "village": Column(kind="text", default=""),
    "band": Column(kind="text", default=""),
    "year": Column(kind="int"),
    "school": Column(kind="text"),
    "status": Column(kind="text", default=""),
    "modules": Column(kind="int", default=0, low=0),
}
_RULES = {"module_seats", "build_years", "transition_years", "fen_per_km", "move_fen"}


def read(folder: Path, options: Namespace) -> CityProblem:
    """Read a folder: city.yaml, schools, ways, home, and pupils or children (to be forecast)."""
    rules = _rules(folder)
    bands = rules["bands"]
    schools = tables.read(_table(folder, "schools"), _SCHOOLS)
    names = [str(one) for one in schools["school"]]
    ways_path = _table(folder, "ways")
    ways = tables.read(ways_path, _NAMES | {"metres": Column(**_WHOLE)})  # type: ignore[arg-type]
    villages = sorted({str(one) for one in ways["village"]})
    village = _numbers(ways_path, ways["village"], villages, "ways")
    school = _numbers(ways_path, ways["school"], names, "schools")
    _once(ways_path, [village, school])
    years = tuple(rules["years"])
    return CityProblem(
        villages=tuple(villages),
        bands=tuple(bands),
        schools=tuple(names),
        years=years,
        pupils=_pupils(folder, villages, bands, years, options),
        limit_m=np.array([band["limit_m"] for band in bands.values()], np.int64),
        stays=np.array([bool(band.get("stays", False)) for band in bands.values()]),
        **{name: schools[name] for name in _SCHOOLS if name != "school"},
        village=village,
        school=school,
        metres=ways["metres"],
        home=_home(folder, villages, list(bands), names),
    )


def settings(folder: Path, options: Namespace, **common: Any) -> CitySettings:
    """Return the settings that city.yaml and the command line give."""
    rules = {key: value for key, value in _rules(folder).items() if key in _RULES}
    return CitySettings(farthest_m=options.farthest, gap=options.gap, **rules, **common)


def _table(folder: Path, name: str) -> Path:
    """Return NAME.parquet where there is one, else NAME.csv."""
    path = folder / f"{name}.parquet"
    return path if path.exists() else folder / f"{name}.csv"


def _rules(folder: Path) -> dict[str, Any]:
    path = folder / "city.yaml"
    try:
        found = yaml.safe_load(text_of(path))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise BadProblem(path, line, "city.yaml", {"why": error.problem or ""}) from None
    if not isinstance(found, dict):
        raise BadProblem(path, 1, "city.yaml", {"why": "bands, years, module_seats"})
    for name in sorted(_RULES & found.keys() | {"module_seats"}):
        if type(found.get(name)) is not int or found[name] < 0:
            raise BadProblem(path, None, "city.rule", {"name": name})
    years, bands = found.get("years"), found.get("bands")
    in_order = isinstance(years, list) and all(type(year) is int for year in years)
    if not in_order or not years or years != list(range(years[0], years[0] + len(years))):
        raise BadProblem(path, None, "city.rule_years", {})
    if not isinstance(bands, dict) or not bands:
        raise BadProblem(path, None, "city.rule_bands", {"band": ""})
    for name, band in bands.items():
        if not isinstance(band, dict) or type(band.get("limit_m")) is not int:
            raise BadProblem(path, None, "city.rule_bands", {"band": str(name)})
    return found


def _pupils(
    folder: Path, villages: list[str], bands: dict[str, Any], years: tuple[int, ...],
    options: Namespace,
) -> Ints:  # fmt: skip
    if _table(folder, "children").exists():
        if _table(folder, "pupils").exists():
            raise BadProblem(folder, None, "city.pupils_twice", {})
        return _forecast(folder, villages, bands, years, options)
    path = _table(folder, "pupils")
    columns = {"village": Column(kind="text"), "band": Column(kind="text")}
    whole: dict[str, Any] = {"year": Column(kind="int"), "pupils": Column(**_WHOLE)}  # type: ignore[arg-type]
    rows = tables.read(path, columns | whole)
    village = _numbers(path, rows["village"], villages, "ways")
    band = _numbers(path, rows["band"], list(bands), "city.yaml (bands)")
    year = _numbers(path, rows["year"], [str(one) for one in years], "city.yaml (years)")
    _once(path, [village, band, year])
    for number, name in enumerate(bands):
        _every_year(path, str(name), years, year[band == number])
    pupils = np.zeros((len(villages), len(bands), len(years)), np.int64)
    pupils[village, band, year] = rows["pupils"]
    return pupils


def _forecast(
    folder: Path, villages: list[str], bands: dict[str, Any], years: tuple[int, ...],
    options: Namespace,
) -> Ints:  # fmt: skip
    """Forecast pupils from children counted by year and age, up to the year before the plan's."""
    path = _table(folder, "children")
    whole: dict[str, Any] = {"year": Column(kind="int"), "children": Column(**_WHOLE)}  # type: ignore[arg-type]
    age = {"age": Column(kind="int", low=0, high=30)}
    rows = tables.read(path, {"village": Column(kind="text")} | whole | age)
    if not len(rows["year"]):
        raise BadProblem(path, None, "siting.no_rows", {})
    first = int(rows["year"].min())
    counted = [str(year) for year in range(first, years[0])]
    village = _numbers(path, rows["village"], villages, "ways")
    year = _numbers(path, rows["year"], counted, f"… {years[0] - 1}")
    _once(path, [village, year, rows["age"]])
    _every_year(path, path.stem, counted, year)
    children = np.zeros((len(villages), len(counted), int(rows["age"].max()) + 1), np.int64)
    children[village, year, rows["age"]] = rows["children"]
    ages = []
    for name, band in bands.items():
        if not all(type(band.get(end)) is int for end in ("from_age", "to_age")):
            raise BadProblem(folder / "city.yaml", None, "city.rule_ages", {"band": str(name)})
        ages.append((band["from_age"], band["to_age"]))
    found = forecast(children, tuple(ages), len(years), level=0.9, seed=options.seed)
    chosen: Ints = getattr(found, options.demand)
    return chosen


def _home(folder: Path, villages: list[str], bands: list[str], schools: list[str]) -> Ints:
    path = _table(folder, "home")
    rows = tables.read(path, {**_NAMES, "band": Column(kind="text")})
    village = _numbers(path, rows["village"], villages, "ways")
    band = _numbers(path, rows["band"], bands, "city.yaml (bands)")
    _once(path, [village, band])
    home = np.full((len(villages), len(bands)), -1)
    home[village, band] = _numbers(path, rows["school"], schools, "schools")
    return home


def _every_year(path: Path, name: str, years: Sequence[object], found: Ints) -> None:
    """Refuse a year for which there is no row at all: nobody meant that there is nobody then."""
    there = np.isin(np.arange(len(years)), found)
    if len(found) and not there.all():
        fault = {"name": name, "year": str(years[int(there.argmin())])}
        raise BadProblem(path, None, "city.year_missing", fault)


def _numbers(path: Path, names: Any, known: list[str], where: str = "") -> Ints:
    """Return the number of each name; one that ``where`` lacks is refused with its line."""
    number = {name: place for place, name in enumerate(known)}
    found = np.array([number.get(str(name), -1) for name in names], np.int64)
    if (found < 0).any():
        row = int(np.argmax(found < 0))
        fault = {"found": str(names[row])}
        code = "city.name_unknown" if where else "siting.unknown_name"
        raise BadProblem(path, line_of(path, row), code, fault | ({"file": where} if where else {}))
    return found


def _once(path: Path, keys: list[Ints]) -> None:
    _, first = np.unique(np.stack(keys), axis=1, return_index=True)
    if len(first) < len(keys[0]):
        row = int(np.setdiff1d(np.arange(len(keys[0])), first)[0])
        raise BadProblem(path, line_of(path, row), "city.row_twice", {})


def write(problem: CityProblem, plan: CityPlan, path: Path) -> None:
    """Write a row for each school and year, then one for each village, band and year."""
    words = {number: word for word, number in _STATUS.items()}
    rows: list[tuple[str, str, int, str, str, int]] = []
    for (school, year), status in np.ndenumerate(plan.status):
        modules = int(plan.modules[school, year])
        name = problem.schools[school]
        rows.append(("", "", problem.years[year], name, words[int(status)], modules))
    for (village, band, year), school in np.ndenumerate(plan.school):
        if school >= 0:
            where = (problem.villages[village], problem.bands[band], problem.years[year])
            rows.append((*where, problem.schools[school], "", 0))
    tables.write(path, dict(zip(_PLAN, zip(*rows, strict=True), strict=True)))


def read_plan(problem: CityProblem, path: Path) -> CityPlan:
    """Read a plan; names and years that the problem does not know are refused with their line."""
    rows = tables.read(path, _PLAN)
    status = np.full((len(problem.schools), len(problem.years)), CLOSED)
    modules, chosen = np.zeros_like(status), np.full(problem.pupils.shape, -1)
    school = _numbers(path, rows["school"], list(problem.schools))
    year = _numbers(path, rows["year"], [str(one) for one in problem.years])
    of_school = rows["village"] == ""
    what = _numbers(path, np.where(of_school, rows["status"], "open"), list(_STATUS))
    status[school[of_school], year[of_school]] = what[of_school]
    modules[school[of_school], year[of_school]] = rows["modules"][of_school]
    villages = np.where(of_school, problem.villages[0], rows["village"])
    bands = np.where(of_school, problem.bands[0], rows["band"])
    village = _numbers(path, villages, list(problem.villages))
    band = _numbers(path, bands, list(problem.bands))
    mine = ~of_school
    chosen[village[mine], band[mine], year[mine]] = school[mine]
    return CityPlan(status=status, modules=modules, school=chosen)


def as_data(problem: CityProblem, plan: CityPlan) -> dict[str, Any]:
    """Return what becomes of each school by year, and each village before and after."""
    words = {number: word for word, number in _STATUS.items()}
    return {
        "years": list(problem.years),
        "schools": [
            {
                "school": name,
                "status": [words[one] for one in plan.status[place].tolist()],
                "modules": plan.modules[place].tolist(),
            }
            for place, name in enumerate(problem.schools)
        ],
        "villages": before_after(problem, plan),
    }
