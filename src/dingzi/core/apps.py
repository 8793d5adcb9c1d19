from pathlib import Path

from django.apps import AppConfig, apps


class CoreConfig(AppConfig):
    name = "dingzi.core"

    def ready(self) -> None:
        """Load the words of law and of every app (``words.yaml`` beside its ``apps.py``)."""
        from dingzi.law import words as law_words

        from . import reasons

        reasons.load(law_words.FILE)
        for config in apps.get_app_configs():
            path = Path(config.path) / "words.yaml"
            if config.name.startswith("dingzi.") and path.exists():
                reasons.load(path)
