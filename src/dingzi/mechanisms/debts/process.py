"""The process of old debts, all released versions."""

from pathlib import Path

from dingzi.matters import registry

from .models import Debt

debt = registry.register("debt", Path(__file__).parent / "processes", model=Debt)
