from pathlib import Path

from django.apps import AppConfig
from django.core import checks


class FiguresConfig(AppConfig):
    name = "dingzi.figures"
    verbose_name = "数字"

    def ready(self) -> None:
        from dingzi import law

        law.register(Path(__file__).parent / "parameters")
        checks.register(_declarations, "figures")


def _declarations(**_: object) -> list[checks.CheckMessage]:
    """Load every declaration; one that cannot work is an error of the installation."""
    from dingzi.core.errors import LoadError

    from . import registry

    try:
        registry.load()
    except LoadError as error:
        return [checks.Error(str(error), id="figures.E001")]
    return []
