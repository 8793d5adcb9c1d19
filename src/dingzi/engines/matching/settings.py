"""What a matching is asked to do: method, list length, weights, and the rule book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from ..contract import Settings
from ..errors import BadSettings

Method = Literal["candidates", "stable", "assignment"]
METHODS: tuple[Method, ...] = ("candidates", "stable", "assignment")
MOST_CHOICES = 200
MOST_WEIGHT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each part of a score counts; a part is 0 to 100 points.

    A vacancy's worth to the seeker: ``occupation`` (how narrowly he named it), ``wage`` (steps
    above what he asks), ``travel`` (nearness), ``education`` (how little of his is unused),
    ``hours`` (hours below his limit). A seeker's rank at the vacancy: ``fit`` (occupation as
    above), ``experience`` and ``schooling`` (beyond what is asked), ``nearness``.
    """

    occupation: int = 30
    wage: int = 30
    travel: int = 20
    education: int = 10
    hours: int = 10
    fit: int = 40
    experience: int = 30
    schooling: int = 10
    nearness: int = 20

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if not 0 <= value <= MOST_WEIGHT:
                fault = {"name": one.name, "found": value, "most": MOST_WEIGHT}
                raise BadSettings("matching_weight", fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """From which differences the points of the parts are counted.

    Parameters
    ----------
    wage_step_fen : one point for each step above the least wage asked, up to 100.
    minutes_per_point : a point lost for each such piece of the way.
    education_rank, education_year, weekly_hour : points of one rank, one year, one hour.
    """

    wage_step_fen: int = 5_000
    minutes_per_point: int = 1
    education_rank: int = 25
    experience_year: int = 10
    weekly_hour: int = 5

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if value < 1:
                raise BadSettings("matching_points", {"name": one.name, "found": value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbidden:
    """A kind of condition that a notice may not make, and who says so since when."""

    kind: str
    since: date
    source: str
    article: str


@cache
def rule_book() -> Mapping[str, Any]:
    """Return the rule book that comes with the engine (``rules.yaml``)."""
    import yaml

    text = (files(__package__) / "rules.yaml").read_text("utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


def conditions_known() -> frozenset[str]:
    """Return the kinds of conditions that have a name: forbidden ones and allowed ones."""
    book = rule_book()
    return frozenset(book["allowed"]) | {
        kind for rule in book["forbidden"] for kind in rule["kinds"]
    }


def forbidden_on(day: date) -> tuple[Forbidden, ...]:
    """Return the kinds that are forbidden on a day."""
    return tuple(
        Forbidden(kind=kind, since=rule["since"], source=rule["source"], article=rule["article"])
        for rule in rule_book()["forbidden"]
        if rule["since"] <= day
        for kind in rule["kinds"]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingSettings(Settings):
    """Settings of a matching.

    Parameters
    ----------
    method
        ``candidates``: each seeker's list of what he may be offered. ``stable``: deferred
        acceptance on these lists. ``assignment``: the greatest sum of scores.
    choices
        Length of a list.
    hard_reserve
        Whether reserved seats stay empty where nobody of the category asks for them.
    forbidden
        The rule book; the engine itself holds none (``forbidden_on(day)`` gives the one shipped).
    shards, ray
        Into how many shares the seekers are split, and whether these are workers of ``ray``.
    seed
        Draws the lots between seekers whom a vacancy ranks alike.
    """

    method: Method = "stable"
    choices: int = 10
    weights: Weights = field(default_factory=Weights)
    points: Points = field(default_factory=Points)
    hard_reserve: bool = False
    forbidden: tuple[Forbidden, ...] = ()
    shards: int = 1
    ray: bool = False

    def __post_init__(self) -> None:
        Settings.__post_init__(self)
        if self.method not in METHODS:
            fault = {"found": self.method, "known": ", ".join(METHODS)}
            raise BadSettings("matching_method", fault)
        if not 1 <= self.choices <= MOST_CHOICES:
            raise BadSettings("matching_choices", {"found": self.choices, "most": MOST_CHOICES})
        if not 1 <= self.shards <= 10_000:
            raise BadSettings("matching_shards", {"found": self.shards})
        if self.method == "assignment" and (self.shards > 1 or self.ray):
            raise BadSettings("matching_shards_method", {})
