"""``dingzi decide``: an engine on a file, without Django or a database.

Loads only the engine that is asked for.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from . import words
from .contract import Number, Reason, Result, Settings, Stop, Tell, Verdict
from .errors import EngineError
from .interrupting import interrupted, listening
from .options import positive
from .registry import Engine, Study, Told, engine, names
from .studying import show

KEYS = (
    *("objective", "bound", "gap", "seconds", "solver", "version"),
    *("seed", "status", "solution", "reasons"),
)
_SECONDS = 60.0
_NOTHING: tuple[Reason, ...] = (("interrupted_none", {}),)
_EARLY: Reason = ("interrupted_early", {})
_ABOUT = """用引擎求解一个文件（不用数据库）。 Let an engine decide on a file (no database needed).

先选引擎，再看它的选项 choose an engine, then ask for its options:
  dingzi decide ENGINE --help

按 Ctrl-C 停下，给出目前最好的解 Ctrl-C ends with the best answer so far; 再按一次，立即停 once more: at once

退出码 exit status: 0 有答案 answered; 1 没算出来，或解不成立 no answer in time, or a checked
solution does not hold; 2 输入有错 the input is wrong
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
    """Run one engine; return 0, 1 without an answer, 2 with a message for bad input."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Chinese on a terminal of any locale
            stream.reconfigure(encoding="utf-8", errors="replace")
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_help())
        return 0
    try:
        chosen = _load(arguments[0])
        options = _parser(arguments[0], chosen).parse_args(arguments[1:])
        status = _run(chosen, options)
        sys.stdout.flush()
    except SystemExit as stop:  # argparse leaves this way after --help
        return int(stop.code or 0)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("dingzi decide: 已停下，没有答案 stopped, no answer", file=sys.stderr)
        return 1
    except _Usage as error:
        print(f"dingzi decide: {error}", file=sys.stderr)
        return 2
    except EngineError as error:
        print(f"dingzi decide: {error.say('zh')}\n{error.say('en')}", file=sys.stderr)
        return 2
    return status


def _help() -> str:
    lines = [_ABOUT, "引擎 engines:"]
    for name in names():
        title = words.load()[f"{name}.title"]
        lines.append(f"  {name:<12} {title['zh']}\n{'':<15}{title['en']}")
    return "\n".join(lines)


def _load(name: str) -> Engine:
    if name not in names():
        raise EngineError("engine_unknown", {"found": name, "known": ", ".join(names())})
    try:
        return engine(name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("dingzi"):
            raise
        raise EngineError("engine_missing_library", {"library": error.name or ""}) from None


def _parser(name: str, chosen: Engine) -> _Parser:
    title = words.load()[f"{name}.title"]
    forms = "\n".join(f"  {key:<12} {f.zh}\n{'':<15}{f.en}" for key, f in chosen.formats.items())
    parser = _Parser(
        prog=f"dingzi decide {name}",
        description=f"{title['zh']}\n{title['en']}\n\n格式 formats:\n{forms}",
    )
    add = parser.add_argument
    add("file", metavar="FILE", type=Path, help="要解的题 the problem")
    add(
        "--format",
        choices=list(chosen.formats),
        default=next(iter(chosen.formats)),
        help="题的格式 the form of the problem (%(default)s)",
    )
    add(
        "--seconds", type=_positive, metavar="S",
        help=f"最多算几秒 stop after these seconds ({_SECONDS:g})",
    )  # fmt: skip
    add(
        "--work", type=positive, metavar="N",
        help="按工作量停，单核时每次答案一样 stop after this work; on one core the same answer again",
    )  # fmt: skip
    add("--seed", type=int, default=0, metavar="N", help="随机种子 seed (%(default)s)")
    add("--cores", type=positive, metavar="N", help="用几个核 how many cores (all; 1 with --work)")
    add("--json", action="store_true", help="输出 JSON print JSON")
    add("--language", choices=("zh", "en"), default="zh", help="用哪种语言 language (zh)")
    add("--out", type=Path, metavar="FILE", help="解存成表 write the solution: .csv or .parquet")
    add(
        "--check", type=Path, metavar="SOLUTION",
        help="不求解，只核对这个解，成立的再按 --out 写 do not solve, check this solution; what holds is written to --out",
    )  # fmt: skip
    chosen.arguments(parser)
    return parser


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"{text!r}: 请写大于 0 的数 write a number above 0")
    return value


def _run(chosen: Engine, options: argparse.Namespace) -> int:
    if options.out is not None:
        from .tables import check_target

        check_target(options.out)
    study = _study(chosen, options)
    problem = chosen.formats[options.format].read(options.file, options)
    with _progress(quiet=options.check is not None) as tell:
        settings = chosen.settings(
            problem, options, stop=_stop(options), seed=options.seed, tell=tell
        )
        if options.check is not None:
            return _check(chosen, problem, settings, options)
        if study is not None:
            return show(_study_of(chosen, study, problem, options, settings), study.option, options)
        result = _decide(chosen, problem, settings)
    if result.solution is not None:
        verdict = chosen.check(problem, settings, result.solution)
        if not verdict.feasible:  # never tell an answer that does not hold
            _print_reasons(verdict.broken, options.language, sys.stderr)
            return 1
        if options.out is not None:
            chosen.write(problem, result.solution, options.out)
    _show(chosen, problem, result, options)
    return 1 if result.status == "unknown" or _nothing(result) else 0


def _decide(chosen: Engine, problem: Any, settings: Settings) -> Result[Any]:
    """Decide; where one interrupts it, with the best answer so far, if the engine has one."""
    begun = time.monotonic()
    try:
        with listening(chosen.anytime), _libraries_apart():
            result = chosen.decide(problem, settings)
            early = interrupted() and result.status in ("feasible", "unknown")
    except KeyboardInterrupt:
        return Result(
            status="interrupted", solution=None, objective=None, bound=None, reasons=_NOTHING,
            seed=settings.seed, solver="", version="", seconds=time.monotonic() - begun,
        )  # fmt: skip
    if not early:
        return result
    reasons = _NOTHING if result.solution is None else result.reasons
    return replace(result, status="interrupted", reasons=reasons)


def _study_of(
    chosen: Engine, study: Study, problem: Any, options: argparse.Namespace, settings: Settings
) -> Told:
    """Run a study; where one interrupts it, what is found so far, if that says anything."""
    with listening(chosen.anytime or study.anytime), _libraries_apart():
        told = study.run(problem, settings, options)
        early = interrupted()
    if early and not study.anytime:
        raise KeyboardInterrupt
    return replace(told, reasons=(*told.reasons, _EARLY)) if early else told


def _nothing(result: Result[Any]) -> bool:
    return result.status == "interrupted" and result.solution is None


def _study(chosen: Engine, options: argparse.Namespace) -> Study | None:
    asked = [one for one in chosen.studies if getattr(options, one.option) is not None]
    if len(asked) + (options.check is not None) > 1:
        names = " ".join(f"--{one.option.replace('_', '-')}" for one in asked)
        raise _Usage(f"一次只能问一样 ask one thing at a time: {names} --check")
    return asked[0] if asked else None


def _stop(options: argparse.Namespace) -> Stop:
    seconds = options.seconds
    if seconds is None and options.work is None:
        seconds = _SECONDS
    cores = options.cores or (1 if options.work else len(os.sched_getaffinity(0)))
    return Stop(seconds=seconds, work=options.work, cores=cores)


def _check(chosen: Engine, problem: Any, settings: Any, options: argparse.Namespace) -> int:
    from importlib.metadata import version

    begun = time.monotonic()
    solution = chosen.read_solution(problem, options.check)
    verdict: Verdict = chosen.check(problem, settings, solution)
    if verdict.feasible and options.out is not None:
        chosen.write(problem, solution, options.out)
    result = Result[Any](
        status="feasible" if verdict.feasible else "infeasible",
        solution=solution,
        objective=verdict.objective,
        bound=None,
        reasons=verdict.reasons if verdict.feasible else verdict.broken,
        seed=options.seed,
        solver="check",
        version=version("dingzi"),
        seconds=time.monotonic() - begun,
    )
    _show(chosen, problem, result, options)
    return 0 if verdict.feasible else 1


def _show(chosen: Engine, problem: Any, result: Result[Any], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(_as_data(chosen, problem, result), ensure_ascii=False, allow_nan=False))
        return
    zh = options.language == "zh"
    told = {
        "optimal": "最优 optimal",
        "feasible": "可行 feasible",
        "infeasible": "不成立 infeasible",
        "unknown": "没算出来 unknown",
        "interrupted": "中断了 interrupted",
    }[result.status].split(" ", 1)[0 if zh else 1]
    gap = "–" if result.gap is None else f"{result.gap:.4%}"
    rows = [
        ("结果" if zh else "status", told),
        ("目标值" if zh else "objective", _number(result.objective)),
        ("下界或上界" if zh else "bound", _number(result.bound)),
        ("差距" if zh else "gap", gap),
        ("用时" if zh else "seconds", f"{result.seconds:.2f}"),
        ("求解器" if zh else "solver", f"{result.solver} {result.version}"),
    ]
    for name, value in rows:
        print(f"{name}: {value}")
    _print_reasons(result.reasons, options.language, sys.stdout)


def _as_data(chosen: Engine, problem: Any, result: Result[Any]) -> dict[str, Any]:
    solution = None if result.solution is None else chosen.as_data(problem, result.solution)
    made = {key: getattr(result, key) for key in KEYS}
    return made | {"solution": solution, "reasons": [list(one) for one in result.reasons]}


def _number(value: Number | None) -> str:
    return "–" if value is None else f"{value:,.12g}"


def _print_reasons(reasons: Sequence[Any], language: str, stream: Any) -> None:
    for reason in reasons:
        print(f"- {words.say(reason, language)}", file=stream)


@contextlib.contextmanager
def _libraries_apart() -> Iterator[None]:
    """Send what solvers print from C to standard error: standard output is for the answer."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
        os.dup2(2, 1)
    except OSError:  # one of them is closed: nothing to keep apart
        yield
        return
    try:
        yield
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)


@contextlib.contextmanager
def _progress(*, quiet: bool) -> Iterator[Tell | None]:
    """Show how far a long solve is, on a terminal only."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("")

        def tell(objective: Number | None, bound: Number | None) -> None:
            shown.update(task, description=f"{_number(objective)} (≥≤ {_number(bound)})")

        yield tell
