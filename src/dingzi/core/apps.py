from pathlib import Path

from django.apps import AppConfig, apps
from django.core import checks


class CoreConfig(AppConfig):
    name = "dingzi.core"

    def ready(self) -> None:
        """Load the words of law, log, engines, reading and every app (``words.yaml`` beside ``apps.py``).

        A fault in one of them does not stop the site: ``check`` and the tests report it, and the
        codes concerned are put into general words.
        """
        from dingzi.engines import words as engine_words
        from dingzi.law import words as law_words
        from dingzi.reading import words as reading_words
        from dingzi.tlog import words as tlog_words

        from . import reasons
        from .errors import LoadError

        paths = [
            Path(config.path) / "words.yaml"
            for config in apps.get_app_configs()
            if config.name.startswith("dingzi.")
        ]
        faults = []
        for path in [
            law_words.FILE,
            tlog_words.FILE,
            reading_words.FILE,
            *engine_words.files(),
            *(path for path in paths if path.exists()),
        ]:
            try:
                reasons.load(path)
            except LoadError as error:
                faults.append(checks.Error(str(error), id="core.E001"))
        checks.register(lambda **_: faults, "core")
