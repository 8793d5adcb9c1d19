from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connections
from django.db.models.signals import post_migrate


class FiguresConfig(AppConfig):
    name = "dingzi.figures"
    verbose_name = "数字"

    def ready(self) -> None:
        from dingzi import law
        from dingzi.city import roles

        from .texts import naming

        law.register(Path(__file__).parent / "parameters")
        naming.declare()
        roles.register(roles.Role(name=naming.EDITOR, zh="编辑", en="Editor"))
        from dingzi.matters import book

        from . import definitions, freezing
        from .models import Definition, Frozen

        defined, frozen = definitions, freezing
        book.declare(defined.ACTION, defined.check, defined.apply, shown=True, makes=(Definition,))
        book.declare(frozen.ACTION, frozen.check, frozen.apply, shown=True, makes=(Frozen,))
        checks.register(_declarations, "figures", "dingzi")
        checks.register(_definitions, "dingzi", checks.Tags.database)
        post_migrate.connect(_triggers, sender=self, dispatch_uid="dingzi.figures.triggers")


def _declarations(**_: object) -> list[checks.CheckMessage]:
    """Load every declaration; one that cannot work is an error of the installation."""
    from dingzi.core.errors import LoadError

    from . import registry

    try:
        registry.load()
    except LoadError as error:
        return [checks.Error(str(error), id="figures.E001")]
    return []


def _definitions(databases: Sequence[str] | None = None, **_: object) -> list[checks.CheckMessage]:
    """Compare what is declared with the versions in the city's book, where a database may be asked."""
    from dingzi.core.errors import LoadError

    from . import definitions, models

    table = models.Definition._meta.db_table
    if not databases or table not in connections[databases[0]].introspection.table_names():
        return []
    try:
        return [checks.Error(fault, id="figures.E002") for fault in definitions.faults()]
    except LoadError:
        return []  # `_declarations` tells it


def _triggers(using: str, **_: Any) -> None:
    """Let the triggers follow the declarations and the tables."""
    from . import layout, triggers

    connection = connections[using]
    tables = set(connection.introspection.table_names())
    for plan in layout.all_layouts():
        if plan.model._meta.db_table in tables:
            triggers.put_up(plan, connection)
