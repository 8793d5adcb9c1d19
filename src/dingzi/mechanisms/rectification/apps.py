from pathlib import Path

from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "dingzi.mechanisms.rectification"
    verbose_name = "整改清单"

    def ready(self) -> None:
        from dingzi import law

        law.register(Path(__file__).parent / "parameters")
        from dingzi.core import reasons

        reasons.load(Path(__file__).parent / "words.yaml")
        from . import mechanism, services

        assert mechanism
        assert services
