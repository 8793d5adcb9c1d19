"""The runner of public test vectors, on cases of our own in the same form."""

from __future__ import annotations

import json

import pytest

from dingzi.reading import cli, vectors

CASES = {
    "NumberModel.json": [
        {"Input": "买了三百二十把椅子", "Results": [{"Text": "三百二十", "Start": 2, "End": 5, "Resolution": {"value": "320"}}]},
        {"Input": "共６５k字，约3^2倍", "Results": [{"Text": "65k", "Resolution": {"value": "65000"}}, {"Text": "3^2", "Resolution": {"value": "9"}}]},
        {"Input": "比例是百分之八", "Results": [{"Text": "八", "Resolution": {"value": "8"}}]},
        {"Input": "一切正常，上升7%", "Results": []},
        {"Input": "六打鸡蛋", "Results": [{"Text": "六打", "Resolution": {"value": "72"}}]},
    ],
    "PercentModel.json": [
        {"Input": "全场八五折", "Results": [{"Text": "八五折", "Start": 2, "End": 4, "Resolution": {"value": "85%"}}]},
        {"Input": "千分之三和4.5個百分點", "Results": [{"Text": "千分之三", "Resolution": {"value": "0.3%"}}, {"Text": "4.5個百分點", "Resolution": {"value": "4.5%"}}]},
        {"Input": "六成半", "Results": [{"Text": "六成半", "Resolution": {"value": "65%"}}]},
    ],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    """A folder as the suites have it."""
    place = tmp_path / "Specs" / "Number" / "Chinese"
    place.mkdir(parents=True)
    for name, cases in CASES.items():
        (place / name).write_text(json.dumps(cases), "utf-8-sig")
    return tmp_path


def test_it_counts_passed_and_failed(folder, capsys):
    """Both suites and their sum; status 0 where all pass."""
    assert cli.main(["--vectors", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "8 passed, 0 failed"


@pytest.mark.parametrize(
    "change",
    [
        {"Text": "三百"}, {"Start": 1, "End": 5}, {"Resolution": {"value": "321"}},
    ],
)  # fmt: skip
def test_a_case_fails_for_text_place_or_value(folder, change, capsys):
    """A wrong answer is counted and named, status 1."""
    path = folder / "Specs/Number/Chinese/NumberModel.json"
    cases = json.loads(path.read_text("utf-8-sig"))
    cases[0]["Results"][0] |= change
    path.write_text(json.dumps(cases), "utf-8")
    assert cli.main(["--vectors", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "7 passed, 1 failed" in out
    assert "买了三百二十把椅子" in out


@pytest.mark.parametrize("content", ["", "{}", "[1]", '[{"Input": "一"}]'])
def test_a_broken_file_is_refused(folder, content, capsys):
    """Status 2 with the file's name."""
    (folder / "Specs/Number/Chinese/NumberModel.json").write_text(content, "utf-8")
    assert cli.main(["--vectors", str(folder)]) == 2
    assert "NumberModel.json" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["1.1^99999", "0^-1", "9e99999", "1/0", "2^-99999", "9" * 5000])
def test_numbers_beyond_all_measure_do_no_harm(text):
    """Neither an error nor a wait."""
    vectors.numbers(text)
    vectors.percents(text + "%")
