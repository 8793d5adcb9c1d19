"""The process of disputes, all released versions."""

from pathlib import Path

from dingzi.matters import registry

from .models import Dispute

dispute = registry.register("dispute", Path(__file__).parent / "processes", model=Dispute)
