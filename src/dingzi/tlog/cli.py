"""``dingzi tlog``: keys, proofs and whole logs on the command line, without Django or a database."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from . import checkpoints, files, notes, standalone, vectors, words
from .checking import Report, check
from .encoding import decimal, decode_hash, encode
from .errors import LogError, NotAvailable, TlogError
from .hashing import leaf_hash, sm3
from .log import TileLog

_ABOUT = """公开日志：核对、举证、密钥（不用数据库）。 The public log: check, prove, keys (no database needed).

例 examples:
  dingzi tlog verify FOLDER --key city.example/log+1f9c0a2b+AbCd...
  dingzi tlog prove FOLDER 73894 --out entry.tlog-proof
  dingzi tlog check entry.tlog-proof --entry entry.json --key VKEY --witness VKEY
  dingzi tlog key city.example/log --out log.key

退出码 exit status: 0 相符 it holds; 1 不符 it does not; 2 命令或文件有错 the question is wrong
"""


class _Usage(Exception):
    """A command line that cannot be understood; the text says what to write."""


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(allow_abbrev=False, add_help=False, **options)
        self._positionals.title, self._optionals.title = "参数 arguments", "选项 options"
        self.add_argument("-h", "--help", action="help", help="显示帮助 show this help")

    def error(self, message: str) -> NoReturn:
        raise _Usage(f"{message}\n用法 {self.format_usage().strip()}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 for what does not hold, 2 for what cannot be answered."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Chinese on a terminal of any locale
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = _parser()
    if not arguments:
        parser.print_help()
        return 0
    try:
        options = parser.parse_args(arguments)
        status = int(options.run(options))
        sys.stdout.flush()
    except SystemExit as stop:  # argparse leaves this way after --help
        return int(stop.code or 0)
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (_Usage, TlogError, OSError) as error:
        print(f"dingzi tlog: {error}", file=sys.stderr)
        return 2
    return status


def _parser() -> _Parser:
    parser = _Parser(prog="dingzi tlog", description=_ABOUT)
    commands = parser.add_subparsers(
        title="命令 commands", metavar="COMMAND", required=True, parser_class=_Parser
    )

    def command(name: str, run: Any, short: str, long: str = "") -> _Parser:
        made = commands.add_parser(name, help=short, description=long or short)
        made.set_defaults(run=run)
        return made

    one = command(
        "verify", _verify, "核对一本日志 check a whole log",
        "核对一本 C2SP 格式的日志：从条目逐级重算每一块、总印的签名和根。\n"
        "Check any log in the C2SP layout: every tile recomputed from the entries upwards, the\n"
        "checkpoint's signature and its root.",
    )  # fmt: skip
    one.add_argument("folder", metavar="FOLDER", type=Path, help="日志所在 where the log lies")
    _key(one)
    one.add_argument("--json", action="store_true", help="输出 JSON print JSON")

    one = command(
        "vectors", _vectors, "跑公开的测试向量 run public test vectors",
        "跑一个文件夹里的测试向量：transparency-dev/merkle 与 Tessera 的 testdata。\n"
        "Run the test vectors in a folder: testdata of transparency-dev/merkle or of Tessera.",
    )  # fmt: skip
    one.add_argument("folder", metavar="FOLDER", type=Path, help="向量所在 where they lie")
    one.add_argument(
        "--key", metavar="VKEY", action="append", default=[],
        help="总印的公钥，不给就不验签 the checkpoints' key; without it no signature is verified",
    )  # fmt: skip

    one = command("prove", _prove, "证明一条在日志里 prove that an entry is in the log")
    one.add_argument("folder", metavar="FOLDER", type=Path, help="日志所在 where the log lies")
    one.add_argument("index", metavar="INDEX", help="第几条，从 0 数起 which entry, from 0")
    one.add_argument("--out", metavar="FILE", type=Path, help="写到文件 write to a file")

    one = command("check", _check, "验证一份证明 check a proof, without the log")
    one.add_argument("proof", metavar="PROOF", type=Path, help="证明文件 a file .tlog-proof")
    what = one.add_mutually_exclusive_group(required=True)
    what.add_argument("--entry", metavar="FILE", type=Path, help="条目的文件 the entry, as a file")
    what.add_argument("--hash", metavar="BASE64", help="条目的叶散列 or the hash of its leaf")
    _key(one)
    one.add_argument(
        "--witness", metavar="VKEY", action="append", default=[],
        help="见证方的公钥，可多次写 a witness's key; may be repeated",
    )  # fmt: skip
    one.add_argument(
        "--quorum", metavar="N", default="0",
        help="至少几个见证方签过 how many witnesses must have cosigned (0)",
    )  # fmt: skip

    one = command("key", _make_key, "新密钥，或看公钥 make a key, or show its public part")
    one.add_argument("name", metavar="NAME", nargs="?", help="名称 its name, e.g. city.example/log")
    one.add_argument("--out", metavar="FILE", type=Path, help="私钥写到哪里 the private key's file")
    one.add_argument("--witness", action="store_true", help="见证方的密钥 a witness's key")
    one.add_argument("--of", metavar="FILE", type=Path, help="看这个私钥的公钥 show its public key")
    return parser


def _key(parser: _Parser) -> None:
    parser.add_argument("--key", metavar="VKEY", required=True, help="日志的公钥 the log's key")
    parser.add_argument(
        "--origin", metavar="NAME", help="日志名，不给就是公钥的名称 its name (that of the key)"
    )


def _verify(options: argparse.Namespace) -> int:
    log, folder = _log_key(options.key), _folder(options.folder)
    found: dict[str, Report | TlogError] = {}
    try:
        found["sha256"] = check(folder, log, options.origin)
        if (folder / "sm3" / "checkpoint").exists():
            origin = f"{options.origin or log.name}/sm3"
            found["sm3"] = check(folder / "sm3", log, origin, hashing=sm3(), entries=folder)
    except TlogError as error:
        found["sm3" if "sha256" in found else "sha256"] = error
    if options.json:
        print(json.dumps({k: _as_data(v) for k, v in found.items()}, ensure_ascii=False, indent=2))
    else:
        for name, report in found.items():
            _print_report(name, report)
    return int(any(_bad(report) for report in found.values()))


def _bad(report: Report | TlogError) -> bool:
    if isinstance(report, NotAvailable):
        return False
    return isinstance(report, TlogError) or bool(report.findings)


def _print_report(name: str, report: Report | TlogError) -> None:
    title = "" if name == "sha256" else f"{name} "
    if isinstance(report, TlogError):
        print(f"{title}不符 does not hold: {report}" if _bad(report) else f"{title}{report}")
        return
    head = report.checkpoint
    print(f"{title}日志 origin: {files.shown_path(head.origin)}")
    print(f"{title}大小 size: {head.size}")
    print(f"{title}根 root: {encode(head.root)}")
    print(f"{title}散列块 tiles: {report.tiles}")
    if report.entries:
        print(f"{title}条目包 entry bundles: {report.bundles}")
    elif head.size:
        print(f"{title}条目包 entry bundles: 没有，只核对散列 none here, only hashes were checked")
    for finding in report.findings:
        print(f"{title}不符 differs: {words.both(finding)}")
    if not report.complete:
        print(f"{title}太多了，后面的没有看 too many, the rest was not looked at")
    if not report.findings:
        print(f"{title}相符 sound")


def _as_data(report: Report | TlogError) -> dict[str, Any]:
    if isinstance(report, TlogError):
        return {"sound": None if not _bad(report) else False, "findings": [_told(report.reason)]}
    head = report.checkpoint
    return {
        "sound": not report.findings,
        "origin": head.origin,
        "size": head.size,
        "root": encode(head.root),
        "entries": report.entries,
        "tiles": report.tiles,
        "bundles": report.bundles,
        "findings": [_told(finding) for finding in report.findings],
    }


def _told(reason: words.Reason) -> dict[str, Any]:
    zh, en = words.say(reason, "zh"), words.say(reason, "en")
    return {"code": reason[0], "params": dict(reason[1]), "zh": zh, "en": en}


def _vectors(options: argparse.Namespace) -> int:
    keys = [notes.Verifier.parse(key) for key in options.key]
    folder = _folder(options.folder)
    passed = failed = left_out = 0
    for case in vectors.run(folder, keys):
        if case.left_out:
            left_out += 1
        elif case.failure is None:
            passed += 1
        else:
            failed += 1
            print(f"{case.path}: {words.both(case.failure)}")
    if left_out:
        print(f"不算子树证明 left out, proofs of subtrees: {left_out}")
    if not passed + failed:
        raise LogError("no_vectors", path=files.shown_path(folder))
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)


def _prove(options: argparse.Namespace) -> int:
    log = TileLog(_folder(options.folder))
    checkpoint = log.published()
    if checkpoint is None:
        raise LogError("no_checkpoint", path=files.shown_path(options.folder))
    head = checkpoints.parse_note(checkpoint)
    if log.root(head.size) != head.root:
        raise LogError("damaged", path="tile")
    index = decimal(options.index)
    proof = standalone.StandaloneProof(index, tuple(log.inclusion(index, head.size)), checkpoint)
    if options.out is None:
        sys.stdout.write(proof.encode().decode())
    else:
        _write_new(options.out, proof.encode(), 0o644)
    return 0


def _check(options: argparse.Namespace) -> int:
    log = _log_key(options.key)
    witnesses = [notes.Verifier.parse(key) for key in options.witness]
    for witness in witnesses:
        if witness.kind != notes.COSIGNATURE:
            raise LogError("not_a_witness_key", name=witness.name)
    leaf = leaf_hash(_read(options.entry)) if options.entry else decode_hash(options.hash)
    quorum, data = decimal(options.quorum), _read(options.proof)
    try:
        proof = standalone.parse(data)
        found = proof.verify(leaf, log, origin=options.origin, witnesses=witnesses, quorum=quorum)
    except TlogError as error:
        print(f"不符 does not hold: {error}")
        return 1
    head = found.checkpoint
    print(f"日志 origin: {files.shown_path(head.origin)}")
    print(f"第几条 index: {proof.index}")
    print(f"大小 size: {head.size}")
    print(f"根 root: {encode(head.root)}")
    for name, at in sorted(found.cosigned.items()):
        print(f"见证 witness: {name}, {_moment(at)}")
    print("相符 sound")
    return 0


def _make_key(options: argparse.Namespace) -> int:
    if options.of is not None:
        if options.name or options.out or options.witness:
            raise _Usage("--of 单独用 stands alone")
        text = _read(options.of).decode("ascii", "replace").strip()
        print(notes.Signer.parse(text).verifier.vkey)
        return 0
    if not options.name or options.out is None:
        raise _Usage("请写 NAME --out FILE，或 --of FILE write NAME --out FILE, or --of FILE")
    kind = notes.COSIGNATURE if options.witness else notes.ED25519
    signer = notes.Signer.generate(options.name, kind)
    _write_new(options.out, f"{signer.skey}\n".encode(), 0o600)
    print(signer.verifier.vkey)
    return 0


def _log_key(text: str) -> notes.Verifier:
    key = notes.Verifier.parse(text)
    if key.kind != notes.ED25519:
        raise LogError("not_a_log_key", name=key.name)
    return key


def _folder(path: Path) -> Path:
    try:
        if path.is_dir():
            return path
    except (OSError, ValueError):
        pass
    raise LogError("no_folder", path=files.shown_path(path))


def _read(path: Path) -> bytes:
    data = files.read(path)
    if data is None:
        raise LogError("no_such_file", path=files.shown_path(path))
    return data


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that must not be there yet."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError as error:
        raise LogError("exists", path=files.shown_path(path)) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise LogError("cannot_write", path=files.shown_path(path), why=why) from error
    try:
        files.write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def _moment(at: int) -> str:
    try:
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):
        return str(at)
