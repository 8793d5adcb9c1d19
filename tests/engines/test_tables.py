"""Tables in and out, and where a fault in one stands."""

from __future__ import annotations

import numpy as np
import pytest

from dingzi.engines import tables
from dingzi.engines.errors import BadProblem
from dingzi.engines.tables import Column

COLUMNS = {
    "village": Column(kind="text", unique=True),
    "pupils": Column(kind="int", low=0),
    "metres": Column(kind="float", default=0.0),
    "far": Column(kind="bool", default=False),
}


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_what_is_written_is_read_again(tmp_path, suffix) -> None:
    """Both forms keep names, order, numbers and quoted text."""
    path = tmp_path / f"villages{suffix}"
    tables.write(
        path,
        {
            "village": ['东,庄"1"', "西庄"],
            "pupils": np.array([3, 0]),
            "metres": np.array([1.5, 1e-9]),
            "far": np.array([True, False]),
        },
    )
    read = tables.read(path, COLUMNS)
    assert read["village"].tolist() == ['东,庄"1"', "西庄"]
    assert read["pupils"].dtype == np.int64
    assert read["metres"].tolist() == [1.5, 1e-9]
    assert read["far"].tolist() == [True, False]
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("village,pupils\na,1\nb,x\n", 3, "table_integer"),
        ("village,pupils\na,1\nb,1.5\n", 3, "table_integer"),
        ("village,pupils\na,1\nb,-2\n", 3, "table_range"),
        ("village,pupils\na,1\nb,\n", 3, "table_cell_empty"),
        ("village,pupils\na,1\na,2\n", 3, "table_twice"),
        ("village,pupils\na,1\nb\n", 3, "table_broken"),
        ("village,pupils,metres\na,1,nan\n", 2, "table_range"),
        ("village,pupils,metres\na,1,far\n", 2, "table_number"),
        ("village,pupils,far\na,1,maybe\n", 2, "table_bool"),
        ("village,pupil\na,1\n", 1, "table_column_missing"),
        ("", None, "table_broken"),
    ],
)
def test_a_bad_table_is_refused_with_its_line(tmp_path, text, line, code) -> None:
    """File, line and what to do, in both languages."""
    path = tmp_path / "villages.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(BadProblem) as told:
        tables.read(path, COLUMNS)
    assert (told.value.line, told.value.reason[0]) == (line, code)
    for language in ("zh", "en"):
        assert told.value.say(language).startswith(str(path))
        assert "{" not in told.value.say(language)


def test_what_is_no_table_is_refused(tmp_path) -> None:
    """A missing file, another suffix, a Parquet file that is none."""
    (tmp_path / "a.parquet").write_text("PAR1 no")
    for name in ("none.csv", "a.xlsx", "a.parquet"):
        with pytest.raises(BadProblem):
            tables.read(tmp_path / name, COLUMNS)


def test_the_last_of_many_rows_is_named(tmp_path) -> None:
    """The line is found in a long file too."""
    path = tmp_path / "villages.csv"
    rows = [f"v{n},{n}" for n in range(5000)] + ["last,many"]
    path.write_text("\n".join(["village,pupils", *rows]), "utf-8")
    with pytest.raises(BadProblem) as told:
        tables.read(path, COLUMNS)
    assert told.value.line == 5002


def test_a_table_is_not_written_beside_itself(tmp_path) -> None:
    """A folder that is not there is refused, and nothing is left behind."""
    with pytest.raises(BadProblem):
        tables.write(tmp_path / "none" / "x.csv", {"a": [1]})
    with pytest.raises(BadProblem):
        tables.write(tmp_path / "x.txt", {"a": [1]})
    assert not list(tmp_path.iterdir())
