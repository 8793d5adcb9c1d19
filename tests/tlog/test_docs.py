"""docs/tlog.md shows what really happens."""

from __future__ import annotations

import re
from pathlib import Path

from dingzi.tlog import cli, errors, notes, witness, words
from dingzi.tlog.log import TileLog

PACKAGE = Path(errors.__file__).parent
TEXT = (Path(__file__).parents[2] / "docs" / "tlog.md").read_text("utf-8")


def test_python(tmp_path, capsys):
    """The examples run one after another, and the log that they make verifies as shown."""
    space: dict[str, object] = {"folder": tmp_path}
    for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL):
        exec(block, space)
    signer, log = space["signer"], space["log"]
    assert isinstance(signer, notes.Signer)
    assert isinstance(log, TileLog)
    assert (space["indexes"], log.size()) == (range(2), 2)
    assert cli.main(["verify", str(tmp_path), "--key", signer.verifier.vkey]) == 0
    [shown] = re.findall(r"```console\n.*?\n(.*?)```", TEXT, re.DOTALL)
    labels = [line.partition(":")[0] for line in shown.splitlines()]
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == labels


def test_every_command_and_refusal_is_documented(capsys):
    """With its options."""
    for name in ("verify", "vectors", "prove", "check", "key"):
        assert f"`dingzi tlog {name} " in TEXT
        cli.main([name, "--help"])
        for option in set(re.findall(r"--[a-z]+", capsys.readouterr().out)) - {"--help"}:
            assert option in TEXT, option
    assert all(f"`witness_{code}`" in TEXT for code in witness.REFUSALS)


def test_every_reason_has_words():
    """Each code that the package raises or finds has both languages, and none is left over."""
    source = "".join(path.read_text("utf-8") for path in PACKAGE.glob("*.py"))
    raised = r"(?:LogError|Malformed|NotVerified|NotAvailable|_find)\(\s*\"(\w+)\""
    codes = {f"tlog.{code}" for code in re.findall(raised, source)}
    codes |= set(re.findall(r"\"(tlog\.\w+)\"", source))
    codes |= {f"tlog.witness_{code}" for code in witness.REFUSALS}
    codes |= {f"tlog.{one}" for one in ("tile_differs", "bundle_differs")}
    known = words.load()
    assert codes == set(known)
    for code, text in known.items():
        zh, en = (set(re.findall(r"\{(\w+)\}", text[language])) for language in ("zh", "en"))
        assert zh == en, code
