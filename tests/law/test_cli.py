"""``dingzi law`` as one types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dingzi.law import cli


def run(*arguments: str, capsys) -> tuple[int, str, str]:
    code = cli.main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_deadline_as_json(capsys):
    """Exactly due, provisional and lines."""
    code, out, err = run(
        *("deadline", "--days", "15", "--kind", "working", "--from", "2025-09-26", "--json"),
        capsys=capsys,
    )
    found = json.loads(out)
    assert (code, err, list(found)) == (0, "", ["due", "provisional", "lines"])
    assert (found["due"], found["provisional"]) == ("2025-10-23", False)
    assert found["lines"][0].startswith("2025年9月26日（星期五）起算，当天不算")
    assert found["lines"][-1] == "第15个工作日是10月23日（星期四），就是最后一天。"


def test_a_deadline_by_rule_with_pauses(capsys):
    """Both days of a pause are paused, and pauses may be repeated."""
    code, out, _ = run(
        *("deadline", "--rule", "disputes.mediation_days", "--from", "2025-09-02"),
        *("--pause", "2025-09-16/2025-09-17", "--pause", "2025-10-09/2025-10-09"),
        capsys=capsys,
    )
    assert code == 0
    assert out.splitlines()[0] == "2025-10-10"
    assert "本市设置" in out


@pytest.mark.parametrize(
    ("more", "due"),
    [
        ([], "2025-10-20"),
        (["--no-move"], "2025-10-18"),
        (["--pause", "2025-09-20/2025-09-21"], "2025-10-20"),
        (["--pause", "2025-09-20/2025-09-22"], "2025-10-21"),
    ],
)
def test_moving_and_pausing(more, due, capsys):
    """Day 30 is Saturday 18 October."""
    code, out, _ = run(
        *("deadline", "--days", "30", "--kind", "calendar", "--from", "2025-09-18", "--json"),
        *more,
        capsys=capsys,
    )
    assert (code, json.loads(out)["due"]) == (0, due)


def test_a_rule_in_months(capsys):
    """A rule brings its own unit."""
    code, out, _ = run(
        *("deadline", "--rule", "disputes.reopening_window", "--from", "2025-08-31", "--no-move"),
        *("--json", "--language", "en"),
        capsys=capsys,
    )
    found = json.loads(out)
    assert (code, found["due"]) == (0, "2026-02-28")
    assert any("February has no day 31" in line for line in found["lines"])


def test_a_year_without_data_is_provisional(capsys):
    """It is said in JSON, and beside the date."""
    arguments = ("deadline", "--days", "5", "--kind", "working", "--from", "2027-09-28")
    _, out, _ = run(*arguments, "--json", capsys=capsys)
    assert json.loads(out)["provisional"] is True
    _, out, _ = run(*arguments, "--language", "en", capsys=capsys)
    assert out.startswith("2027-10-05 (provisional)\n1. The clock starts on")


LENGTH = ("--days", "5", "--kind", "working")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["deadline"], "required"),
        (["deadline", *LENGTH], "--from"),
        (["deadline", "--from", "2025-09-02"], "--rule --days is required"),
        (["deadline", "--days", "5", "--from", "2025-09-02"], "--kind working"),
        (["deadline", "--rule", "x.y", "--days", "5", "--from", "2025-09-02"], "not allowed with"),
        (
            [
                "deadline",
                "--rule",
                "disputes.mediation_days",
                "--kind",
                "working",
                "--from",
                "2025-09-02",
            ],
            "leave --kind out",
        ),
        (["deadline", "--days", "5", "--kind", "business", "--from", "2025-09-02"], "working"),
        (["deadline", *LENGTH, "--from", "2025-02-30"], "is not a date"),
        (["deadline", *LENGTH, "--from", "2025-9-2"], "write it like 2025-09-26"),
        (["deadline", *LENGTH, "--from", "20250902"], "is not a date"),
        (["deadline", *LENGTH, "--from", "2025-W36-2"], "is not a date"),
        (["deadline", *LENGTH, "--from", "昨天"], "is not a date"),
        (["deadline", *LENGTH, "--from", ""], "is not a date"),
        (["deadline", "--days", "0", "--kind", "working", "--from", "2025-09-02"], "from 1 to"),
        (["deadline", "--days", "-5", "--kind", "working", "--from", "2025-09-02"], "from 1 to"),
        (["deadline", "--days", "1.5", "--kind", "working", "--from", "2025-09-02"], "from 1 to"),
        (["deadline", "--days", "五", "--kind", "working", "--from", "2025-09-02"], "from 1 to"),
        (
            ["deadline", "--days", "9" * 5000, "--kind", "working", "--from", "2025-09-02"],
            "from 1 to",
        ),
        (["deadline", "--days", "99999", "--kind", "working", "--from", "9990-01-01"], "9999"),
        (["deadline", *LENGTH, "--from", "9999-12-31"], "9999"),
        (["deadline", *LENGTH, "--from", "2025-09-02", "--pause", "2025-09-05"], "FIRST/LAST"),
        (["deadline", *LENGTH, "--from", "2025-09-02", "--pause", "2025-09-05/"], "is not a date"),
        (
            ["deadline", *LENGTH, "--from", "2025-09-02", "--pause", "2025-09-06/2025-09-05"],
            "the last day is before the first",
        ),
        (
            [
                "deadline",
                *LENGTH,
                "--from",
                "2025-09-02",
                "--pause",
                "2025-09-06/2025-09-07/2025-09-08",
            ],
            "is not a date",
        ),
        (["deadline", "--rule", "disputes.mediaton", "--from", "2025-09-02"], "did you mean"),
        (
            ["deadline", "--rule", "disputes.due_soon_days", "--from", "2025-09-02"],
            "not a deadline",
        ),
        (["deadline", "--rule", "disputes.mediation_days", "--from", "1999-09-02"], "2011-01-01"),
        (["show"], "NAME"),
        (["show", "disputes.mediation"], "did you mean disputes.mediation_days"),
        (["show", "disputes.mediation_days", "--on", "soon"], "is not a date"),
        (["show", "disputes.mediation_days", "--on", "1999-01-01"], "first value holds from"),
        (["list", "nothing.here"], "no parameter is named"),
        (["forecast"], "invalid choice"),
        (["list", "--colour"], "unrecognized"),
    ],
)
def test_what_cannot_be_answered(arguments, said, capsys):
    """Exit status 2, a message that says what to write, nothing on stdout, no traceback."""
    code, out, err = run(*arguments, capsys=capsys)
    assert (code, out) == (2, "")
    assert said in err
    assert err.startswith("dingzi law: ")
    assert "Traceback" not in err


def test_show(capsys):
    """The value, who says so, how it is counted, and its history."""
    code, out, _ = run(
        "show", "disputes.confirmation_application", "--on", "2025-01-01", capsys=capsys
    )
    assert code == 0
    assert "2025-01-01: 30天" in out
    assert "民事诉讼法第二百零五条" in out
    assert "最后一天是休息日的顺延" in out
    assert "人民调解法第三十三条" in out


def test_show_in_english(capsys):
    """A local setting is never shown as law."""
    _, out, _ = run("show", "disputes.mediation_days", "--language", "en", capsys=capsys)
    assert "Mediation period" in out
    assert "set by the city, not by law" in out
    assert "About 30 days" in out


def test_show_as_json(capsys):
    """All of it, for a machine."""
    _, out, _ = run(
        "show", "disputes.registration_answer", "--on", "2025-01-01", "--json", capsys=capsys
    )
    found = json.loads(out)
    assert found["name"] == "disputes.registration_answer"
    assert (found["value"], found["unit"], found["kind"]) == (3, "day", "working")
    assert (found["local"], found["source"], found["until"]) == (True, "", None)


def test_list(capsys):
    """Every parameter, on a day on which some did not hold yet, whole names in a pipe."""
    code, out, _ = run("list", "--on", "1990-01-01", capsys=capsys)
    assert code == 0
    assert "disputes.court_decision_extension " in out
    assert "counting.first_day_not_counted " in out
    _, out, _ = run("list", "disputes.court", "--json", capsys=capsys)
    assert [item["value"] for item in json.loads(out)] == [3, 15, 10]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["show", "-h"], ["list", "-h"], ["deadline", "-h"]])  # fmt: skip
def test_help_is_in_both_languages(arguments, capsys):
    """Chinese and English beside each other, exit status 0."""
    code, out, _ = run(*arguments, capsys=capsys)
    assert code == 0
    assert "选项 options" in out
    assert "显示帮助 show this help" in out


def test_a_bad_file_is_the_installation_not_the_question(tmp_path, monkeypatch, capsys):
    """Exit status 1, with the place of the fault."""
    broken = tmp_path / "mechanisms" / "park" / "parameters"
    broken.mkdir(parents=True)
    (broken / "park.yaml").write_text("park.reply: 30\n", "utf-8")
    monkeypatch.setattr(cli, "_PACKAGE", tmp_path)
    code, _, err = run("list", capsys=capsys)
    assert code == 1
    assert "park.yaml:1: park.reply" in err


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, **environment},
    )


def test_neither_django_nor_the_holidays_are_loaded_for_help():
    """The command is quick because it loads only its own package."""
    found = python(
        "import sys; from dingzi.project.cli import main; main(['law', 'list'])\n"
        "print([name for name in ('django', 'chinese_calendar', 'dingzi.core') if name in sys.modules])"
    )
    assert found.stdout.splitlines()[-1] == "[]", found.stderr


def test_any_locale_can_print_chinese():
    """A terminal of the C locale gets UTF-8, not a traceback."""
    found = python(
        "from dingzi.law.cli import main; main(['show', 'disputes.mediation_days'])",
        LC_ALL="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
        PYTHONIOENCODING="ascii",
    )
    assert found.returncode == 0, found.stderr
    assert "调解期限" in found.stdout


def test_a_reader_who_leaves_early(tmp_path):
    """`dingzi law list | head -1` ends quietly."""
    code = "import sys; from dingzi.law.cli import main; sys.exit(main(['list', '--json']))"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_the_package_stands_alone():
    """No file of it names Django or another package of the house."""
    folder = Path(cli.__file__).parent
    for file in folder.glob("*.py"):
        text = file.read_text("utf-8")
        assert "import django" not in text
        assert "from django" not in text
        assert "from dingzi" not in text
        assert "from .." not in text
