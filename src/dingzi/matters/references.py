"""What an act's data names must be there: units, posts, places, matters, stored files.

Asked once for every act, by the declared kind of each field, so that no mechanism must remember to.
Units, posts and places are kept in memory; a query is made only where a matter or a paper is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dingzi.city import directory
from dingzi.city.viewer import Viewer
from dingzi.core import filetypes
from dingzi.core.blobs import Blob, clean_name
from dingzi.core.errors import Invalid, Reason

from . import numbers, registry
from .acts import Intent, State
from .fields import Data, FieldDef, PaperRef
from .models import Matter
from .process import Action
from .visibility import sees

_TYPES = {kind.media_type: kind for kind in filetypes.TYPES.values()}


def named(intent: Intent) -> Iterator[str]:
    """Yield the numbers of other matters that an act's data names: they are locked with its own."""
    prefix = numbers.prefix_of(intent.number) if intent.number else None
    handle = registry.by_prefix(prefix) if prefix else registry.known(intent.process)
    action = registry.action(handle.latest, intent.action) if handle else None
    for one in action.references if action else ():
        value = intent.data.get(one.name) if one.kind == "matter" else None
        if isinstance(value, str) and numbers.prefix_of(value):
            yield value


def settle(action: Action, data: Data, by: Viewer, known: Mapping[str, State]) -> Data:
    """Return ``data`` with its papers as they are stored; refuse what names nothing that is there.

    ``known`` are the matters that the transaction has in hand already.

    Raises
    ------
    Invalid
        ``unknown_unit``, ``unknown_post``, ``unknown_division``, ``no_such_matter`` (also for one
        that the viewer does not see), ``unknown_paper``; each reason names its field.
    """
    reasons: list[Reason] = []
    stored: dict[str, Any] = {}
    for one in action.references:
        value = getattr(data, one.name)
        if value is None or value == "" or value == []:
            continue
        if one.kind == "papers":
            stored[one.name] = _papers(one, value, reasons)
        elif one.kind == "matter":
            reasons += _matter(one, value, by, known)
            if value in known:  # a name of this batch's own becomes the number
                stored[one.name] = known[value].matter.number
        else:
            reasons += _CHECKS[one.kind](one, value)
    if reasons:
        raise Invalid(*reasons)
    return data.model_copy(update=stored) if stored else data


def _unit(one: FieldDef, value: int) -> Iterable[Reason]:
    card = directory.unit(value)
    if card is None or card.until is not None:
        yield ("unknown_unit", {"field": one.name, "value": value})


def _units(one: FieldDef, values: list[int]) -> Iterable[Reason]:
    for value in values:
        yield from _unit(one, value)


def _post(one: FieldDef, value: int) -> Iterable[Reason]:
    card = directory.post(value)
    if card is None or card.until is not None:
        yield ("unknown_post", {"field": one.name, "value": value})


def _place(one: FieldDef, value: str) -> Iterable[Reason]:
    if directory.division(value) is None:
        yield ("unknown_division", {"field": one.name, "value": value})


_CHECKS: dict[str, Callable[[FieldDef, Any], Iterable[Reason]]] = {
    "unit": _unit,
    "units": _units,
    "post": _post,
    "place": _place,
}


def _matter(one: FieldDef, number: str, by: Viewer, known: Mapping[str, State]) -> Iterable[Reason]:
    state = known.get(number)
    matter = state.matter if state else Matter.objects.filter(number=number).first()
    if matter is None or not sees(by, matter):
        yield ("no_such_matter", {"field": one.name, "number": number})


def _papers(one: FieldDef, given: list[PaperRef], reasons: list[Reason]) -> list[PaperRef]:
    """Take size and type from the store, never from who sends them; make the names harmless."""
    kept = {
        digest: (media_type, size)
        for digest, media_type, size in Blob.objects.filter(
            digest__in={ref.digest for ref in given}
        ).values_list("digest", "media_type", "size")
    }
    found = []
    for index, ref in enumerate(given):
        if ref.digest not in kept:
            where = f"{one.name}.{index}.digest"
            reasons.append(("unknown_paper", {"field": where, "value": ref.digest[:12]}))
            continue
        media_type, size = kept[ref.digest]
        try:
            name = clean_name(ref.name, _TYPES[media_type])
        except Invalid as refusal:
            where = f"{one.name}.{index}.name"
            reasons += [(code, params | {"field": where}) for code, params in refusal.reasons]
            continue
        found.append(PaperRef(digest=ref.digest, name=name, media_type=media_type, size=size))
    return found
