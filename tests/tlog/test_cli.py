"""``dingzi tlog`` as one types it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dingzi.tlog import checkpoints, cli, hashing, notes
from dingzi.tlog.encoding import encode
from dingzi.tlog.log import TileLog
from tests.tlog import naive

SIGNER = notes.Signer("log.example", b"l" * 32)
WITNESS = notes.Signer("witness.example", b"w" * 32, notes.COSIGNATURE)
KEY = SIGNER.verifier.vkey
ENTRIES = [b"entry %d" % n for n in range(300)]


@pytest.fixture
def log(tmp_path) -> TileLog:
    log = TileLog(tmp_path / "log")
    log.append(ENTRIES)
    note = notes.parse(checkpoints.Checkpoint(SIGNER.name, 300, log.root()).sign(SIGNER))
    log.publish(note.encode() + WITNESS.sign(note.text, 1_700_000_000).line().encode())
    return log


@pytest.fixture
def run(capsys):
    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(one) for one in arguments])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return status, told.out, told.err

    return run


def test_verify(log, run):
    """Size and root; status 0."""
    status, out, err = run("verify", log.folder, "--key", KEY)
    assert (status, err) == (0, "")
    assert "size: 300\n" in out
    assert f"root: {encode(naive.root(ENTRIES))}\n" in out
    assert out.endswith("sound\n")


def test_verify_finds(log, run):
    """Status 1, and each difference with its file and place, in both languages and as JSON."""
    (log.folder / "tile/0/000").write_bytes(bytes(8192))
    status, out, _ = run("verify", log.folder, "--key", KEY)
    assert status == 1
    assert "tile/0/000 的第 0 个散列" in out
    assert "tile/0/000: hash 0 (over the log from entry 0)" in out
    status, out, _ = run("verify", log.folder, "--key", KEY, "--json")
    found = json.loads(out)["sha256"]
    assert (status, found["sound"], found["size"]) == (1, False, 300)
    assert found["findings"][0]["params"] == {"path": "tile/0/000", "at": 0, "entry": 0}


def test_verify_in_sm3_too(log, run):
    """A log with a tree in SM3 beside it has both checked."""
    beside = log.beside(hashing.sm3())
    beside.follow(log)
    beside.publish(checkpoints.Checkpoint("log.example/sm3", 300, beside.root()).sign(SIGNER))
    status, out, _ = run("verify", log.folder, "--key", KEY)
    assert status == 0
    assert f"sm3 根 root: {encode(beside.root())}\n" in out
    (beside.folder / "tile/1/000.p/1").unlink()
    status, out, _ = run("verify", log.folder, "--key", KEY)
    assert (status, out.count("missing")) == (1, 1)


def test_verify_another_origin_or_key(log, run):
    """What is not signed so does not hold."""
    status, out, _ = run("verify", log.folder, "--key", KEY, "--origin", "other.example")
    assert (status, "other.example" in out) == (1, True)
    other = notes.Signer("log.example", b"x" * 32).verifier.vkey
    assert run("verify", log.folder, "--key", other)[0] == 1
    status, out, _ = run("verify", log.folder.parent, "--key", KEY)
    assert (status, "checkpoint" in out) == (1, True)


def test_prove_and_check(log, run, tmp_path):
    """A proof is written, and verified from entry, key and file alone."""
    proof, entry = tmp_path / "a.tlog-proof", tmp_path / "entry"
    entry.write_bytes(ENTRIES[42])
    assert run("prove", log.folder, 42, "--out", proof) == (0, "", "")
    assert run("prove", log.folder, 42)[1].encode() == proof.read_bytes()
    how = ("--key", KEY, "--witness", WITNESS.verifier.vkey, "--quorum", 1)
    status, out, _ = run("check", proof, "--entry", entry, *how)
    assert status == 0
    assert "witness: witness.example, 2023-11-14 22:13:20 UTC" in out
    leaf = encode(hashing.leaf_hash(ENTRIES[42]))
    assert run("check", proof, "--hash", leaf, *how)[0] == 0
    entry.write_bytes(ENTRIES[43])
    status, out, _ = run("check", proof, "--entry", entry, *how)
    assert (status, "root" in out) == (1, True)
    assert run("prove", log.folder, 42, "--out", proof)[0] == 2  # never over a file
    proof.write_bytes(b"c2sp.org/tlog-proof@v2\n")
    assert run("check", proof, "--entry", entry, *how)[0] == 1


def test_keys(run, tmp_path):
    """The private key goes into a file that only its owner reads, the public one is shown."""
    file = tmp_path / "key"
    status, out, _ = run("key", "city.example/log", "--out", file)
    assert (status, file.stat().st_mode & 0o777) == (0, 0o600)
    assert notes.Signer.parse(file.read_text().strip()).verifier.vkey == out.strip()
    assert run("key", "--of", file)[1] == out
    status, _, err = run("key", "city.example/log", "--out", file)
    assert (status, "already there" in err) == (2, True)
    status, out, _ = run("key", "w.example", "--witness", "--out", tmp_path / "w")
    assert notes.Verifier.parse(out.strip()).kind == notes.COSIGNATURE


def case(**values: object) -> str:
    return json.dumps(values)


def test_vectors(log, run, tmp_path):
    """Cases and logs, wherever they lie; passed and failed are counted, failures named."""
    folder = tmp_path / "vectors"
    leaf, root = (encode(hashing.leaf_hash(ENTRIES[0])), encode(naive.root(ENTRIES[:2])))
    path = [encode(hashing.leaf_hash(ENTRIES[1]))]
    good: dict[str, object] = {
        "leafIdx": 0,
        "treeSize": 2,
        "root": root,
        "leafHash": leaf,
        "proof": path,
    }
    good["wantErr"] = False
    (folder / "inclusion/1").mkdir(parents=True)
    (folder / "inclusion/1/good.json").write_text(case(**good))
    (folder / "inclusion/1/bad.json").write_text(case(**good | {"leafIdx": 1, "wantErr": True}))
    grown: dict[str, object] = {"size1": 1, "size2": 2, "root1": leaf, "root2": root, "proof": path}
    grown["wantErr"] = False
    (folder / "consistency").mkdir()
    (folder / "consistency/good.json").write_text(case(**grown))
    (folder / "consistency/none.json").write_text(
        case(**grown | {"size1": 2, "root1": root, "proof": None})
    )
    (folder / "subtree.json").write_text(case(start=0, end=1, wantErr=True))
    (folder / "other.json").write_text("[]")
    status, out, _ = run("vectors", folder)
    assert (status, out.splitlines()[-1]) == (0, "4 passed, 0 failed")
    assert "subtrees: 1" in out
    log.folder.rename(folder / "log")
    status, out, _ = run("vectors", folder, "--key", KEY)
    assert (status, out.splitlines()[-1]) == (0, "10 passed, 0 failed")
    (folder / "log/tile/0/000").write_bytes(b"")
    (folder / "consistency/bad.json").write_text(case(**grown | {"wantErr": True}))
    (folder / "consistency/odd.json").write_text(case(**grown | {"size1": "x", "proof": 5}))
    (folder / "consistency/cut.json").write_text("{")
    status, out, _ = run("vectors", folder, "--key", KEY)
    assert (status, out.splitlines()[-1]) == (1, "9 passed, 4 failed")
    for name in ("log/tile/0/000: ", "bad.json: ", "odd.json: ", "cut.json: "):
        assert name in out
    (folder / "log/tile/0/000").unlink()
    assert "log/tile/0/000: " in run("vectors", folder, "--key", KEY)[1]
    assert run("vectors", tmp_path / "vectors/log/tile")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["forecast"], "invalid choice"),
        (["verify"], "FOLDER"),
        (["verify", "LOG"], "--key"),
        (["verify", "LOG", "--key", "x"], "NAME+HASH+BASE64"),
        (["verify", "LOG", "--key", SIGNER.skey], "this is a private key"),
        (["verify", "LOG", "--key", WITNESS.verifier.vkey], "a witness's key"),
        (["verify", "/nowhere", "--key", KEY], "no folder"),
        (["verify", "a\0b", "--key", KEY], "no folder"),
        (["verify", "LOG/checkpoint", "--key", KEY], "no folder"),
        (["vectors", "/nowhere"], "no folder"),
        (["prove", "LOG", "300"], "no entry 300 among 300"),
        (["prove", "LOG", "-1"], "whole number"),
        (["prove", "LOG", "1.5"], "whole number"),
        (["prove", "LOG", "9" * 5000], "whole number"),
        (["prove", "LOG", "1", "--out", "/nowhere/x"], "cannot write"),
        (["check", "/nowhere", "--hash", "x", "--key", KEY], "base64"),
        (["check", "/nowhere", "--entry", "/nowhere", "--key", KEY], "no file /nowhere"),
        (["check", "/dev/zero", "--entry", "/dev/zero", "--key", KEY], "not a plain file"),
        (["check", "LOG", "--entry", "LOG/checkpoint", "--key", KEY], "not a plain file"),
        (["check", "x", "--key", KEY], "required"),
        (["check", "x", "--hash", "A" * 43 + "=", "--key", KEY, "--witness", KEY], "a log's key"),
        (["check", "x", "--hash", "A" * 43 + "=", "--key", KEY, "--quorum", "no"], "whole number"),
        (["key"], "NAME --out FILE"),
        (["key", "a b", "--out", "/nowhere/x"], "no spaces"),
        (["key", "a", "--out", "/nowhere/x"], "cannot write"),
        (["key", "a", "--of", "LOG/checkpoint"], "--of"),
        (["key", "--of", "LOG/checkpoint"], "not a private key"),
    ],
)
def test_what_cannot_be_answered(log, run, arguments, said):
    """Status 2 and a message that says what to write; a private key is never repeated."""
    status, out, err = run(*(a.replace("LOG", str(log.folder)) for a in arguments))
    assert (status, out) == (2, "")
    assert said in err
    assert err.startswith("dingzi tlog: ")
    assert SIGNER.skey not in err


@pytest.mark.parametrize("command", [None, "verify", "vectors", "prove", "check", "key"])
def test_help_is_in_both_languages(run, command):
    """Chinese and English beside each other, exit status 0."""
    status, out, _ = run(*([command, "--help"] if command else []))
    assert status == 0
    assert "选项 options" in out


def test_it_loads_neither_django_nor_the_rest(log):
    """From a terminal of any locale: only this package, and quickly."""
    told = (
        "import sys; from dingzi.project.cli import main; status = main(sys.argv[1:]);"
        "ours = {m.split('.')[1] for m in sys.modules if m.startswith('dingzi.')};"
        "assert ours == {'tlog', 'project'}, ours; assert 'django' not in sys.modules;"
        "sys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", told, "tlog", "verify", str(log.folder), "--key", KEY],
        capture_output=True,
        env={"LC_ALL": "C", "PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert "相符 sound" in done.stdout.decode()
