"""Choosing a place by links and one list: county, town, then village; or by a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from dingzi.city import directory, selectors
from dingzi.city.directory import DivisionCard

#: How many places a search shows.
FOUND = 12


@dataclass(frozen=True, slots=True)
class Picker:
    """What the page shows: where one stands, what lies below, what a search found.

    Attributes
    ----------
    at : the code one stands at, "" for the whole city. chosen : it may be filed for.
    """

    at: str
    chosen: bool
    path: list[dict[str, str]]
    below: list[dict[str, str]]
    villages: list[tuple[str, str]]
    found: list[dict[str, str]]
    words: str
    whole: dict[str, str] | None


def picker(at: str, words: str, base: str, language: str, *, whole: bool = False) -> Picker:
    """Lay out the choice. ``base`` is the page's address; ``whole`` takes a county as it is."""
    card = directory.division(at)
    if card is not None and card.level == "city":
        card = None
    found = selectors.search_divisions(words, limit=FOUND) if words else []
    town = card if card and card.level == "town" else None
    if card and card.level == "village":
        town = directory.division(card.parent)
    chosen = town is not None or (card is not None and whole)
    return Picker(
        at=card.code if card else "",
        chosen=chosen,
        path=_path(card, base, language),
        below=[] if chosen else _below(card, base, language),
        villages=_villages(town, language) if town else [],
        found=[_line(one, base, language) for one in found if one.level != "city"],
        words=words,
        whole=_whole(card, base, language) if card and not chosen else None,
    )


def _path(card: DivisionCard | None, base: str, language: str) -> list[dict[str, str]]:
    if card is None:
        return []
    steps = [{"name": _("全市"), "url": f"{base}?at="}]
    for one in directory.path(card.code):
        steps.append({"name": directory.name_of(one, language), "url": f"{base}?at={one.code}"})
    return steps


def _below(card: DivisionCard | None, base: str, language: str) -> list[dict[str, str]]:
    if card is None:
        cards = directory.divisions("county")
    else:
        cards = directory.children(card.code)
    return [
        {
            "code": one.code,
            "name": directory.name_of(one, language),
            "url": f"{base}?at={one.code}",
        }
        for one in cards
    ]


def _villages(town: DivisionCard, language: str) -> list[tuple[str, str]]:
    none = _("说不清，就到%(town)s") % {"town": directory.name_of(town, language)}
    return [(town.code, none)] + [
        (one.code, directory.name_of(one, language)) for one in directory.children(town.code)
    ]


def _line(one: DivisionCard, base: str, language: str) -> dict[str, str]:
    around = selectors.full_name(one.parent, language) if one.parent else ""
    return {
        "name": directory.name_of(one, language),
        "around": around if one.level != "county" else "",
        "url": f"{base}?at={one.code}",
    }


def _whole(card: DivisionCard, base: str, language: str) -> dict[str, Any]:
    name = directory.name_of(card, language)
    return {
        "name": _("说不清是哪个乡镇，就到%(county)s") % {"county": name},
        "url": f"{base}?at={card.code}&whole=1",
    }
