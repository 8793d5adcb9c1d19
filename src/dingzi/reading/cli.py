"""``dingzi check``: read a text, say what it claims in numbers and whether that is so.

Loads no Django, no settings and no database by itself: who has a site's figures hands them in.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from . import binding, catalogue, documents, table, vectors, words
from .claims import Claim, Reading, as_data, decimal
from .errors import Unreadable
from .reader import read

_ABOUT = """读一篇文字，看里面的数对不对。 Read a text and check the numbers in it.

例 examples:
  dingzi check report.docx
  dingzi check report.docx --read-only
  dingzi check draft.txt --catalogue figures.json
  cat speech.txt | dingzi check - --read-only --json
  dingzi check --vectors Recognizers-Text/Specs/Number/Chinese
"""
_STATUS = """退出码 exit status:
  0  没有发现不对 nothing wrong
  1  有数与记录不符，或文字自相矛盾（--vectors：有用例没过）
     something differs from the record or contradicts itself (--vectors: a case failed)
  2  读不了 the input cannot be read
"""


class _Usage(Exception):
    """A command line that cannot be understood; the text says what to write."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Usage(f"{message}\n用法 {self.format_usage().strip()}")


#: Gives the figures of the site that runs this; raises Unreadable ``no_site`` where there is none.
Site = Callable[[], catalogue.Catalogue]


def main(argv: Sequence[str] | None = None, site: Site | None = None) -> int:
    """Check one text, with the site's own figures unless told otherwise; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Chinese on a terminal of any locale
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = _parser()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments:
        parser.print_help()
        return 0
    language = "en" if "en" in arguments[-1:] or "--language=en" in arguments else "zh"
    try:
        options = parser.parse_args(arguments)
        language = options.language
        status = _vectors(options) if options.vectors else _check(options, site)
        sys.stdout.flush()
        return status
    except SystemExit as stop:  # argparse leaves this way after --help
        return int(stop.code or 0)
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Unreadable as error:
        print(f"dingzi check: {words.text(error.reason, language)}", file=sys.stderr)
    except _Usage as error:
        print(f"dingzi check: {error}", file=sys.stderr)
    return 2


def _parser() -> _Parser:
    parser = _Parser(
        prog="dingzi check", description=_ABOUT, epilog=_STATUS, allow_abbrev=False, add_help=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser._positionals.title = "参数 arguments"
    parser._optionals.title = "选项 options"
    parser.add_argument("-h", "--help", action="help", help="显示帮助 show this help")
    parser.add_argument(
        "file", metavar="FILE", nargs="?",
        help="txt、docx、pdf、html；- 是标准输入 a file, - for standard input",
    )  # fmt: skip
    parser.add_argument(
        "--read-only", action="store_true", help="只读文字，不查记录 only read, look nothing up"
    )
    parser.add_argument(
        "--catalogue",
        metavar="FILE",
        help="要对照的数字（JSON，格式见 docs/reading.md） figures to compare with, as JSON",
    )
    parser.add_argument(
        "--date", metavar="DATE", type=_date,
        help="文字写于哪天，“今年”“1至10月”由此定年份 the day of the text, which dates 今年 and 1至10月: YYYY-MM-DD",
    )  # fmt: skip
    parser.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    parser.add_argument(
        "--language", choices=("zh", "en"), default="zh", help="用哪种语言（zh） in which language"
    )
    parser.add_argument(
        "--vectors",
        metavar="FOLDER",
        help="跑公开的测试用例 run the public test vectors of a folder",
    )
    return parser


def _date(text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(
        f"{text!r} 不是日期，请写成 2025-11-26 这样 is not a date: write it like 2025-11-26"
    )


def _check(options: argparse.Namespace, site: Site | None) -> int:
    if options.file is None:
        raise _Usage(
            "请给出要读的文件，或用 - 读标准输入 name a file to read, or - for standard input"
        )
    if options.read_only and options.catalogue:
        raise _Usage("--read-only 和 --catalogue 只能用一个 use either --read-only or --catalogue")
    figures = catalogue.load(Path(options.catalogue)) if options.catalogue else None
    if options.file == "-":
        text = documents.text_of(sys.stdin.buffer.read(documents.MOST_BYTES + 1), "-")
    else:
        text = documents.read(options.file)
    if figures is None and site is not None and not options.read_only:
        figures = site()
    found = read(text, day=options.date, places=figures.places if figures else ())
    if figures:
        bound = binding.bind(found.claims, figures, found.text)
    else:
        bound = binding.unbound(found.claims)
        if not options.read_only:
            print(words.name("notice", options.language), file=sys.stderr)
    if options.json:
        print(json.dumps(data(found, bound, options.language), ensure_ascii=False, indent=2))
    else:
        table.show(found, bound, options.language)
    return status(found, bound)


def status(found: Reading, bound: Sequence[binding.Binding]) -> int:
    """0 where nothing is wrong, 1 where something differs or contradicts itself."""
    wrong = any(one.verdict == binding.DIFFERS for one in bound)
    return int(wrong or found.contradicts_itself)


def data(found: Reading, bound: Sequence[binding.Binding], language: str) -> dict[str, Any]:
    """All that was read and found, as built-in values."""
    return {
        "claims": [
            _data(one, what, language) for one, what in zip(found.claims, bound, strict=True)
        ],
        "set_aside": [
            {"text": one.text, "start": one.start, "end": one.end, "why": one.why}
            for one in found.set_aside
        ],
    }


def _data(one: Claim, what: binding.Binding, language: str) -> dict[str, Any]:
    return as_data(one) | {
        "binding": what.figure.name if what.figure else None,
        "record": decimal(what.record),
        "verdict": what.verdict,
        "why": [
            {"code": code, "params": params, "text": words.text((code, params), language)}
            for code, params in what.why
        ],
    }


def _vectors(options: argparse.Namespace) -> int:
    outcomes = vectors.run(Path(options.vectors))
    for one in outcomes:
        print(f"{one.suite}: {one.passed} passed, {len(one.failed)} failed")
        for text in one.failed:
            print(f"  {text}")
    passed, failed = sum(one.passed for one in outcomes), sum(len(one.failed) for one in outcomes)
    print(f"{passed} passed, {failed} failed")
    return int(failed > 0)
