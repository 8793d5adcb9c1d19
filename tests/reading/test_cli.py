"""``dingzi check`` as one types it."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import pytest

from dingzi.reading import cli
from tests.reading.test_binding import FIGURES

TEXT = "今年1至10月，全市受理矛盾纠纷1.52万件，化解率98.2%，力争明年达到99%。"
KEYS = [
    "text", "start", "end", "kind", "value", "low", "high", "unit", "direction", "against", "period", "scope", "part_of",
    "binding", "record", "verdict", "why",
]  # fmt: skip


@pytest.fixture
def run(tmp_path, capsys):
    """Write a text and check it; returns status, output, error."""

    def check(text: str | bytes, *arguments: str, name: str = "draft.txt") -> tuple[int, str, str]:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        code = cli.main([str(path), *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return check


@pytest.fixture
def figures(tmp_path):
    path = tmp_path / "figures.json"
    path.write_text(json.dumps(FIGURES), "utf-8")
    return str(path)


def test_json_has_exactly_what_scripts_read(run):
    """Claims with their keys, offsets that cut the text, numbers set aside with why."""
    code, out, err = run(TEXT, "--read-only", "--json")
    found = json.loads(out)
    assert (code, err, list(found)) == (0, "", ["claims", "set_aside"])
    assert [list(one) for one in found["claims"]] == [KEYS, KEYS]
    assert all(TEXT[one["start"] : one["end"]] == one["text"] for one in found["claims"] + found["set_aside"])  # fmt: skip
    assert {one["verdict"] for one in found["claims"]} == {"no data"}
    assert ("99%", "goal") in {(one["text"], one["why"]) for one in found["set_aside"]}


def test_against_a_catalogue(run, figures):
    """The date of the text dates its months; the figure, the record and the verdict are told."""
    code, out, _ = run(TEXT, "--catalogue", figures, "--date", "2025-11-26", "--json")
    first, second = json.loads(out)["claims"]
    assert code == 0
    assert (first["binding"], first["record"], first["verdict"]) == (
        "disputes.received",
        "15217",
        "verified",
    )
    assert (second["binding"], second["record"], second["verdict"]) == (
        "disputes.resolved_share",
        "0.98174",
        "verified",
    )
    assert first["why"][0]["code"] == "claim_as_recorded"


def test_status_one_where_something_differs(run, figures):
    """Scripts see by the exit status alone that a number is not the record's."""
    text = TEXT.replace("1.52", "1.62")
    code, out, _ = run(text, "--catalogue", figures, "--date", "2025-11-26")
    assert code == 1
    assert "不符" in out
    assert "15217" in out
    code, out, _ = run(text, "--catalogue", figures, "--date", "2025-11-26", "--language", "en")
    assert code == 1
    assert "differs" in out


def test_status_one_where_the_text_contradicts_itself(run):
    """Even without any record."""
    code, out, _ = run("排查隐患320处，已整改331处。", "--read-only")
    assert code == 1
    assert "部分（331处）比总数（320处）还多" in out


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "a.txt", "没有文字"),
        (b"\x00\x01\x02\x03" * 50, "a.txt", "不是文字"),
        (b"%PDF-1.7 broken", "a.pdf", "pdf"),
        (b"PK\x03\x04 broken", "a.docx", "docx"),
        (b"\xd0\xcf\x11\xe0 old", "a.doc", "旧的 doc 格式"),
    ],
)
def test_status_two_for_what_cannot_be_read(run, content, name, told):
    """The message names the file, what is wrong and what to do; nothing is printed."""
    code, out, err = run(content, "--read-only", name=name)
    assert (code, out) == (2, "")
    assert told in err
    assert name in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-file.txt", "--read-only"], ["."], [], ["--read-only"], ["a.txt", "--date", "26.11.2025"], ["a.txt", "--wrong"],
        ["a.txt", "--read-only", "--catalogue", "b.json"], ["--vectors", "no-such-folder"],
    ],
)  # fmt: skip
def test_bad_arguments_are_refused_plainly(arguments, capsys):
    """No file, a folder, a wrong date: a message and status 2, never a stack trace."""
    code = cli.main(arguments)
    told = capsys.readouterr()
    assert code == (2 if arguments else 0)
    assert "Traceback" not in told.err
    assert bool(told.err) == bool(arguments)


def test_standard_input(monkeypatch, capsys):
    """`-` reads what is piped in."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    assert cli.main(["-", "--read-only", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["claims"]) == 2


def test_without_figures_it_says_that_nothing_is_looked_up(run):
    """Neither --read-only nor --catalogue: read all the same, with a notice on stderr."""
    code, out, err = run(TEXT)
    assert code == 0
    assert "1.52万件" in out
    assert "--catalogue" in err


def test_a_text_without_numbers(run):
    """Says so, and nothing is wrong."""
    assert run("没有数字的一句话。", "--read-only")[:2] == (0, "没有读到数。\n")


def test_the_command_loads_no_django(tmp_path):
    """`dingzi check` works where there is no site, no setting and no database."""
    path = tmp_path / "a.txt"
    path.write_text(TEXT, "utf-8")
    code = (
        "import sys; from dingzi.project.cli import main; status = main(['check', sys.argv[1], '--read-only'])\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'django']; sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1.52万件" in done.stdout
