"""Reads of the city beyond what ``directory`` keeps in memory: days past, holders, the picker.

No viewer is asked for: the city's book is public, and no name of a person is returned.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone

from . import directory
from .directory import DivisionCard
from .models import Delegation, Post, Tenure, Unit


def held_on(day: date, at: str = "") -> Q:
    """Return the filter "holds on ``day``", for the dated row that lies at ``at``."""
    prefix = f"{at}__" if at else ""
    return Q(**{f"{prefix}since__lte": day}) & (
        Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": day})
    )


def successors(unit: Unit) -> list[Unit]:
    """Return the units that followed ``unit``, the one of today last; empty where none did."""
    chain: list[Unit] = []
    while unit.successor is not None and unit.successor not in chain:
        unit = unit.successor
        chain.append(unit)
    return chain


def posts_of_unit(unit: int, day: date | None = None) -> list[Post]:
    """Return the posts that a unit has on ``day`` (today), oldest first."""
    today = day or timezone.localdate()
    return list(Post.objects.filter(held_on(today), unit=unit).order_by("since", "id"))


def holder_of(post: int, day: date | None = None) -> int | None:
    """Return the id of the account that sits on a post on ``day`` (today); None where nobody does."""
    found = Tenure.objects.filter(held_on(day or timezone.localdate()), post=post)
    return found.order_by("-since").values_list("account", flat=True).first()


def holders_of(posts: Iterable[int], day: date | None = None) -> dict[int, int]:
    """Return post -> account for those of ``posts`` on which somebody sits; one query."""
    found = Tenure.objects.filter(held_on(day or timezone.localdate()), post__in=list(posts))
    return dict(found.order_by("since").values_list("post", "account"))


def delegates_of(post: int, day: date | None = None) -> list[int]:
    """Return the ids of the posts that stand in for ``post`` on ``day`` (today)."""
    found = Delegation.objects.filter(held_on(day or timezone.localdate()), post=post)
    return list(found.order_by("since", "id").values_list("delegate", flat=True))


def full_name(code: str | None, language: str = "zh-hans") -> str:
    """Return a place's names from the county down, as it is written in ``language``."""
    names = [directory.name_of(one, language) for one in directory.path(code)]
    return ", ".join(reversed(names)) if language.startswith("en") else "".join(names)


def search_divisions(
    words: str, *, within: str = "", level: str = "", limit: int = 20
) -> list[DivisionCard]:
    """Find divisions for a picker: every word must occur in a name of the place or of one above.

    Words of digits are taken as the beginning of a code. Whole names come first, then names that
    begin so, larger places before smaller.
    """
    wanted = words.casefold().split()
    if not wanted:
        return []
    found: list[tuple[Any, DivisionCard]] = []
    for one in directory.below(within):
        if level and one.level != level:
            continue
        rank = _rank(one, wanted)
        if rank is not None:
            found.append(((rank, len(one.code), one.code), one))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])[:limit]]


def _rank(one: DivisionCard, wanted: list[str]) -> int | None:
    """Return 0 for a whole name, 1 for a beginning, 2 for a part; None where a word is nowhere."""
    *above, last = wanted
    own = [name.casefold() for name in (one.name, one.name_en, *one.also.split()) if name]
    if last in own or last == one.code or last in _spelt_out(one, last):
        rank = 0
    elif any(name.startswith(last) for name in own) or (
        last.isdigit() and one.code.startswith(last)
    ):
        rank = 1
    elif any(last in name for name in own):
        rank = 2
    else:
        return None
    if not above:
        return rank
    around = "".join(directory.search_text(parent) for parent in directory.path(one.code))
    return rank if all(word in around for word in above) else None


def _spelt_out(one: DivisionCard, words: str) -> set[str]:
    """Return the ways in which a place is written in one go: 高安市新街镇, 宜春市高安市新街镇."""
    if not words.endswith(one.name):
        return set()
    city = directory.city()
    names = [card.name for card in ([city] if city else []) + directory.path(one.code)]
    return {"".join(names[start:]) for start in range(len(names) - 1)}


def find_division(name: str, *, within: str = "", level: str = "") -> DivisionCard | None:
    """Return the one division that ``name`` can only mean (for imports); None where it is open.

    Takes a code, a name, another name, a name without its last word (袁州 for 袁州区), or one with
    the names above it. Of alike meanings the larger place counts (丰城 is the city, not a village).
    """
    name = name.strip().casefold()
    found: dict[tuple[int, int], list[DivisionCard]] = {}
    for one in directory.below(within) if name else ():
        if not level or one.level == level:
            rank = _means(one, name)
            if rank is not None:
                found.setdefault((rank, len(one.code)), []).append(one)
    best = found[min(found)] if found else []
    return best[0] if len(best) == 1 else None


_LAST_WORDS = ("街道", "社区", "市", "区", "县", "镇", "乡", "村")


def _means(one: DivisionCard, name: str) -> int | None:
    if name in (one.code, one.name, one.name_en.casefold()) or name in _spelt_out(one, name):
        return 0
    if name in one.also.casefold().split():
        return 1
    ending = next((word for word in _LAST_WORDS if one.name.endswith(word)), "")
    bare = one.name.removesuffix(ending)
    return 2 if ending and len(bare) >= 2 and name == bare else None
