from pathlib import Path

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "dingzi.workbench"
    verbose_name = "工作台"

    def ready(self) -> None:
        from dingzi.core import reasons
        from dingzi.ledger import erasing

        from . import exports

        erasing.also(exports.forget)
        reasons.load(Path(__file__).parent / "words.yaml")
