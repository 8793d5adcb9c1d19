"""The same thing told twice: proposed to whoever takes matters in, decided by him.

Nobody is listed: the question is always "is this matter like that one", never "what has this person
filed". A telephone number in common is said as a fact about two matters, not kept anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from dingzi import law
from dingzi.city.parameters import overrides
from dingzi.city.viewer import Viewer
from dingzi.core import search
from dingzi.core.likeness import Corpus
from dingzi.core.search.tokens import normalise

from .clocks import local_day
from .finding import scopes
from .models import SEQ_BITS, Matter, Private
from .opening import title_of
from .visibility import sees, visible

#: At most so many matters of the place and time are compared with one.
NEAR = 400
#: Pieces of a title by which others are looked up in the index, their length, and hits of each.
PIECES, PIECE, HITS = 10, 4, 20
#: Within one town a lower likeness is worth a look; a person decides.
PROPOSE = 0.22


@dataclass(frozen=True, slots=True)
class Likeness:
    """A matter that may be the same: how alike (0 to 1), and whether a telephone is in common."""

    matter: Matter
    score: float
    same_phone: bool


def similar(matter: Matter, viewer: Viewer, limit: int = 5) -> list[Likeness]:
    """Return matters of the same process and place that may be the same as this one."""
    near = _near(matter.process, matter.town, matter.county, viewer, matter.opened_at)
    near += _worded(matter.title, matter.process, viewer)
    others = list({m.id: m for m in near if m.id != matter.id}.values())
    text = texts_of([matter.id]).get(matter.id, "")
    phones = {str(p["phone"]) for p in matter.people if p.get("phone")}
    return _alike(others, matter.title, text, phones, limit)


def like(
    process: str, place: str, text: str, phone: str, viewer: Viewer, limit: int = 3
) -> list[Likeness]:
    """The same at intake, before anything is registered."""
    town = place[:9] if len(place) >= 9 else ""
    near = _near(process, town, place[:6], viewer, timezone.now())
    near += _worded(title_of(text), process, viewer)
    return _alike(list({m.id: m for m in near}.values()), text[:40], text, {phone} - {""}, limit)


def groups(matters: Sequence[Matter], viewer: Viewer) -> list[list[Matter]]:
    """Return groups of matters that may be about one thing, the largest first, singles left out."""
    seen = {m.id: m for m in matters if sees(viewer, m) and m.merged_into_id is None}
    texts = texts_of(list(seen))
    corpus: Corpus[int] = Corpus()
    for number, matter in seen.items():
        corpus.add(number, matter.title, texts.get(number, ""))
    return [[seen[k] for k in group] for group in corpus.groups() if len(group) > 1]


def _near(process: str, town: str, county: str, viewer: Viewer, when: datetime) -> list[Matter]:
    """Return what was opened in the place around a time, the nearest in time first."""
    days = law.parameter("matters.duplicate_days", local_day(timezone.now()), overrides()).value
    reach = timedelta(days=int(days))
    rows = Matter.objects.filter(
        visible(viewer),
        process=process,
        merged_into=None,
        opened_at__gte=when - reach,
        opened_at__lte=when + reach,
    )
    rows = rows.filter(town=town) if town else rows.filter(county=county)
    before = rows.filter(opened_at__lte=when).order_by("-opened_at", "-id")[:NEAR]
    after = rows.filter(opened_at__gt=when).order_by("opened_at", "id")[: NEAR // 2]
    return [*before, *after]


def _worded(title: str, process: str, viewer: Viewer) -> list[Matter]:
    """Return what the index finds under pieces of a title: the same thing, whenever it was told."""
    plain = "".join(c for c in normalise(title) if c.isalnum())
    steps = range(0, max(1, len(plain) - PIECE + 1), 2)
    ids: dict[int, None] = {}
    for start in list(steps)[:PIECES]:
        piece = plain[start : start + PIECE]
        if len(piece) == PIECE:
            ids.update(dict.fromkeys(search.match(piece, scopes(viewer), limit=HITS)))
    rows = Matter.objects.filter(visible(viewer), process=process, merged_into=None)
    return list(rows.filter(id__in=list(ids)))


def texts_of(ids: Sequence[int]) -> dict[int, str]:
    """Return what was told when each matter was opened."""
    firsts = [(i << SEQ_BITS) | 1 for i in ids]
    found = Private.objects.filter(event__in=firsts).values_list("event_id", "data")
    return {event >> SEQ_BITS: str(data.get("text", "")) for event, data in found}


def _alike(
    near: Sequence[Matter], title: str, text: str, phones: set[str], limit: int
) -> list[Likeness]:
    texts = texts_of([m.id for m in near])
    corpus: Corpus[int] = Corpus()
    corpus.add(0, title, text)
    for matter in near:
        corpus.add(matter.id, matter.title, texts.get(matter.id, ""))
    scores = dict(corpus.nearest(0, PROPOSE, limit))
    found = []
    for matter in near:
        same = bool(phones & {p.get("phone") for p in matter.people})
        if matter.id in scores or same:
            found.append(Likeness(matter, scores.get(matter.id, 0.0), same))
    return sorted(found, key=lambda f: (-f.score, not f.same_phone))[:limit]
