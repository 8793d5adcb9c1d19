from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate


class ProjectConfig(AppConfig):
    name = "dingzi.project"

    def ready(self) -> None:
        post_migrate.connect(_grant, sender=self, dispatch_uid="dingzi.project.roles")


def _grant(using: str, **kwargs: Any) -> None:
    """Let the rights follow the tables; ours is the last app, so every table is there."""
    from . import roles

    roles.apply(connections[using])
