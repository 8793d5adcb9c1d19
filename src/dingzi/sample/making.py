"""Makes the sample city: structure, accounts, then what has happened in it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from dingzi.city import book
from dingzi.city.viewer import SYSTEM
from dingzi.matters.models import Event
from dingzi.matters.samples import LOCAL, SampleCity

from . import accounts, apart, city, filling, marks, structure
from .filling import Filled

#: A full city's share of itself, and the small city that is made in seconds.
FULL, SMALL = 1.0, 0.0072
#: From this share on every township takes part, and village committees too.
WHOLE = 0.05
#: Under this part's name the batches are counted that come after all others.
SEQUEL = 1_000

Progress = Callable[[Filled], None]


class NotASample(Exception):
    """There is a real city here, which must not be filled with simulated matters."""


def share_of(scale: str) -> float:
    """Return the share that ``small``, ``full`` or a number of disputes over two years stands for.

    Raises ValueError for anything else.
    """
    if scale in ("small", "full"):
        return SMALL if scale == "small" else FULL
    count = int(scale)
    if not 0 < count <= 2_000_000:
        raise ValueError(scale)
    return count / 204_000


def make(
    *, share: float, seed: int, force: bool = False, progress: Progress | None = None,
    begun: Callable[[SampleCity], None] | None = None, parts: int = 1,
) -> Filled | None:  # fmt: skip
    """Make the city, or go on with one that was broken off; None if it is there already.

    ``parts`` is how many processes work on it; one that was broken off goes on with as many.

    Raises
    ------
    NotASample
        Matters stand here that are not simulated (``force`` goes on all the same).
    """
    if marks.facts(marks.MADE):
        return None
    started = marks.facts(marks.BEGUN)
    if started is None:
        if not force and Event.objects.exists():
            raise NotASample
        started = _begin(share, seed, timezone.now(), parts)
    one = city_of(started)
    parts = started["parts"]
    if begun:
        begun(one)
    if parts > 1:
        filled = apart.fill(started, progress)
    else:
        filled = filling.fill(filling.batches(filling.stories(one)), progress)
    _refresh()
    last = filling.fill(filling.sequels(one), part=SEQUEL)
    made = {"stories": filled.stories + last.stories, "events": filled.events + last.events}
    book.record(marks.MADE, made, by=SYSTEM)
    _refresh()
    return filled


def _begin(share: float, seed: int, now: datetime, parts: int = 1) -> dict[str, Any]:
    facts = {
        "seed": seed,
        "millionths": round(share * 1_000_000),
        "now": now.isoformat(),
        "parts": parts,
    }
    with transaction.atomic():
        structure.write(villages=share >= WHOLE)
        home = city_of(facts).home
        facts["home"] = home
        accounts.write(home, now.astimezone(LOCAL).date())
        book.record(marks.BEGUN, facts, by=SYSTEM)
    return facts


def city_of(facts: dict[str, Any]) -> SampleCity:
    """Return the city that the book's entry describes."""
    share = facts["millionths"] / 1_000_000
    return city.build(
        seed=facts["seed"],
        share=share,
        whole=share >= WHOLE,
        now=datetime.fromisoformat(facts["now"]),
        home=facts.get("home", ""),
    )


def _refresh() -> None:
    """Have the figures computed, where they are kept."""
    try:
        refresh = importlib.import_module("dingzi.figures").refresh
    except AttributeError:
        return
    refresh()
