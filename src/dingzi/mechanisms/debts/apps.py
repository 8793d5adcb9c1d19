from pathlib import Path

from django.apps import AppConfig


class DebtsConfig(AppConfig):
    name = "dingzi.mechanisms.debts"
    verbose_name = "旧账"

    def ready(self) -> None:
        from dingzi import law

        law.register(Path(__file__).parent / "parameters")
        from dingzi.core import reasons

        reasons.load(Path(__file__).parent / "words.yaml")
        from . import mechanism, services

        assert mechanism
        assert services
