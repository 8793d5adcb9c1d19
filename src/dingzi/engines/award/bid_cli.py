"""``dingzi bid``: a bidder seals its bid against the operator, and all key holders open it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from ..errors import BadProblem, EngineError
from .sealing import open_sealed, seal

_ABOUT = """密封报价，谁也不能先看。 Seal a bid so that nobody can read it early.

  dingzi bid seal bid.csv --round 2026-03 --holders 3 --out sealed/
      得到 commitment.txt（截止前公布）、box.bin（交平台存着）、share-1.txt…（一方一份，自己也各留一份）
      gives commitment.txt (published before the deadline), box.bin (stored by the platform) and
      share-1.txt ... (one for each holder; keep copies of your own)
  dingzi bid open sealed/ --round 2026-03 --share share-1.txt --share share-2.txt ... --out bid.csv
      份额要齐 every share is needed

退出码 exit status: 0 成了 done; 2 打不开或输入有错 it does not open, or the input is wrong
"""
_LARGEST = 2**20
COMMITMENT, BOX = "commitment.txt", "box.bin"


class _Usage(Exception):
    """A command line that cannot be understood; the text says what to write."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Usage(f"{message}\n用法 {self.format_usage().strip()}")


def main(argv: Sequence[str] | None = None) -> int:
    """Seal or open; return 0, or 2 with a message."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        options = _parser().parse_args(arguments or ["--help"])
        options.run(options)
    except SystemExit as stop:  # argparse leaves this way after --help
        return int(stop.code or 0)
    except EngineError as error:
        print(f"dingzi bid: {error.say('zh')}\n{error.say('en')}", file=sys.stderr)
        return 2
    except (_Usage, OSError) as error:
        print(f"dingzi bid: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> _Parser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = _Parser(prog="dingzi bid", description=_ABOUT, formatter_class=raw, allow_abbrev=False)
    ways = parser.add_subparsers(required=True, metavar="seal|open", parser_class=_Parser)
    sealing = ways.add_parser("seal", help="密封一份报价 seal a bid")
    sealing.add_argument("bid", type=Path, metavar="BID", help="报价文件 the bid, a file")
    sealing.add_argument("--holders", type=int, default=2, metavar="N", help="几方保管 holders (2)")
    sealing.set_defaults(run=_seal)
    opening = ways.add_parser("open", help="开封 open a sealed bid")
    opening.add_argument("folder", type=Path, metavar="FOLDER", help="密封件 the sealed bid")
    opening.add_argument(
        "--share", type=Path, action="append", default=[], metavar="FILE",
        help="一份密钥，每份写一次 a share of the key; once for each",
    )  # fmt: skip
    opening.set_defaults(run=_open)
    for way in (sealing, opening):
        way.add_argument("--round", required=True, metavar="NAME", help="哪一轮 which round")
        way.add_argument(
            "--out", type=Path, required=True, metavar="PATH", help="写到哪里 where to"
        )
    return parser


def _seal(options: argparse.Namespace) -> None:
    bid = _bytes(options.bid)
    made = seal(bid, options.round, options.holders)
    folder: Path = options.out
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise EngineError("award.seal_folder", {"path": str(folder)})
    _check_parent(folder)
    folder.mkdir(exist_ok=True)
    (folder / COMMITMENT).write_text(made.commitment.hex() + "\n")
    (folder / BOX).write_bytes(made.box)
    for number, share in enumerate(made.shares, 1):
        path = folder / f"share-{number}.txt"
        path.touch(0o600)
        path.write_text(share.hex() + "\n")
    print(f"{made.commitment.hex()}  {folder}")


def _open(options: argparse.Namespace) -> None:
    commitment = _hex(options.folder / COMMITMENT)
    shares = [_hex(path) for path in options.share]
    bid = open_sealed(commitment, _bytes(options.folder / BOX), shares, options.round)
    if options.out.exists():
        raise EngineError("award.seal_exists", {"path": str(options.out)})
    _check_parent(options.out)
    options.out.write_bytes(bid)
    print(options.out)


def _check_parent(path: Path) -> None:
    if not path.parent.is_dir():
        raise BadProblem(path, None, "folder_missing", {"folder": str(path.parent)})


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST:
            raise EngineError("award.seal_large", {"path": str(path), "most": _LARGEST})
        return path.read_bytes()
    except OSError as error:
        raise BadProblem(path, None, "file_unreadable", {"why": error.strerror or ""}) from None


def _hex(path: Path) -> bytes:
    try:
        return bytes.fromhex(_bytes(path).decode("ascii").strip())
    except (UnicodeDecodeError, ValueError):
        raise EngineError("award.seal_hex", {"path": str(path)}) from None
