from pathlib import Path

from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "dingzi.mechanisms.disputes"
    verbose_name = "矛盾纠纷"

    def ready(self) -> None:
        from dingzi import law
        from dingzi.core import reasons

        here = Path(__file__).parent
        law.register(here / "parameters")
        reasons.load(here / "words.yaml")
        from . import mechanism, services

        assert mechanism
        assert services
