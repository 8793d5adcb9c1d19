"""Which engines there are, and what each must bring to be used by name.

An engine is a package ``dingzi.engines.NAME`` with an ``entry.py`` that defines ``ENGINE`` and a
``words.yaml`` whose ``NAME.title`` says in a line what it decides. Nothing else has to be told.
"""

from __future__ import annotations

import importlib
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from .contract import Reason, Result, Settings, Verdict

FOLDER = Path(__file__).parent


class Check(Protocol):
    """An independent checker: it shares no code with the solver that could be wrong in both."""

    def __call__(self, problem: Any, settings: Any, solution: Any, /) -> Verdict: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A form in which a problem is read; ``options`` are those of the command line."""

    zh: str
    en: str
    read: Callable[[Path, Namespace], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a study found: a table (columns of plain values, or of reasons), and what to say of it.

    ``holds`` is False where nothing was found or a demand cannot be met.
    """

    table: Mapping[str, Sequence[Any]]
    reasons: Sequence[Reason] = ()
    holds: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A further question to an engine, asked by an option of its own.

    Parameters
    ----------
    option
        The option's name in the namespace; None there where nobody asks.
    run
        ``run(problem, settings, options)``.
    anytime
        Whether what it has found so far is told where one interrupts it.
    """

    option: str
    run: Callable[[Any, Any, Namespace], Told]
    anytime: bool = False


def _no_arguments(parser: ArgumentParser) -> None:
    """Most engines need no option of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """What the command and the records of runs need of an engine.

    Parameters
    ----------
    formats
        By name; the first is taken where none is named.
    settings
        ``settings(problem, options, **common)``: the engine's settings; ``common`` are the fields
        of ``Settings``.
    decide, check
        ``decide(problem, settings)``, ``check(problem, settings, solution)``.
    as_data
        ``as_data(problem, solution)``: the solution as plain JSON values.
    write, read_solution
        ``write(problem, solution, path)`` as a table (CSV or Parquet by its suffix), and back.
    arguments
        Adds the options that only this engine has.
    studies
        Further questions that the engine answers by a table.
    anytime
        Whether ``decide`` has a best answer so far that it ends with where one interrupts it.
    """

    formats: Mapping[str, Format]
    settings: Callable[..., Settings]
    decide: Callable[[Any, Any], Result[Any]]
    check: Check
    as_data: Callable[[Any, Any], Any]
    write: Callable[[Any, Any, Path], None]
    read_solution: Callable[[Any, Path], Any]
    arguments: Callable[[ArgumentParser], None] = _no_arguments
    studies: tuple[Study, ...] = ()
    anytime: bool = False


def names() -> list[str]:
    """Return the names of all engines, without loading any."""
    return sorted(path.parent.name for path in FOLDER.glob("*/entry.py"))


def engine(name: str) -> Engine:
    """Load one engine and nothing of the others."""
    found: Engine = importlib.import_module(f"dingzi.engines.{name}.entry").ENGINE
    return found
