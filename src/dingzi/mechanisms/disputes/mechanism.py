"""Disputes, as the doors see them."""

from __future__ import annotations

from pathlib import Path

from dingzi.city import roles
from dingzi.core import triage
from dingzi.core.registry import Mechanism, register
from dingzi.core.text import Text

from .filing import filing
from .process import dispute
from .sample import stories

_file = dispute.latest.actions["file"]
CATEGORIES = next(f for f in _file.fields if f.name == "category").choices

disputes = Mechanism(
    name="disputes",
    title=Text("矛盾纠纷", "Disputes"),
    process="dispute",
    icon="scale",
    about=Text("只进一扇门：登记、受理、派单、调解、回访。", "One door: from filing to follow-up."),
    categories=CATEGORIES,
    filing=filing,
    legal_basis=("人民调解法", "民事诉讼法"),
    triage=triage.load(Path(__file__).parent / "triage.yaml", CATEGORIES),
    sample=stories,
    order=10,
)
register(disputes)
roles.register(
    roles.Role(name="window", zh="受理", en="Window", sees="division"),
    roles.Role(name="mediator", zh="调解", en="Mediator"),
)
