"""The process of petitions and that of their reviews, all released versions."""

from pathlib import Path

from dingzi.matters import registry

from .models import Petition

_FOLDER = Path(__file__).parent / "processes"
petition = registry.register("petition", _FOLDER, model=Petition)
review = registry.register("review", _FOLDER)
