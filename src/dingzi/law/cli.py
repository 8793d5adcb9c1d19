"""``dingzi law``: look up parameters and compute deadlines, without Django or a database."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

from . import phrases, words
from .calendars import calendar
from .counting import day_of
from .deadlines import deadline
from .errors import BadFile, LawError
from .loading import Definition
from .registry import PARAMETERS
from .values import KINDS, Rule, Value

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_PACKAGE = Path(__file__).parents[1]
#: a longer term is a slip of the keyboard
_MOST_DAYS = 100_000

_ABOUT = """查参数、算期限（不用数据库）。 Look up parameters, compute deadlines (no database needed).

例 examples:
  dingzi law list disputes
  dingzi law show disputes.mediation_days --on 2025-09-02
  dingzi law deadline --rule disputes.mediation_days --from 2025-09-02 --pause 2025-09-16/2025-09-17
  dingzi law deadline --days 15 --kind working --from 2025-09-26 --json
"""


class _Usage(Exception):
    """A command line that cannot be understood; the text says what to write."""


class _Parser(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            allow_abbrev=False,
            add_help=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **options,
        )
        self._positionals.title = "参数 arguments"
        self._optionals.title = "选项 options"
        self.add_argument("-h", "--help", action="help", help="显示帮助 show this help")

    def error(self, message: str) -> NoReturn:
        raise _Usage(f"{message}\n用法 {self.format_usage().strip()}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 with a message on stderr for what cannot be answered."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Chinese on a terminal of any locale
            stream.reconfigure(encoding="utf-8", errors="replace")
    parser = _parser()
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments:
        parser.print_help()
        return 0
    try:
        options = parser.parse_args(arguments)
        for pattern in ("*/parameters", "mechanisms/*/parameters"):
            for folder in sorted(_PACKAGE.glob(pattern)):
                PARAMETERS.register(folder)
        options.run(options)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse leaves this way after --help
        return int(stop.code or 0)
    except BrokenPipeError:  # the reader has seen enough: `dingzi law list | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except BadFile as error:
        print(f"参数文件有错 a parameter file is wrong: {error}", file=sys.stderr)
        return 1
    except (_Usage, LawError) as error:
        print(f"dingzi law: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> _Parser:
    parser = _Parser(prog="dingzi law", description=_ABOUT)
    commands = parser.add_subparsers(
        title="命令 commands", metavar="COMMAND", required=True, parser_class=_Parser
    )

    show = commands.add_parser(
        "show",
        help="一个参数某一天是多少、谁定的 what a parameter is on a day, and who says so",
        description="一个参数某一天是多少、谁定的。只看随软件的文件，不看本市另设的值。\n"
        "What a parameter is on a day, and who says so, in the files of this installation; values "
        "that the city\nset in its own book are not looked up.",
    )
    show.add_argument("name", metavar="NAME", help="参数名 its name, e.g. disputes.mediation_days")
    _common(show)
    show.set_defaults(run=_show)

    listing = commands.add_parser(
        "list",
        help="全部参数 all parameters",
        description="全部参数和它们某一天的值。 All parameters and what they are on a day.",
    )
    listing.add_argument(
        "begin", metavar="BEGIN", nargs="?", default="", help="名字开头 first part of the name"
    )
    _common(listing)
    listing.set_defaults(run=_list)

    due = commands.add_parser(
        "deadline",
        help="期限到哪一天、为什么 on which day a deadline ends, and why",
        description="期限到哪一天、为什么。开始的当天不算；最后一天是休息日的顺延，除非另说。\n"
        "On which day a deadline ends, and why. The first day is not counted; a last day on a rest\n"
        "day moves to the next working day unless told not to.",
    )
    length = due.add_mutually_exclusive_group(required=True)
    length.add_argument("--rule", metavar="NAME", help="按哪个参数 the parameter that sets it")
    length.add_argument("--days", metavar="N", type=_days, help="多少天 how many days")
    due.add_argument(
        "--kind",
        choices=KINDS,
        help="与 --days 连用: working 工作日, calendar 自然日; with --days: working or calendar days",
    )
    due.add_argument(
        "--from", dest="start", metavar="DATE", type=_date, required=True,
        help="从哪天起（当天不算） the day it starts, not counted: YYYY-MM-DD",
    )  # fmt: skip
    due.add_argument(
        "--no-move",
        action="store_true",
        help="最后一天是休息日也不顺延 a last day on a rest day stays",
    )
    due.add_argument(
        "--pause", metavar="FIRST/LAST", type=_pause, action="append", default=[],
        help="停下的日子，首尾都算停，可多次写 paused days, both ends included; may be repeated",
    )  # fmt: skip
    _output(due)
    due.set_defaults(run=_deadline)
    return parser


def _common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--on",
        metavar="DATE",
        type=_date,
        help="哪一天，不写是今天 on which day (today): YYYY-MM-DD",
    )
    _output(parser)


def _output(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="输出 JSON print JSON")
    parser.add_argument(
        "--language", choices=("zh", "en"), default="zh", help="用哪种语言（zh） in which language"
    )


def _date(text: str) -> date:
    if _DATE.match(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise argparse.ArgumentTypeError(
        f"{text!r} 不是日期，请写成 2025-09-26 这样 is not a date: write it like 2025-09-26"
    )


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= _MOST_DAYS:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"{text!r}: 请写 1 到 {_MOST_DAYS} 的整数 write a whole number from 1 to {_MOST_DAYS}"
    )


def _pause(text: str) -> tuple[date, date]:
    first, slash, last = text.partition("/")
    if not slash:
        raise argparse.ArgumentTypeError(
            f"{text!r}: 请写 首日/末日 write FIRST/LAST, like 2025-09-16/2025-09-17"
        )
    days = (_date(first), _date(last))
    if days[1] < days[0]:
        raise argparse.ArgumentTypeError(
            f"{text!r}: 末日在首日之前 the last day is before the first: write FIRST/LAST"
        )
    return days


def _show(options: argparse.Namespace) -> None:
    item = PARAMETERS.definition(options.name)
    on = options.on or day_of(datetime.now(UTC))
    value = PARAMETERS.value(options.name, on)
    if options.json:
        _print_json(_as_data(item, value))
        return
    zh = options.language == "zh"
    print(f"{item.name}  {item.zh if zh else item.en}")
    print(f"{on}: {_written(item, value, options.language)}")
    print(_cited(value, options.language))
    if item.is_rule:
        print(_counted(item, zh))
    if item.note:
        print(item.note["zh" if zh else "en"])
    if len(item.dated) > 1:
        rows = [
            [
                str(d.value.since),
                _written(item, d.value, options.language),
                _cited(d.value, options.language),
            ]
            for d in item.dated
        ]
        _print_table(
            ("自" if zh else "since", "值" if zh else "value", "依据" if zh else "source"), rows
        )


def _list(options: argparse.Namespace) -> None:
    on = options.on or day_of(datetime.now(UTC))
    found: list[tuple[Definition, Value | None]] = []
    for item in PARAMETERS:
        if item.name.startswith(options.begin):
            found.append((item, item.on(on)))
    if not found:
        PARAMETERS.definition(options.begin)  # says which names are near
    if options.json:
        _print_json([_as_data(item, value) for item, value in found if value is not None])
        return
    zh = options.language == "zh"
    _print_table(
        ("名字", "说的是", "值", "依据") if zh else ("name", "what", "value", "source"),
        [
            [
                item.name,
                item.zh if zh else item.en,
                _written(item, value, options.language) if value else "–",
                _cited(value, options.language) if value else "",
            ]
            for item, value in found
        ],
    )


def _deadline(options: argparse.Namespace) -> None:
    if options.rule is None:
        if options.kind is None:
            raise _Usage(
                "--days 要和 --kind working 或 --kind calendar 连用: say also --kind working|calendar"
            )
        rule = Rule(options.days, kind=options.kind)
    else:
        if options.kind is not None:
            raise _Usage("--kind 只和 --days 连用: --rule knows its own kind, leave --kind out")
        rule = PARAMETERS.rule(options.rule, options.start)
    if options.no_move:
        rule = replace(rule, moves_last_day=False)
    found = deadline(options.start, rule, calendar(), options.pause)
    language = options.language
    told = words.lines(found.reasons, language, year=0)
    lines = [words.joined(text, cite, language) for text, cite in told]
    if options.json:
        _print_json(
            {"due": found.due.isoformat(), "provisional": found.provisional, "lines": lines}
        )
        return
    unsure = {"zh": "（可能会变）", "en": " (provisional)"}[language] if found.provisional else ""
    print(f"{found.due}{unsure}")
    for number, line in enumerate(lines, 1):
        print(f"{number}. {line}")


def _as_data(item: Definition, value: Value) -> dict[str, Any]:
    counted = {"kind": item.kind, "moves_last_day": item.moves_last_day} if item.is_rule else {}
    return {
        "name": item.name,
        "zh": item.zh,
        "en": item.en,
        "value": value.value,
        "unit": value.unit,
        **counted,
        "source": value.source,
        "article": value.article,
        "local": value.local,
        "since": value.since.isoformat(),
        "until": value.until.isoformat() if value.until else None,
    }


def _written(item: Definition, value: Value, language: str) -> str:
    if value.value is None:
        return "–"
    form = (value.value, value.unit, item.kind)
    if f"length.{value.unit}" in words.load():
        return phrases.fill("{length:length}", {"length": form}, language)
    if value.unit == "flag":
        yes, no = ("是", "否") if language == "zh" else ("yes", "no")
        return yes if value.value else no
    if f"unit.{value.unit}" in words.load():
        return f"{value.value} {words.load()[f'unit.{value.unit}'][language]}"
    return str(value.value)


def _cited(value: Value, language: str) -> str:
    if value.local:
        return phrases.cited([{"local": True}], language, words.load())
    law = {"law": PARAMETERS.law(value.source), "article": value.article}
    return phrases.cited([law], language, words.load())


def _counted(item: Definition, zh: bool) -> str:
    kind = {
        "working": "只算工作日" if zh else "working days only",
        "calendar": "周末和节假日也算" if zh else "weekends and public holidays included",
    }[item.kind]
    if item.kind == "working":
        return kind
    if item.moves_last_day:
        return kind + ("，最后一天是休息日的顺延" if zh else "; a last day on a rest day moves")
    return kind + ("，最后一天不顺延" if zh else "; the last day does not move")


def _print_json(data: Any) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold", no_wrap=not sys.stdout.isatty())
    for row in rows:
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 200, highlight=False, markup=False).print(table)
