"""The closed vocabulary of guards that processes may name."""

from __future__ import annotations

from dingzi.core.errors import Forbidden, Invalid, Refusal

from . import registry
from .acts import Asked, State
from .models import Matter
from .registry import guard


@guard("not_a_child")
def not_a_child(state: State, asked: Asked) -> None:
    """A child matter asks nobody to help: its parent does."""
    if state.matter.parent_id is not None:
        raise Forbidden.of("is_a_child")


@guard("parent_in_hand")
def parent_in_hand(state: State, asked: Asked) -> None:
    """Only who holds or leads the parent (or the timer) may do it; anybody, once it has ended."""
    parent = state.parent.matter if state.parent else None
    if asked.by.kind == "system" or parent is None or parent.closed_at is not None:
        return
    if asked.by.unit not in (parent.holder_unit_id, parent.lead_unit_id):
        raise Forbidden.of("not_the_asking_unit")


@guard("no_open_children")
def no_open_children(state: State, asked: Asked) -> None:
    """Whoever was asked to help must have answered, or been told that it is no longer needed."""
    # Children in this batch's hands count as they stand here, the others as they are stored.
    waiting = sum(
        child.matter.closed_at is None and not child.process.beside for child in state.below
    )
    if not state.fresh:
        others = Matter.objects.filter(parent=state.matter.id, closed_at=None)
        others = others.exclude(process__in=registry.beside())
        waiting += others.exclude(id__in=[child.matter.id for child in state.below]).count()
    if waiting:
        raise Refusal.of("children_open", count=waiting)


@guard("newer_version")
def newer_version(state: State, asked: Asked) -> None:
    if registry.handle(state.process.name).latest.version == state.process.version:
        raise Refusal.of("already_latest")


@guard("known_place")
def known_place(state: State, asked: Asked) -> None:
    """The place is a division of this city."""
    from dingzi.city import directory

    place = getattr(asked.data, "place", None)
    if place and directory.division(place) is None:
        raise Invalid.of("unknown_division", field="place", value=place)
