"""The shape that all engines share."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from dingzi.engines import registry, words
from dingzi.engines.contract import Result, Settings, Stop, Verdict
from dingzi.engines.errors import BadProblem, BadSettings
from dingzi.engines.highs import Model
from dingzi.engines.tokens import Tokens, number_of


@pytest.mark.parametrize(
    "wrong", [{}, {"seconds": 0}, {"seconds": float("nan")}, {"work": 0}, {"work": 1, "cores": 0}]
)
def test_a_stop_that_never_stops_is_refused(wrong) -> None:
    """Seconds or work must be given and be positive."""
    with pytest.raises(BadSettings) as told:
        Stop(**wrong)
    assert "{" not in told.value.say("zh") + str(told.value)


def test_only_work_on_one_core_is_deterministic() -> None:
    """Wall-clock or several workers promise no second identical answer."""
    assert Stop(work=5).deterministic
    assert not Stop(work=5, seconds=1).deterministic
    assert not Stop(work=5, cores=2).deterministic


def test_a_watch_counts_work_and_seconds() -> None:
    """It is over when either is used up."""
    watch = Stop(work=3).start()
    watch.work(2)
    assert (watch.work_left, watch.over) == (1, False)
    watch.work()
    assert watch.over
    assert 0 < Stop(seconds=100).start().seconds_left <= 100


def test_a_seed_out_of_range_is_refused() -> None:
    """Solvers take 31 bits."""
    with pytest.raises(BadSettings):
        Settings(stop=Stop(work=1), seed=-1)


@pytest.mark.parametrize(
    ("objective", "bound", "gap"),
    [(100, 98, 0.02), (0, 0, 0.0), (-50, -60, 0.2), (None, 3, None), (3, None, None)],
)
def test_the_gap_is_a_share_of_the_objective(objective, bound, gap) -> None:
    """|objective - bound| / |objective|; none where either is missing."""
    result = Result[None](
        status="feasible", solution=None, objective=objective, bound=bound, reasons=(), seed=0,
        solver="x", version="1", seconds=0.0,
    )  # fmt: skip
    assert result.gap == pytest.approx(gap)


def test_a_verdict_with_anything_broken_is_not_feasible() -> None:
    """One broken demand is enough."""
    assert Verdict(objective=1, broken=(), reasons=()).feasible
    assert not Verdict(objective=1, broken=(("too_far", {}),), reasons=()).feasible


def test_every_code_has_both_languages_with_the_same_parameters() -> None:
    """And plain braces only, so that whoever shows them can."""
    for code, texts in words.load().items():
        assert set(texts) == {"zh", "en"}, code
        found = [sorted(re.findall(r"\{(\w+)\}", texts[language])) for language in ("zh", "en")]
        assert set(found[0]) == set(found[1]), code
        assert "{" not in re.sub(r"\{\w+\}", "", texts["zh"] + texts["en"]), code


def test_no_code_stands_in_two_files() -> None:
    """The frame's and the engines' words do not overwrite each other."""
    keys = [
        line.split(":")[0]
        for path in words.files()
        for line in path.read_text("utf-8").splitlines()
        if re.match(r"[\w.]+:", line)
    ]
    assert len(keys) == len(set(keys))


def test_every_engine_has_a_title_and_a_format() -> None:
    """What `dingzi decide` lists can be asked for."""
    for name in registry.names():
        assert f"{name}.title" in words.load()
        assert registry.engine(name).formats


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("2\n1 x", 2, "number_expected"),
        ("2\n1 inf", 2, "number_expected"),
        ("2\n1 -3", 2, "number_range"),
        ("2\n1", 2, "file_cut_off"),
        ("1.5", 1, "integer_expected"),
        ("2\n1 2\n\n7", 4, "file_goes_on"),
        ("99999999999", 1, "number_range"),
    ],
)
def test_bad_words_are_refused_with_their_line(tmp_path, text, line, code) -> None:
    """A count, then as many numbers from 0, then nothing."""
    path = tmp_path / "a.txt"
    path.write_text(text)
    tokens = Tokens(path)
    with pytest.raises(BadProblem) as told:
        for _ in range(tokens.integer("count", 0)):
            tokens.number("value", 0)
        tokens.end()
    assert (told.value.line, told.value.reason[0]) == (line, code)


def test_what_is_no_text_is_refused(tmp_path) -> None:
    """A file that is not there, and one that is not UTF-8."""
    path = tmp_path / "a.txt"
    with pytest.raises(BadProblem):
        Tokens(path)
    path.write_bytes(b"1 2\n\xff")
    with pytest.raises(BadProblem) as told:
        Tokens(path)
    assert told.value.line == 2


def test_a_model_is_solved_with_any_number_of_cores_after_another() -> None:
    """HiGHS keeps its workers; another number in the same process is no reason not to answer."""
    for cores in (2, 1, 3, 1_000_000, 1):
        model = Model()
        x = model.add_columns([3.0, 5.0, 4.0], whole=True)
        model.add_entries(model.add_rows(1, 2.0), x + np.arange(3), 1.0)
        answer = model.solve(cores=cores)
        assert (answer.status, answer.objective) == ("optimal", 7.0)


@pytest.mark.parametrize("word", ["1_0", "１", "0x10", "", "1e", "none"])
def test_only_what_a_file_means_as_a_number_is_one(word) -> None:
    """What only Python reads as a number is a slip in a file."""
    assert math.isnan(number_of(word))
