"""``dingzi database roles``: the PostgreSQL roles of an installation."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from dingzi.project import roles


class Command(BaseCommand):
    help = "PostgreSQL 角色与权限：打印或执行。Roles and rights in PostgreSQL: print or set them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["roles"], help="角色 | roles")
        parser.add_argument(
            "--execute",
            action="store_true",
            help="以所有者身份设好各表权限 | set the rights in every table, as the owner",
        )

    def handle(self, *, what: str, execute: bool, **options: Any) -> None:
        if connection.vendor != "postgresql":
            raise CommandError(
                "SQLite 没有角色，由触发器守护。SQLite has no roles: triggers guard it."
            )
        if not execute:
            self.stdout.write("-- 由超级用户执行一次 | once, as a superuser")
            for statement in roles.cluster_statements(connection.settings_dict["NAME"]):
                self.stdout.write(statement + ";")
            try:
                tables = connection.introspection.table_names()
            except OperationalError:  # the roles are not there yet
                return
            self.stdout.write(
                "-- 由所有者执行，migrate 之后会自动执行 | as the owner; migrate does it"
            )
            for statement in roles.grant_statements(tables):
                self.stdout.write(statement + ";")
            return
        if not roles.apply(connection):
            raise CommandError(
                "先建角色（上面打印的语句），再以 dingzi_owner 登录。"
                "Make the roles first, then connect as dingzi_owner (DINGZI_DATABASE_OWNER_URL)."
            )
        self.stdout.write("权限已设好。The rights are set.")
