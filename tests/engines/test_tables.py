"""Tables in and out, and where a fault in one stands."""

from __future__ import annotations

import errno
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
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
        ("village,pupils,pupils\na,1,2\n", 1, "table_column_twice"),
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


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ("village,pupils\n东庄,1\n钉子,2\n".encode("gbk"), 2),
        ("village,pupils\na,1\n东庄,2\n".encode("gb18030"), 3),
        ("village,pupils\n东庄,1\n".encode("utf-16"), 1),
    ],
)
def test_a_table_in_another_encoding_is_told_as_that(tmp_path, data, line) -> None:
    """What Excel saves as CSV in China, and as Unicode text: save it as UTF-8."""
    path = tmp_path / "villages.csv"
    path.write_bytes(data)
    with pytest.raises(BadProblem) as told:
        tables.read(path, COLUMNS)
    assert (told.value.reason[0], told.value.line) == ("file_not_text", line)


def test_a_mark_of_utf8_and_the_line_ends_of_windows_are_read(tmp_path) -> None:
    """As Excel writes "CSV UTF-8"."""
    path = tmp_path / "villages.csv"
    path.write_bytes("\ufeffvillage,pupils\r\n东庄,1\r\n".encode())
    assert tables.read(path, COLUMNS)["village"].tolist() == ["东庄"]


def test_what_a_spreadsheet_leaves_around_a_table_is_no_row(tmp_path) -> None:
    """Empty rows at the end and spaces about a column's name; an empty row within is a fault."""
    path = tmp_path / "villages.csv"
    path.write_text(" village ,pupils\u3000,note\na,1,\nb,2,x\n,,\n\n,,\n", "utf-8")
    read = tables.read(path, COLUMNS)
    assert (read["village"].tolist(), read["pupils"].tolist()) == (["a", "b"], [1, 2])
    path.write_text("village,pupils\na,1\n,\nb,2\n,\n", "utf-8")
    with pytest.raises(BadProblem) as told:
        tables.read(path, COLUMNS)
    assert told.value.line == 3
    path.write_text("village,pupils\n,\n,\n", "utf-8")
    assert len(tables.read(path, COLUMNS)["village"]) == 0


def test_a_line_without_an_end_is_refused_in_words(tmp_path) -> None:
    """Longer than a cell may be, and nothing of it a column."""
    path = tmp_path / "villages.csv"
    path.write_text("x" * 200_000, "utf-8")
    with pytest.raises(BadProblem):
        tables.read(path, COLUMNS)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"village": [b"\xff"]}, "table_text"),
        ({"village": [["a"]]}, "table_text"),
        ({"village": [True]}, "table_text"),
        ({"pupils": [True]}, "table_integer"),
        ({"pupils": [datetime(2026, 1, 1, tzinfo=UTC)]}, "table_integer"),
        ({"pupils": [{"a": 1}]}, "table_integer"),
        ({"pupils": [2.5]}, "table_integer"),
        ({"metres": [True]}, "table_number"),
        ({"far": [1]}, "table_bool"),
    ],
)
def test_a_parquet_column_of_another_kind_is_refused(tmp_path, columns, code) -> None:
    """A truth is no number, a moment no count, a list no name."""
    path = tmp_path / "villages.parquet"
    pq.write_table(pa.table({"village": ["a"], "pupils": [1]} | columns), path)
    with pytest.raises(BadProblem) as told:
        tables.read(path, COLUMNS)
    assert (told.value.reason[0], told.value.line) == (code, 1)
    assert "{" not in told.value.say("zh") + told.value.say("en")


def test_parquet_keeps_names_as_codes_dates_and_decimals(tmp_path) -> None:
    """A dictionary of names, a date as a text, a whole decimal as a number."""
    path = tmp_path / "villages.parquet"
    made = {"village": pa.array(["a", "b"]).dictionary_encode(), "pupils": [Decimal(3), Decimal(4)]}
    pq.write_table(pa.table(made), path)
    assert tables.read(path, COLUMNS)["pupils"].tolist() == [3, 4]
    pq.write_table(pa.table({"village": [date(2026, 1, 2)], "pupils": [1]}), path)
    assert tables.read(path, COLUMNS)["village"].tolist() == ["2026-01-02"]


def test_a_place_that_cannot_be_written_is_refused(tmp_path, monkeypatch) -> None:
    """A folder of that name, no right to write, a full disk: in words, and nothing is left over."""
    (tmp_path / "plan.csv").mkdir()
    for path in (tmp_path / "plan.csv", Path("/proc/plan.csv")):
        with pytest.raises(BadProblem) as told:
            tables.write(path, {"village": ["a"]})
        assert told.value.reason[0] == "file_unwritable"

    def full(*given) -> None:
        raise OSError(errno.ENOSPC, "")

    monkeypatch.setattr(pyarrow.csv, "write_csv", full)
    with pytest.raises(BadProblem) as told:
        tables.write(tmp_path / "other.csv", {"village": ["a"]})
    assert "space" in told.value.say("en")
    assert [one.name for one in tmp_path.iterdir()] == ["plan.csv"]


def test_a_pair_that_stands_twice_is_named(tmp_path) -> None:
    """With its second line."""
    path = tmp_path / "ways.csv"
    table = {"from": np.array(["a", "b", "a"]), "to": np.array(["b", "a", "b"])}
    with pytest.raises(BadProblem) as told:
        tables.once(path, table, "from", "to")
    assert (told.value.line, told.value.reason[1]["found"]) == (4, "a, b")
