"""A category proposed for matters that have none yet, from their words; whoever takes them decides."""

from __future__ import annotations

from collections.abc import Iterable

from dingzi.core import registry as mechanisms
from dingzi.core.triage import Proposal

from .duplicates import texts_of
from .models import Matter

#: The field of an act that says the category.
FIELD = "category"


def proposals(matters: Iterable[Matter]) -> dict[int, Proposal]:
    """Return what is proposed by matter, for those without a category; one query."""
    open_ones = [
        (matter, mechanism.triage)
        for matter in matters
        if not matter.category
        and (mechanism := mechanisms.of_process(matter.process)) is not None
        and mechanism.triage is not None
    ]
    texts = texts_of([matter.id for matter, _ in open_ones]) if open_ones else {}
    return {
        matter.id: triage.propose(matter.title, texts.get(matter.id, ""))
        for matter, triage in open_ones
        if triage is not None
    }


def proposal(matter: Matter | None) -> Proposal | None:
    """Return what is proposed for one matter; asked once, however many forms show it."""
    if matter is None:
        return None
    kept = matter.__dict__
    if "_proposal" not in kept:
        kept["_proposal"] = proposals([matter]).get(matter.id)
    found: Proposal | None = kept["_proposal"]
    return found
