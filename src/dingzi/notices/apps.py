from pathlib import Path

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "dingzi.notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from dingzi.core import reasons

        reasons.load(Path(__file__).parent / "words.yaml")
        from . import mail, webhooks

        assert mail
        assert webhooks
