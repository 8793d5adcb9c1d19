from pathlib import Path

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "dingzi.api"

    def ready(self) -> None:
        from dingzi.core import reasons

        reasons.load(Path(__file__).parent / "words.yaml")
