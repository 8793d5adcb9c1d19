from pathlib import Path

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "dingzi.ledger"
    verbose_name = "公开日志"

    def ready(self) -> None:
        from dingzi.core import reasons
        from dingzi.matters import book

        from . import erasing, keys, openings, witnesses

        assert erasing
        reasons.load(Path(__file__).parent / "words.yaml")
        book.declare(keys.ACTION, keys.check_named, keys.apply_named, shown=True)
        nothing = witnesses.apply_nothing
        book.declare(witnesses.NAMED, witnesses.check_named, nothing, shown=True)
        book.declare(witnesses.ENDED, witnesses.check_ended, nothing, shown=True)
        book.declare(openings.ACTION, openings.check_given, openings.apply_given, shown=True)
