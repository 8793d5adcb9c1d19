"""What of a matter the search index keeps, and which acts change it."""

from __future__ import annotations

from dingzi.core import search

from .acts import Act
from .models import Matter, Private, event_id


def changes(made: Act) -> bool:
    """Tell whether an act changes by what, or by whom, its matter is found."""
    changed = ("title", "spot", "parties")
    moved = ("place", "county", "town", "confidential", "foreign_number")
    return any(n in made.private for n in changed) or any(n in made.facts for n in moved)


def first_words(stream: int) -> list[str]:
    """Return the words of a stored matter's opening: they count, not what was said after it."""
    first = Private.objects.filter(event_id=event_id(stream, 1)).first()
    return [first.data.get("text", "")] if first else []


def entry(matter: Matter, texts: list[str]) -> search.Row:
    """Return a matter's entry in the search index, of the words of its opening (the first)."""
    return search.rows(*indexed(matter, texts[:1]))


def indexed(matter: Matter, texts: list[str]) -> tuple[int, list[str], list[str]]:
    """Return what the search index keeps of a matter: id, texts, scope tokens."""
    names = [p.get("name", "") for p in matter.people]
    places = [("c", matter.county), ("t", matter.town), ("a", "all")]
    scopes = [] if matter.confidential else [f"{kind}:{code}" for kind, code in places if code]
    return (
        matter.id,
        [matter.number, matter.foreign_number, matter.title, matter.spot, *names, *texts],
        scopes,
    )
