"""Reading and writing tables, CSV or Parquet by suffix, with the line of each fault."""

from __future__ import annotations

import csv as pycsv
import errno
import math
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from .errors import BadProblem

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["int", "float", "text", "bool"]
SUFFIXES = (".csv", ".parquet")
_DTYPES = {"int": np.int64, "float": np.float64, "text": object, "bool": np.bool_}
_ROW = re.compile(r"Row #(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column must hold. ``default`` fills empty cells, or the column where it is left out;
    without one, both are refused. ``low`` and ``high`` are allowed themselves."""

    kind: Kind
    default: object = None
    low: float = -math.inf
    high: float = math.inf
    unique: bool = False


def read(path: Path, columns: Mapping[str, Column]) -> dict[str, NDArray[Any]]:
    """Return the named columns as arrays of one length: int64, float64, bool or object (str).

    Raises BadProblem with the line where a cell is not what its column says (in a Parquet file:
    with the number of the row). Columns not named are left alone, and so are rows at the end in
    which nothing stands, as spreadsheets leave them.
    """
    table = _load(path, columns)
    missing = [name for name in columns if name not in table.column_names]
    needed = [name for name in missing if columns[name].default is None]
    if needed:
        code = "table_column_missing"
        raise BadProblem(path, 1, code, {"name": needed[0], "found": ", ".join(table.column_names)})
    made: dict[str, NDArray[Any]] = {}
    for name, column in columns.items():
        if table.column_names.count(name) > 1:
            raise BadProblem(path, 1, "table_column_twice", {"name": name})
        if name in missing:
            made[name] = np.full(table.num_rows, column.default, dtype=_DTYPES[column.kind])
        else:
            made[name] = _array(path, name, column, table.column(name))
    return made


def write(path: Path, columns: Mapping[str, Sequence[Any] | NDArray[Any]]) -> None:
    """Write a table whole or not at all; the suffix says in which form."""
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    check_target(path)
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise _unwritable(path, error) from None
    os.close(handle)
    made = Path(name)
    try:
        if path.suffix == ".parquet":
            pa.parquet.write_table(table, made, compression="zstd")
        else:
            options = pa.csv.WriteOptions(quoting_style="needed", quoting_header="none")
            pa.csv.write_csv(table, made, options)
        made.chmod(0o644)
        made.replace(path)
    except OSError as error:  # a full disk, say
        raise _unwritable(path, error) from None
    finally:
        made.unlink(missing_ok=True)


def check_target(path: Path) -> None:
    """Refuse, before anything is computed, a file that could not be written."""
    if path.suffix not in SUFFIXES:
        raise BadProblem(path, None, "table_suffix", {"suffixes": ", ".join(SUFFIXES)})
    if not path.parent.is_dir():
        raise BadProblem(path, None, "folder_missing", {"folder": str(path.parent)})
    if path.is_dir():
        raise _unwritable(path, IsADirectoryError(errno.EISDIR, ""))
    if not os.access(path.parent, os.W_OK):
        raise _unwritable(path, PermissionError(errno.EACCES, ""))


def once(path: Path, table: Mapping[str, NDArray[Any]], *names: str) -> None:
    """Refuse a row that says again what stands in these columns of another."""
    seen = set()
    for row, key in enumerate(zip(*(table[name] for name in names), strict=True)):
        if key in seen:
            found = {"found": ", ".join(map(str, key))}
            raise BadProblem(path, line_of(path, row), "table_pair_twice", found)
        seen.add(key)


def _unwritable(path: Path, error: OSError) -> BadProblem:
    why = os.strerror(error.errno) if error.errno else str(error)
    return BadProblem(path, None, "file_unwritable", {"why": why})


def _load(path: Path, columns: Mapping[str, Column]) -> pa.Table:
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    if path.suffix not in SUFFIXES:
        raise BadProblem(path, None, "table_suffix", {"suffixes": ", ".join(SUFFIXES)})
    try:
        if path.suffix == ".parquet":
            file = pa.parquet.ParquetFile(path)
            wanted = [name for name in file.schema_arrow.names if name in columns]
            # a file without any wanted column still says which ones it has
            return file.read(columns=wanted) if wanted else file.read()
        return _read_csv(path, columns)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        raise BadProblem(path, None, "file_unreadable", {"why": why}) from None
    except pa.ArrowInvalid as error:
        fault = _text_fault(path) if path.suffix == ".csv" else None
        if fault is not None:
            raise BadProblem(path, fault, "file_not_text", {}) from None
        row = _ROW.search(str(error))
        line = int(row[1]) if row else None
        why = str(error).strip().split("\n")[0]
        raise BadProblem(path, line, "table_broken", {"why": why}) from None


def _text_fault(path: Path) -> int | None:
    """Return the line of a file at which it is no UTF-8 text; None where all of it is."""
    data = path.read_bytes()
    try:
        fault = 0 if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data.find(b"\0")
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        fault = error.start
    return None if fault < 0 else data.count(b"\n", 0, fault) + 1


def _read_csv(path: Path, columns: Mapping[str, Column]) -> pa.Table:
    """Read all cells as they stand; numbers are made of them where a fault's row is known."""
    import pyarrow as pa
    import pyarrow.csv as csv

    table = csv.read_csv(
        path,
        csv.ReadOptions(use_threads=False),  # only so are rows numbered in errors
        csv.ParseOptions(ignore_empty_lines=False),
        csv.ConvertOptions(
            column_types={name: pa.string() for name in _head(path) if name.strip() in columns},
            strings_can_be_null=True,
            null_values=[""],
            quoted_strings_can_be_null=False,
        ),
    )
    table = table.rename_columns([name.strip() for name in table.column_names])
    return table.slice(0, _filled(table))


def _head(path: Path) -> list[str]:
    """Return the names in the first line as they stand; what is no such line is told by who reads on."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        try:
            return next(pycsv.reader(file), [])
        except pycsv.Error:
            return []


def _filled(table: pa.Table) -> int:
    """Return how many rows there are before those at the end in which nothing stands."""
    import pyarrow.compute as pc

    count = int(table.num_rows)
    if not count or any(column[count - 1].is_valid for column in table.columns):
        return count
    some = np.zeros(count, dtype=bool)
    for column in table.columns:
        some |= pc.is_valid(column).to_numpy()
    return int(np.flatnonzero(some).max(initial=-1)) + 1


def _array(path: Path, name: str, column: Column, cells: pa.ChunkedArray) -> NDArray[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    text = pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)
    if not text and len(cells) and not _means(column.kind, cells.type):
        code = {"int": "table_integer", "float": "table_number", "text": "table_text"}
        found = str(cells.type)
        raise _fault(path, 0, code.get(column.kind, "table_bool"), name, found=found)
    if text:
        cells = pc.utf8_trim_whitespace(cells)
    if cells.null_count:
        if column.default is None:
            row = int(np.flatnonzero(cells.is_null().to_numpy())[0])
            raise _fault(path, row, "table_cell_empty", name)
        default = str(column.default).lower() if text else column.default
        cells = pc.fill_null(cells, default)
    values = _TO[column.kind](path, name, cells, text)
    _within(path, name, column, values)
    if column.unique and len(np.unique(values)) < len(values):
        _, first = np.unique(values, return_index=True)
        row = int(np.setdiff1d(np.arange(len(values)), first)[0])
        raise _fault(path, row, "table_twice", name, found=str(values[row]))
    return values


def _means(kind: Kind, stored: pa.DataType) -> bool:
    """Whether a Parquet file's type can mean what a column must hold."""
    from pyarrow import types

    if types.is_null(stored):
        return True
    if kind == "bool":
        return bool(types.is_boolean(stored))
    whole = types.is_integer(stored)
    if kind == "text":  # numbers as names, say
        return bool(whole or types.is_date(stored))
    return bool(whole or types.is_floating(stored) or types.is_decimal(stored))


def _within(path: Path, name: str, column: Column, values: NDArray[Any]) -> None:
    if column.kind not in ("int", "float"):
        return
    outside = ~((values >= column.low) & (values <= column.high) & np.isfinite(values))
    if outside.any():
        row = int(np.argmax(outside))
        found, low, high = (_short(x) for x in (values[row], column.low, column.high))
        raise _fault(path, row, "table_range", name, found=found, low=low, high=high)


def _numbers(
    path: Path, name: str, cells: pa.ChunkedArray, text: bool, kind: Literal["int", "float"]
) -> NDArray[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    to = pa.int64() if kind == "int" else pa.float64()
    try:
        return np.ascontiguousarray(pc.cast(cells, to).to_numpy())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        row, found = _first_wrong(cells, to)
        code = "table_integer" if kind == "int" else "table_number"
        raise _fault(path, row, code, name, found=found) from None


def _first_wrong(cells: pa.ChunkedArray, to: pa.DataType) -> tuple[int, str]:
    """Return the first row that cannot be read as ``to``, found by halving, and what it holds."""
    import pyarrow as pa

    low, high = 0, len(cells)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            cells.slice(low, middle - low).cast(to)
            low = middle
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            high = middle
    return low, str(cells[low].as_py())


def _ints(path: Path, name: str, cells: pa.ChunkedArray, text: bool) -> NDArray[Any]:
    return _numbers(path, name, cells, text, "int")


def _floats(path: Path, name: str, cells: pa.ChunkedArray, text: bool) -> NDArray[Any]:
    return _numbers(path, name, cells, text, "float")


def _texts(path: Path, name: str, cells: pa.ChunkedArray, text: bool) -> NDArray[Any]:
    import pyarrow as pa

    return np.asarray(cells.cast(pa.string()).to_pylist(), dtype=object)


def _bools(path: Path, name: str, cells: pa.ChunkedArray, text: bool) -> NDArray[Any]:
    if not text:
        return np.asarray(cells.to_pylist(), dtype=np.bool_)
    known = {"true": True, "1": True, "yes": True, "是": True}
    known |= {"false": False, "0": False, "no": False, "否": False}
    words = [str(word).lower() for word in cells.to_pylist()]
    for row, word in enumerate(words):
        if word not in known:
            raise _fault(path, row, "table_bool", name, found=word)
    return np.asarray([known[word] for word in words], dtype=np.bool_)


_TO = {"int": _ints, "float": _floats, "text": _texts, "bool": _bools}


def line_of(path: Path, row: int) -> int:
    """Return the line of a row (from 0): in CSV the header is line 1, Parquet has only rows."""
    return row + (2 if path.suffix == ".csv" else 1)


def _fault(path: Path, row: int, code: str, name: str, **params: object) -> BadProblem:
    return BadProblem(path, line_of(path, row), code, {"name": name, **params})


def _short(value: float) -> str:
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return f"{value:.12g}"
