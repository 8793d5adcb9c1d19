"""What makes a declaration impossible; found when it is loaded, never on a page."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from .declare import (
    GRAINS,
    Change,
    Figure,
    Mean,
    Median,
    Part,
    Quantile,
    Share,
    Stock,
)  # fmt: skip
from .declare_places import MADE_OF, PerCapita, Rank
from .populations import LOOKUPS, Population, terms

NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\Z")


def fault(figure: Figure, mechanism: str) -> str | None:
    """Say in one sentence why the figure cannot work; None if it can."""
    for check in (_words, _settings, _kind, _dimensions):
        if found := check(figure):
            return found
    return watched_fault(figure.name, figure.parts, mechanism)


def watched_fault(name: str, parts: Iterable[Part], mechanism: str) -> str | None:
    """Say why something of this name cannot be tallied from these parts; None if it can."""
    if not NAME.match(name) or not name.startswith(f"{mechanism}."):
        return f"its name must be {mechanism}. and one word in small letters"
    for part in parts:
        if found := _part(part):
            return found
    return None


def _words(figure: Figure) -> str | None:
    for text in (figure.title, figure.means, figure.unit):
        if not text.zh.strip() or not text.en.strip():
            return "title, means and unit need words in both languages"
    for gap in figure.breaks:
        if not gap.zh.strip() or not gap.en.strip():
            return f"the break on {gap.on} needs words in both languages"
    if isinstance(figure.also, str):
        return "also is one text: write a list of names"
    if any(not name.strip() for name in figure.also):
        return "one of its other names is empty"
    if len({name.casefold() for name in figure.also}) < len(figure.also):
        return "one of its other names stands twice"
    return None


def _settings(figure: Figure) -> str | None:
    if figure.grain not in GRAINS:
        return f"grain {figure.grain!r} is none of {', '.join(GRAINS)}"
    if figure.good not in ("up", "down", ""):
        return f"good {figure.good!r} is neither up nor down nor empty"
    if not 0 <= figure.places <= 4:
        return f"places {figure.places} lies outside 0 to 4"
    if figure.version < 1:
        return f"version {figure.version} is below 1"
    return None


def _kind(figure: Figure) -> str | None:
    if isinstance(figure, Share):
        of, over = figure.of, figure.over
        if of.model is not over.model:
            return f"a share of {over.model.__name__} cannot count {of.model.__name__}"
        if of.on != over.on:
            return f"its parts are dated by different columns, {of.on} and {over.on}"
        if not of.is_within(over) or of == over:
            return f"{of.name} must be a part of {over.name}: make it by {over.name}.only(...)"
    if isinstance(figure, Stock):
        if figure.begun.model is not figure.ended.model:
            return "what begins and what ends must be rows of one model"
        if figure.begun.on == figure.ended.on:
            return f"begin and end are the same column, {figure.begun.on}"
    if isinstance(figure, Quantile) and not 0 < figure.q < 1:
        return f"q {figure.q} must lie between 0 and 1"
    if isinstance(figure, MADE_OF):
        return _made_of(figure)
    return None


def _made_of(figure: Change | PerCapita | Rank) -> str | None:
    if isinstance(figure.of, Change | Rank):
        return f"{figure.of.name} is a {figure.of.kind} itself; of that no {figure.kind} is told"
    if isinstance(figure, PerCapita):
        if isinstance(figure.of, Share | Mean | Median | Quantile | PerCapita):
            return f"a {figure.of.kind} is not told for each resident; only counts and sums are"
        if figure.per < 1:
            return f"per {figure.per} must be a number of residents"
    if isinstance(figure, Rank):
        if not figure.among.place:
            return f"only places are ranked, and {figure.among.name} is none"
        if list(figure.by) != [figure.among]:
            return (
                f"it must be divided by {figure.among.name}, among which it ranks, and nothing else"
            )
    if unknown := set(figure.dimensions) - set(figure.of.dimensions):
        return f"{figure.of.name} is not divided by {', '.join(sorted(unknown))}"
    return None


def _dimensions(figure: Figure) -> str | None:
    names = [one.name for one in figure.by]
    if len(set(names)) != len(names):
        return "a dimension is named twice"
    for one in figure.by:
        if one.name in GRAINS:
            return f"dimension {one.name}: time divides every figure; leave it out"
        if one.within and one.within not in names:
            return (
                f"dimension {one.name} lies within {one.within}, which is not among its dimensions"
            )
        for part in figure.parts:
            if not _column(part.population.model, one.column):
                label = part.population.model.__name__
                return f"unknown dimension {one.name}: {label} has no column {one.column!r}"
    return None


def _part(part: Part) -> str | None:
    of = part.population
    if found := _population(of):
        return found
    if part.column:
        field = _column(of.model, part.column)
        if not isinstance(field, models.IntegerField):
            return f"{of.model.__name__} has no column of whole numbers {part.column!r}"
    return None


def _population(of: Population) -> str | None:
    label = of.model.__name__
    if not isinstance(_column(of.model, of.on), models.DateField):
        return f"population {of.name}: {label} has no column of days {of.on!r}"
    for column, lookup, _ in terms(of.where):
        if not _column(of.model, column):
            return f"population {of.name}: {label} has no column {column!r}"
        if lookup not in LOOKUPS:
            return (
                f"population {of.name}: {column}__{lookup} is none of {', '.join(sorted(LOOKUPS))}"
            )
    return None


def _column(model: type[models.Model], name: str) -> models.Field | None:
    """Return a column of the projection itself: a join would count what another table says now."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, models.Field) and field.concrete else None
