"""What is installed: mechanisms declare themselves here at load; doors iterate, and name none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import LoadError
from .text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """How the public opens a matter: the opening action, and its fields in steps.

    Attributes
    ----------
    steps : field names asked on each step, in order.
    quick : category code -> label, offered on the home page's door.
    """

    action: str
    steps: tuple[tuple[str, ...], ...]
    quick: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanism:
    """One reform of the city, as the doors see it.

    Attributes
    ----------
    name : of the app, and of its path in lists and API.
    process : name of the process whose matters are listed.
    icon : of the sprite.
    categories : top category -> label.
    legal_basis : laws and articles, for the documentation and the figure pages.
    sample : generates its part of the sample city, ``(SampleCity) -> None``.
    """

    name: str
    title: Text
    process: str
    icon: str
    about: Text
    categories: Mapping[str, Text] = field(default_factory=dict)
    filing: Filing | None = None
    legal_basis: tuple[str, ...] = ()
    sample: Callable[[Any], None] | None = None
    order: int = 100


_mechanisms: dict[str, Mechanism] = {}


def register(mechanism: Mechanism) -> None:
    if mechanism.name in _mechanisms:
        raise LoadError(f"mechanism {mechanism.name!r} is declared twice")
    _mechanisms[mechanism.name] = mechanism


def mechanisms() -> list[Mechanism]:
    return sorted(_mechanisms.values(), key=lambda m: (m.order, m.name))


def mechanism(name: str) -> Mechanism | None:
    return _mechanisms.get(name)


def of_process(process: str) -> Mechanism | None:
    return next((m for m in _mechanisms.values() if m.process == process), None)
