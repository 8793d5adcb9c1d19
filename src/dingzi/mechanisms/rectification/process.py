"""The process of the three rectification lists, all released versions."""

from pathlib import Path

from dingzi.matters import registry

from .models import Problem

problem = registry.register("problem", Path(__file__).parent / "processes", model=Problem)
