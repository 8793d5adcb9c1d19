"""Occupations by the 2022 classification: a code is a place in a tree, told by its prefix."""

from __future__ import annotations

import csv
import difflib
import re
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

_FORM = re.compile(r"([1-8])-(\d\d)-(\d\d)-(\d\d)\Z")
#: how many numbers a code of each level spans: great, middle, small group, occupation
SPANS = np.array([0, 1_000_000, 10_000, 100, 1], dtype=np.int64)


@cache
def names() -> dict[str, str]:
    """Return every code of the classification with its Chinese name."""
    text = (files(__package__) / "data" / "occupations-2022.csv").read_text("utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(text.splitlines())}


def number(code: str) -> int:
    """Return a code as a number that keeps its order: ``4-08-06-01`` is 4080601.

    Raises ValueError with codes that look like it where the classification has no such code.
    """
    form = _FORM.match(code)
    if form is None or code not in names():
        raise ValueError(", ".join(difflib.get_close_matches(code, names(), n=3)))
    return int("".join(form.groups()))


def text(value: int) -> str:
    """Return a number as the code it stands for."""
    digits = f"{value:07d}"
    return f"{digits[0]}-{digits[1:3]}-{digits[3:5]}-{digits[5:]}"


def level(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 1 (great group) to 4 (occupation), told by trailing zeros."""
    return 4 - sum((values % span == 0).astype(np.int64) for span in SPANS[1:4])


def spans(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many numbers, from its own on, lie under each code."""
    return SPANS[level(values)]
