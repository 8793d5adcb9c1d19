from pathlib import Path

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "dingzi.matters"
    verbose_name = "事项"

    def ready(self) -> None:
        from dingzi import law
        from dingzi.core import reasons

        from . import common_acts, conditions, registry
        from .process import load

        assert conditions
        here = Path(__file__).parent
        law.register(here / "parameters")
        reasons.load(here / "words.yaml")
        registry.common(load(here / "processes" / "common.1.yaml"))
        task = registry.register("task", here / "processes")
        ruling = registry.register("ruling", here / "processes")
        common_acts.register_children(task, ruling)
