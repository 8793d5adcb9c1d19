"""The processes of stuck estates: the estate, its obstacles and liabilities, its households."""

from pathlib import Path

from dingzi.matters import registry

from .models import Estate, Household, Obstacle

_FOLDER = Path(__file__).parent / "processes"
estate = registry.register("estate", _FOLDER, model=Estate)
obstacle = registry.register("obstacle", _FOLDER, model=Obstacle)
liability = registry.register("liability", _FOLDER)
household = registry.register("household", _FOLDER, model=Household)
