"""Matching people and jobs: candidates under hard conditions, stable matching, best assignment."""

from .checking import check
from .deciding import decide
from .lists import Lists
from .people import JobsProblem, Names, Seekers, Travel, Vacancies
from .settings import Forbidden, MatchingSettings, Points, Weights, forbidden_on
from .solution import Claimed, Matching

__all__ = [
    "Claimed",
    "Forbidden",
    "JobsProblem",
    "Lists",
    "Matching",
    "MatchingSettings",
    "Names",
    "Points",
    "Seekers",
    "Travel",
    "Vacancies",
    "Weights",
    "check",
    "decide",
    "forbidden_on",
]
