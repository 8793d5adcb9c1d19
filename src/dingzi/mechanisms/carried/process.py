"""The process of a carried case, all released versions, and what it adds to every matter."""

from pathlib import Path

from dingzi.matters import registry
from dingzi.matters.process import load

from .models import Carry

_FOLDER = Path(__file__).parent / "processes"
carry = registry.register("carry", _FOLDER, model=Carry)
registry.common(load(_FOLDER / "carrying.1.yaml"))
