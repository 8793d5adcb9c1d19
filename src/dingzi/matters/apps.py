from pathlib import Path

from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "dingzi.matters"
    verbose_name = "事项"

    def ready(self) -> None:
        from dingzi import law
        from dingzi.city import book as city_book
        from dingzi.city import roles
        from dingzi.core import reasons

        from . import book, checks, common_acts, conditions, handover, registry
        from .process import load

        assert conditions and checks
        here = Path(__file__).parent
        law.register(here / "parameters")
        reasons.load(here / "words.yaml")
        roles.register(
            roles.Role(name="handler", zh="经办", en="Handler"),
            roles.Role(name="supervisor", zh="督办", en="Supervisor", sees="division"),
            roles.Role(name="auditor", zh="审计", en="Auditor", sees="division"),
            roles.Role(name="backdate", zh="补录", en="Back-dating"),
            roles.Role(name="steward", zh="系统管理", en="Steward", second_factor=True),
        )
        registry.common(load(here / "processes" / "common.1.yaml"))
        handover.connect()
        city_book.connect(book.record)
        task = registry.register("task", here / "processes")
        ruling = registry.register("ruling", here / "processes")
        common_acts.register_children(task, ruling)
