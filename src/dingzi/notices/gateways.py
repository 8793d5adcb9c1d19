"""The one interface behind which every way of telling lies: mail, webhook, and what a city adds.

An SMS or messaging service is a class with a ``name`` and the methods of ``Gateway``, registered in
the ``ready`` of an app of the city's own::

    @register
    class Sms:
        name = "sms"
        label = Text("短信", "Text message")
        def available(self) -> bool: ...
        def clean(self, target: str) -> str: ...
        def send(self, target: str, message: Message) -> None: ...
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from dingzi.core.errors import LoadError, NotFound
from dingzi.core.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is told, in the subscriber's language.

    Attributes
    ----------
    id : the same at each try, so that a receiver can leave out what he has.
    kind : ``confirm``, ``case`` or ``public``. subject, text : plain words.
    link : where to read on. end : the page (and the one POST) that ends the subscription.
    data : the same for machines. secrets : what a webhook's signatures are made with, the present
        one first.
    """

    id: str
    kind: str
    subject: str
    text: str
    link: str
    end: str
    data: dict[str, Any] = field(default_factory=dict)
    secrets: tuple[str, ...] = ()


class Failed(Exception):
    """It did not go out. ``for_good``: it never will, so it is not tried again."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


class Gateway(Protocol):
    """One way of telling."""

    name: str
    label: Text

    def available(self) -> bool:
        """Tell whether this installation can use it."""

    def clean(self, target: str) -> str:
        """Return the target as it is kept; raise Invalid for what cannot be reached this way."""

    def send(self, target: str, message: Message) -> None:
        """Send; raise Failed."""


_gateways: dict[str, Gateway] = {}
G = TypeVar("G")


def register(kind: type[G]) -> type[G]:
    """Add a way of telling; LoadError where its name is taken."""
    one: Any = kind()
    if one.name in _gateways and type(_gateways[one.name]) is not kind:
        raise LoadError(f"two gateways are called {one.name!r}")
    _gateways[one.name] = one
    return kind


def offered() -> list[Gateway]:
    return [one for one in _gateways.values() if one.available()]


def gateway(name: str) -> Gateway:
    """Return a way that this installation has; NotFound ``notices_no_gateway``."""
    for one in offered():
        if one.name == name:
            return one
    raise NotFound.of("notices_no_gateway", field="gateway")
