"""What ``dingzi decide matching`` needs."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from .. import tables
from ..errors import BadProblem
from ..registry import Engine, Format
from ..tables import Column
from . import conditions, files
from .checking import check
from .deciding import decide
from .lists import Lists
from .people import JobsProblem, Names
from .settings import METHODS, MatchingSettings, forbidden_on
from .solution import Claimed, Matching


def _settings(problem: object, options: Namespace, **common: Any) -> MatchingSettings:
    return MatchingSettings(
        method=options.method,
        choices=options.choices,
        hard_reserve=options.hard_reserve,
        forbidden=forbidden_on(options.on or datetime.now(UTC).date()),
        shards=options.shards,
        ray=options.ray,
        **common,
    )


def _arguments(parser: ArgumentParser) -> None:
    add = parser.add_argument
    add("--method", choices=METHODS, default="stable", help="怎么配 how to match (%(default)s)")
    add("--choices", type=int, default=10, metavar="K",
        help="每人最多列几个岗位 length of a list (%(default)s)")  # fmt: skip
    add("--hard-reserve", action="store_true",
        help="预留的岗位没人要也不给别人 reserved seats stay with their category")  # fmt: skip
    add("--on", type=_day, metavar="DATE",
        help="按哪一天的规定，不写是今天 rules of which day (today)")  # fmt: skip
    add("--shards", type=int, default=1, metavar="N",
        help="分成几份算，结果一样 in how many shares; the same answer (%(default)s)")  # fmt: skip
    add("--ray", action="store_true", help="每份交给一个 ray 进程 each share is a ray worker")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        told = f"{text!r} 不是日期，请写成 2026-01-31 这样 is not a date: write it like 2026-01-31"
        raise ArgumentTypeError(told) from None


def _columns(problem: JobsProblem | Lists, solution: Matching | Claimed) -> dict[str, Any]:
    """Return the solution as columns: a row for each seat given, or each line of a list."""
    if isinstance(solution, Claimed):
        seeker = np.flatnonzero(solution.vacancy >= 0)
        return _named(problem.names, seeker, solution.vacancy[seeker])
    lists = solution.lists
    if solution.settings is not None and solution.settings.method == "candidates":
        seeker, place = np.nonzero(lists.vacancy >= 0)
    else:
        seeker = np.flatnonzero(solution.choice >= 0)
        place = solution.choice[seeker].astype(np.int64)
    vacancy = lists.vacancy[seeker, place]
    made = _named(problem.names, seeker, vacancy)
    made |= {"place": place + 1, "score": lists.score[seeker, place]}
    made |= {"rank": lists.priority[seeker, place]}
    if isinstance(problem, JobsProblem) and solution.settings is not None:
        pairs = (problem, solution.settings, seeker, vacancy.astype(np.int64))
        level = conditions.level_of(problem, seeker, pairs[3])
        for name, points in zip(
            conditions.WORTH_PARTS, conditions.worth_parts(*pairs, level).T, strict=True
        ):
            made[f"score_{name}"] = points
        for name, points in zip(
            conditions.RANK_PARTS, conditions.rank_parts(*pairs, level).T, strict=True
        ):
            made[f"rank_{name}"] = points
    return made


def _named(names: Names | None, seeker: Any, vacancy: Any) -> dict[str, Any]:
    if names is None:
        return {"seeker": seeker, "vacancy": vacancy}
    return {"seeker": names.seekers[seeker], "vacancy": names.vacancies[vacancy]}


def _as_data(problem: JobsProblem | Lists, solution: Matching | Claimed) -> list[dict[str, Any]]:
    columns = {
        name: np.asarray(made).tolist() for name, made in _columns(problem, solution).items()
    }
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _write(problem: JobsProblem | Lists, solution: Matching | Claimed, path: Path) -> None:
    tables.write(path, _columns(problem, solution))


def _read_solution(problem: JobsProblem | Lists, path: Path) -> Claimed:
    told = tables.read(
        path, {"seeker": Column(kind="text", unique=True), "vacancy": Column(kind="text")}
    )
    count = len(problem.seekers) if isinstance(problem, JobsProblem) else len(problem)
    names = problem.names
    if names is None:
        raise BadProblem(path, None, "matching_no_names", {})
    known = tuple(
        {str(n): at for at, n in enumerate(group)} for group in (names.seekers, names.vacancies)
    )
    vacancy = np.full(count, -1, dtype=np.int32)
    for row, pair in enumerate(zip(told["seeker"], told["vacancy"], strict=True)):
        for name, numbers, found in zip(("seeker", "vacancy"), known, pair, strict=True):
            if found not in numbers:
                line = row + (2 if path.suffix == ".csv" else 1)
                fault = {"name": name, "found": found, "file": "problem"}
                raise BadProblem(path, line, "matching_name_unknown", fault)
        vacancy[known[0][pair[0]]] = known[1][pair[1]]
    return Claimed(vacancy=vacancy)


ENGINE = Engine(
    formats={
        "tables": Format(
            zh="文件夹，内有 seekers、vacancies、places、ways 四张表；或单独一张配对表",
            en="a folder with the tables seekers, vacancies, places, ways; or one table of pairs",
            read=files.read_tables,
        ),
        "pairs": Format(
            zh="一张配对表：seeker、vacancy、score、priority、seats",
            en="one table of pairs: seeker, vacancy, score, priority, seats",
            read=files.read_pairs,
        ),
    },
    settings=_settings,
    decide=decide,
    check=check,
    as_data=_as_data,
    write=_write,
    read_solution=_read_solution,
    arguments=_arguments,
)
