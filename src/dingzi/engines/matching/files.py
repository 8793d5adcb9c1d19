"""A matching problem in tables: a folder of four, or one of pairs."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import tables
from ..errors import BadProblem
from ..tables import Column
from . import notices, occupations, people
from .lists import Lists
from .people import JobsProblem, Names, Seekers, Travel, Vacancies
from .settings import conditions_known

_SKILLS = {
    "education": Column(kind="int", low=0, high=people.MOST_EDUCATION),
    "experience_years": Column(kind="int", default=0, low=0, high=people.MOST_YEARS),
    "certificates": Column(kind="text", default=""),
    "shifts": Column(kind="text", default="day"),
}
_SEEKERS = {
    "seeker": Column(kind="text", unique=True),
    "place": Column(kind="text"),
    "district": Column(kind="text", default=""),
    "most_minutes": Column(kind="int", low=0, high=people.MOST_MINUTES),
    "least_wage_fen": Column(kind="int", low=0, high=people.MOST_FEN),
    "most_weekly_hours": Column(
        kind="int", default=people.MOST_HOURS, low=0, high=people.MOST_HOURS
    ),
    "wants": Column(kind="text"),
    "category": Column(kind="text", default=""),
    "guaranteed": Column(kind="bool", default=False),
    **_SKILLS,
}
_VACANCIES = {
    "vacancy": Column(kind="text", unique=True),
    "place": Column(kind="text"),
    "occupation": Column(kind="text"),
    "wage_fen": Column(kind="int", low=0, high=people.MOST_FEN),
    "weekly_hours": Column(kind="int", low=0, high=people.MOST_HOURS),
    "seats": Column(kind="int", low=0, high=people.MOST_SEATS),
    "reserved": Column(kind="text", default=""),
    "conditions": Column(kind="text", default=""),
    **_SKILLS,
}
_PLACES = {"place": Column(kind="text", unique=True), "district": Column(kind="text")}
_WAYS = {
    "from": Column(kind="text"),
    "to": Column(kind="text"),
    "minutes": Column(kind="int", low=0, high=people.MOST_MINUTES),
}
_PAIRS = {
    "seeker": Column(kind="text"),
    "vacancy": Column(kind="text"),
    "score": Column(kind="int", low=0, high=2**30),
    "priority": Column(kind="int", low=0, high=2**30),
    "seats": Column(kind="int", default=1, low=0, high=people.MOST_SEATS),
}


class _Numbers:
    """Names as numbers, in the order in which they come; a limited kind has so many bits."""

    def __init__(self, path: Path, what: str, most: int = 2**31) -> None:
        self.path, self.what, self.most = path, what, most
        self.known: dict[str, int] = {}

    def take(self, name: str, row: int) -> int:
        found = self.known.setdefault(name, len(self.known))
        if found >= self.most:
            fault = {"what": self.what, "most": self.most, "found": name}
            raise _fault(self.path, row, "matching_kinds", **fault)
        return found

    def find(self, path: Path, column: str, names: NDArray[Any]) -> NDArray[Any]:
        made = np.fromiter((self.known.get(name, -1) for name in names), np.int64, len(names))
        if (made < 0).any():
            row = int(np.argmax(made < 0))
            fault = {"name": column, "found": str(names[row]), "file": self.path.name}
            raise _fault(path, row, "matching_name_unknown", **fault)
        return made

    def bits(self, texts: NDArray[Any]) -> NDArray[Any]:
        """Return one bit for each of the names, parted by semicolons."""
        made = np.zeros(len(texts), dtype=np.int64)
        for row, text in enumerate(texts):
            for name in parts(text):
                made[row] |= 1 << self.take(name, row)
        return made


#: between names in one cell; a condition of a notice is a sentence and may hold the others
_BETWEEN = re.compile("[;；]")
_BETWEEN_NAMES = re.compile("[;；,，、]")


def parts(text: str, between: re.Pattern[str] = _BETWEEN_NAMES) -> list[str]:
    return [part.strip() for part in between.split(text) if part.strip()]


def _counted(part: str) -> tuple[str, str]:
    """Return name and count of 退役军人:2, told with a colon of either width; no name without one."""
    name, _, count = part.replace("：", ":").rpartition(":")
    return name, count


def read_tables(path: Path, options: Namespace) -> JobsProblem | Lists:
    """Read a folder with seekers, vacancies, places and ways; a single file holds pairs.

    ``seekers.csv``, ``vacancies.csv``, ``places.csv`` and ``ways.csv`` (or ``.parquet``). Where
    ``ways`` has no row from one place to another there is no way; inside a place it is 0 minutes
    unless a row says otherwise.
    """
    if not path.is_dir():
        return read_pairs(path, options)
    seekers_path, seekers = _table(path, "seekers", _SEEKERS)
    vacancies_path, vacancies = _table(path, "vacancies", _VACANCIES)
    places_path, places = _table(path, "places", _PLACES)
    ways_path, ways = _table(path, "ways", _WAYS)
    tables.once(ways_path, ways, "from", "to")
    at = _Numbers(places_path, "place")
    districts = _Numbers(places_path, "district", 2**15)
    for row, name in enumerate(places["place"]):
        at.take(name, row)
    area = np.array([districts.take(name, row) for row, name in enumerate(places["district"])])
    minutes = np.full((len(area), len(area)), -1, dtype=np.int16)
    np.fill_diagonal(minutes, 0)
    minutes[at.find(ways_path, "from", ways["from"]), at.find(ways_path, "to", ways["to"])] = ways[
        "minutes"
    ]
    certificates = _Numbers(vacancies_path, "certificates", 48)
    shifts = _Numbers(vacancies_path, "shifts", 8)
    categories = _Numbers(vacancies_path, "category", people.MOST_CATEGORIES)
    for column in ("certificates", "reserved"):
        _hidden(vacancies_path, column, vacancies[column])
    asked = certificates.bits(vacancies["certificates"]), shifts.bits(vacancies["shifts"])
    reserved = _reserved(vacancies_path, vacancies["reserved"], vacancies["seats"], categories)
    certificates.path = shifts.path = categories.path = seekers_path
    only = np.full(len(seekers["seeker"]), -1)
    bound = seekers["district"] != ""
    only[bound] = _some(districts, seekers_path, seekers["district"], bound)
    offsets, codes = _wants(seekers_path, seekers["wants"])
    made = Seekers(
        place=at.find(seekers_path, "place", seekers["place"]),
        area=only,
        most_minutes=seekers["most_minutes"],
        least_wage_fen=seekers["least_wage_fen"],
        education=seekers["education"],
        certificates=_held(certificates, seekers["certificates"]),
        experience_years=seekers["experience_years"],
        shifts=_held(shifts, seekers["shifts"]),
        most_weekly_hours=seekers["most_weekly_hours"],
        category=np.array([categories.known.get(name, -1) for name in seekers["category"]], int),
        guaranteed=seekers["guaranteed"],
        want_offsets=offsets,
        want_codes=codes,
    )
    given = Vacancies(
        place=at.find(vacancies_path, "place", vacancies["place"]),
        occupation=_codes(vacancies_path, "occupation", vacancies["occupation"]),
        wage_fen=vacancies["wage_fen"],
        education=vacancies["education"],
        certificates=asked[0],
        experience_years=vacancies["experience_years"],
        shifts=asked[1],
        weekly_hours=vacancies["weekly_hours"],
        seats=vacancies["seats"],
        reserved=reserved,
        conditions=_conditions(vacancies_path, vacancies["conditions"]),
    )
    return JobsProblem(
        seekers=made,
        vacancies=given,
        travel=Travel(minutes=minutes, area=area),
        names=Names(seekers=seekers["seeker"], vacancies=vacancies["vacancy"]),
    )


def read_pairs(path: Path, options: Namespace) -> Lists:
    """Read one table of pairs that may be matched: what each is worth to the one and the other."""
    pairs = tables.read(path, _PAIRS)
    who, seeker = np.unique(pairs["seeker"].astype(str), return_inverse=True)
    what, vacancy = np.unique(pairs["vacancy"].astype(str), return_inverse=True)
    once, again = np.unique(seeker * len(what) + vacancy, return_index=True)
    if len(once) < len(seeker):
        row = int(np.setdiff1d(np.arange(len(seeker)), again)[0])
        fault = {"seeker": str(who[seeker[row]]), "vacancy": str(what[vacancy[row]])}
        raise _fault(path, row, "matching_pair_twice", **fault)
    seats: Any = np.zeros(len(what), dtype=np.int64)
    seats[vacancy] = pairs["seats"]
    other = seats[vacancy] != pairs["seats"]
    if other.any():
        row = int(np.argmax(other))
        fault = {"vacancy": str(what[vacancy[row]]), "found": str(pairs["seats"][row])}
        raise _fault(path, row, "matching_seats_differ", **fault)
    order = np.lexsort((vacancy, -pairs["score"], seeker))
    begin = np.searchsorted(seeker[order], np.arange(len(who)))
    place = np.arange(len(order)) - begin[seeker[order]]
    shape = (len(who), int(place.max(initial=-1)) + 1)
    lists: dict[str, Any] = {
        name: np.zeros(shape, dtype=np.int64) for name in ("vacancy", "score", "priority")
    }
    lists["vacancy"][:] = -1
    for name, column in (("vacancy", vacancy), *((n, pairs[n]) for n in ("score", "priority"))):
        lists[name][seeker[order], place] = column[order]
    return Lists(
        **lists,
        seats=seats,
        reserved=np.zeros((len(what), 0), dtype=np.int32),
        category=np.full(len(who), -1),
        guaranteed=np.zeros(len(who), dtype=bool),
        names=Names(seekers=who.astype(object), vacancies=what.astype(object)),
    )


def _table(folder: Path, name: str, columns: dict[str, Column]) -> tuple[Path, dict[str, Any]]:
    path = folder / f"{name}.parquet"
    if not path.exists():
        path = folder / f"{name}.csv"
    return path, tables.read(path, columns)


def _some(
    numbers: _Numbers, path: Path, names: NDArray[Any], some: NDArray[np.bool_]
) -> NDArray[Any]:
    """Look up those marked, telling the true row of a fault."""
    for row in np.flatnonzero(some):
        if names[row] not in numbers.known:
            fault = {"name": numbers.what, "found": str(names[row]), "file": numbers.path.name}
            raise _fault(path, int(row), "matching_name_unknown", **fault)
    return np.array([numbers.known[name] for name in names[some]], dtype=np.int64)


def _held(numbers: _Numbers, texts: NDArray[Any]) -> NDArray[Any]:
    """Return bits of what seekers hold; what no vacancy asks for is left out."""
    known = {name: 1 << at for name, at in numbers.known.items()}
    return np.array([sum({known.get(name, 0) for name in parts(text)}) for text in texts], np.int64)


def _wants(path: Path, texts: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    lists = [list(dict.fromkeys(parts(text))) for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(one) for one in lists])]).astype(np.int64)
    rows = np.repeat(np.arange(len(lists)), np.diff(offsets))
    flat = np.array([code for one in lists for code in one], dtype=object)
    return offsets, _codes(path, "wants", flat, rows)


def _codes(
    path: Path, column: str, texts: NDArray[Any], rows: NDArray[Any] | None = None
) -> NDArray[Any]:
    made = np.zeros(len(texts), dtype=np.int64)
    for at, text in enumerate(texts):
        try:
            made[at] = occupations.number(text)
        except ValueError as error:
            row = at if rows is None else int(rows[at])
            fault = {"name": column, "found": str(text), "near": str(error) or "–"}
            raise _fault(path, row, "matching_occupation", **fault) from None
    return made


def _reserved(
    path: Path, texts: NDArray[Any], seats_of: NDArray[Any], categories: _Numbers
) -> NDArray[Any]:
    rows: list[tuple[int, int, int]] = []
    for row, text in enumerate(texts):
        for part in parts(text):
            name, count = _counted(part)
            if not name or not count.strip().isdecimal() or len(count) > 9:
                raise _fault(path, row, "matching_reserved_form", found=part)
            rows.append((row, categories.take(name.strip(), row), int(count)))
    made = np.zeros((len(texts), len(categories.known)), dtype=np.int64)
    for row, category, seats in rows:
        made[row, category] += seats
    over = made.sum(axis=1) > seats_of
    if over.any():
        row = int(np.argmax(over))
        fault = {"reserved": int(made[row].sum()), "seats": int(seats_of[row])}
        raise BadProblem(path, tables.line_of(path, row), "matching_reserved_over", fault)
    return made


def _conditions(path: Path, texts: NDArray[Any]) -> tuple[tuple[int, str], ...]:
    made = []
    for row, text in enumerate(texts):
        for told in parts(text, _BETWEEN):
            if notices.open_to_all(told):
                continue
            kind = notices.condition(told)
            if kind is None:
                fault = {"found": told, "known": ", ".join(sorted(conditions_known()))}
                raise _fault(path, row, "matching_condition", **fault)
            made.append((row, kind))
    return tuple(made)


def _hidden(path: Path, column: str, texts: NDArray[Any]) -> None:
    """Refuse a certificate or category that is a forbidden condition by another name."""
    for row, text in enumerate(texts):
        for part in parts(text):
            kind = notices.hidden(_counted(part)[0].strip() or part)
            if kind is not None:
                fault = {"name": column, "found": part, "kind": kind}
                raise _fault(path, row, "matching_condition_hidden", **fault)


def _fault(path: Path, row: int, code: str, **params: object) -> BadProblem:
    return BadProblem(path, row + (2 if path.suffix == ".csv" else 1), code, dict(params))
