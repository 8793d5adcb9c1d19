from pathlib import Path

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "dingzi.mechanisms.articles"
    verbose_name = "文章"

    def ready(self) -> None:
        from dingzi import law
        from dingzi.core import reasons

        law.register(Path(__file__).parent / "parameters")
        reasons.load(Path(__file__).parent / "words.yaml")
        from . import mechanism, services

        assert mechanism
        assert services
