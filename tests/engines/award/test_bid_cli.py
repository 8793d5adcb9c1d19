"""``dingzi bid`` as a bidder and the key holders type it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dingzi.engines.award.bid_cli import main

BID = "product,price\np,100\n"


def sealed(folder: Path) -> Path:
    (folder / "bid.csv").write_text(BID)
    made = folder / "sealed"
    command = [
        "seal",
        str(folder / "bid.csv"),
        "--round",
        "r",
        "--holders",
        "3",
        "--out",
        str(made),
    ]
    assert main(command) == 0
    return made


def opened(made: Path, numbers: list[int], name: str = "r") -> int:
    shares = [part for n in numbers for part in ("--share", str(made / f"share-{n}.txt"))]
    return main(["open", str(made), "--round", name, *shares, "--out", str(made / "back.csv")])


def test_a_bid_opens_with_every_share(tmp_path: Path) -> None:
    """What comes out is what went in, and no file but the shares can be read alone."""
    made = sealed(tmp_path)
    assert sorted(path.name for path in made.iterdir()) == [
        "box.bin", "commitment.txt", "share-1.txt", "share-2.txt", "share-3.txt",
    ]  # fmt: skip
    assert BID.encode() not in (made / "box.bin").read_bytes()
    assert (made / "share-1.txt").stat().st_mode & 0o077 == 0
    assert opened(made, [1, 2, 3]) == 0
    assert (made / "back.csv").read_text() == BID


def test_what_does_not_open_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A share missing, another round, a broken share, a box exchanged: nothing is written."""
    made = sealed(tmp_path)
    capsys.readouterr()
    assert opened(made, [1, 2]) == 2
    assert "shares are wrong" in capsys.readouterr().err
    assert opened(made, [1, 2, 3], "other") == 2
    (made / "share-3.txt").write_text("no share")
    assert opened(made, [1, 2, 3]) == 2
    assert "hexadecimal" in capsys.readouterr().err
    assert not (made / "back.csv").exists()


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second sealing into the same folder would lose the first one's key."""
    made = sealed(tmp_path)
    command = ["seal", str(tmp_path / "bid.csv"), "--round", "r", "--out", str(made)]
    assert main(command) == 2
    assert "not empty" in capsys.readouterr().err
    assert (
        main(["seal", str(tmp_path / "no.csv"), "--round", "r", "--out", str(tmp_path / "x")]) == 2
    )
    assert main(["seal", str(tmp_path / "bid.csv")]) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["seal", "no.csv", "--out", "x"], "no.csv: this file cannot be read"),
        (["seal", ".", "--out", "x"], "cannot be read"),
        (["seal", "bid.csv", "--out", "no/where"], "there is no folder"),
        (["seal", "bid.csv", "--out", "bid.csv"], "not empty"),
        (["seal", "bid.csv", "--out", "x", "--holders", "1"], "two to 100"),
        (["seal", "bid.csv", "--out", "x", "--holders", "9999999"], "two to 100"),
        (["open", "nowhere", "--out", "x"], "cannot be read"),
        (["open", "sealed", "--share", "sealed/share-1.txt", "--out", "no/x"], "shares"),
    ],
)
def test_what_cannot_be_done_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    arguments: list[str], message: str,
) -> None:  # fmt: skip
    """Both languages, exit status 2, and no file or folder made."""
    sealed(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert main([*arguments, "--round", "r"]) == 2
    assert message in capsys.readouterr().err
    assert sorted(tmp_path.rglob("*")) == before
