from pathlib import Path

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "dingzi.ledger"
    verbose_name = "公开日志"

    def ready(self) -> None:
        from dingzi.core import reasons
        from dingzi.matters import book

        from . import erasing, keys

        assert erasing
        reasons.load(Path(__file__).parent / "words.yaml")
        book.declare(keys.ACTION, keys.check_named, keys.apply_named, shown=True)
