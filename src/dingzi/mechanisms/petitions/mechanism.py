"""Petitions, as the doors see them."""

from __future__ import annotations

from dingzi.city import roles
from dingzi.core.registry import Mechanism, register
from dingzi.core.text import Text

from .filing import filing
from .process import petition
from .sample import stories

_receive = petition.latest.actions["receive"]
CATEGORIES = next(f for f in _receive.fields if f.name == "category").choices

petitions = Mechanism(
    name="petitions",
    title=Text("信访", "Petitions"),
    process="petition",
    icon="message",
    about=Text(
        "来信、来访、网上、电话、交办，一件一件登记、转送、办理、答复、复查。",
        "Letters, visits, web, telephone, handed down: registered, routed, handled, reviewed.",
    ),
    categories=CATEGORIES,
    filing=filing,
    legal_basis=("信访工作条例",),
    sample=stories,
    order=20,
)
register(petitions)
roles.register(
    roles.Role(name="petition", zh="信访工作", en="Petition office", sees="division"),
)
