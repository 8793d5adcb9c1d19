"""All declared figures. A mechanism's ``figures.py`` registers its own; they are loaded at the
first use, and by Django's checks, so a declaration that cannot work stops an installation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock

from django.utils.module_loading import autodiscover_modules

from dingzi.core.errors import LoadError, NotFound
from dingzi.core.registry import mechanism
from dingzi.core.text import Text

from . import checking, places
from .declare import Change, Figure, Part
from .populations import Population


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one mechanism, in the order of their declaration."""

    mechanism: str
    title: Text
    figures: tuple[Figure, ...]


_figures: dict[str, Figure] = {}
_mechanisms: dict[str, str] = {}
_populations: dict[str, Population] = {}
_parts: dict[Part, None] = {}
_loading = Lock()
_loaded = False


def register(mechanism: str, *figures: Figure) -> None:
    """Add the figures of a mechanism; LoadError names the figure, its file and line, and its fault."""
    for figure in figures:
        fault = checking.fault(figure, mechanism)
        other = _figures.get(figure.name)
        if fault is None and other is not None and other.place != figure.place:
            fault = f"declared already at {other.place}"
        fault = fault or take(figure.parts)
        if fault is not None:
            raise LoadError(f"{figure.place}: figure {figure.name}: {fault}")
        _figures[figure.name] = figure
        _mechanisms[figure.name] = mechanism


def take(parts: Iterable[Part]) -> str | None:
    """Have the parts tallied; say why that cannot be where a population is declared twice."""
    for part in parts:
        of = part.population
        if _populations.setdefault(of.name, of) != of:
            return f"population {of.name} is declared otherwise at {_populations[of.name].place}"
        _parts[part] = None
    return None


def load() -> dict[str, Figure]:
    """Import every app's ``figures.py`` once and return all figures by name."""
    global _loaded
    if not _loaded:
        with _loading:
            if not _loaded:
                try:
                    autodiscover_modules("figures")
                except LoadError:
                    raise
                except Exception as error:
                    raise LoadError(
                        f"{places.blamed(error)}: {type(error).__name__}: {error}"
                    ) from error
                _loaded = True
    return _figures


def get(name: str) -> Figure:
    """Return a figure; NotFound ``no_such_figure``."""
    found = load().get(name)
    if found is None:
        raise NotFound.of("no_such_figure", name=name)
    return found


def of(figure: str | Figure) -> Figure:
    return figure if isinstance(figure, Figure) else get(figure)


def mechanism_of(name: str) -> str:
    return _mechanisms[name]


def public() -> list[Group]:
    """Return the figures that pages list, by mechanism, in the mechanisms' order."""
    groups: dict[str, list[Figure]] = {}
    for name, figure in load().items():
        if figure.listed:
            groups.setdefault(_mechanisms[name], []).append(figure)
    return [
        Group(name, _title(name), tuple(figures))
        for name, figures in sorted(groups.items(), key=lambda item: _order(item[0]))
    ]


def home() -> list[Figure]:
    """Return at most six figures for the home page, in the order that declarations give."""
    chosen = [f for f in load().values() if f.home]
    return sorted(chosen, key=lambda f: (f.home, _order(_mechanisms[f.name]), f.name))[:6]


def parts() -> Iterator[Part]:
    """Yield everything that must be tallied, each part once: those of figures and of guards."""
    seen = set()
    load()
    for part in list(_parts):
        kept = Part(part.population, part.keep, part.column)
        if kept not in seen:
            seen.add(kept)
            yield kept


def related(figure: Figure) -> list[Figure]:
    """Return the changes declared of a figure."""
    return [f for f in load().values() if isinstance(f, Change) and f.of == figure]


def _title(name: str) -> Text:
    found = mechanism(name)
    return found.title if found else Text(name, name)


def _order(name: str) -> tuple[int, str]:
    found = mechanism(name)
    return (found.order if found else 1000, name)
