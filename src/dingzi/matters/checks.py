"""System checks: a process that names a guard, a rule or a role that nobody declared cannot run.

They stand here because mechanisms register all three as they load, after the process files.
"""

from __future__ import annotations

from typing import Any

from django.core import checks

from dingzi import law
from dingzi.city import roles

from . import registry
from .process import SPECIAL_ROLES


@checks.register("dingzi")
def processes(app_configs: Any = None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Name every guard, clock rule and role of a process that is not there."""
    found = [(text, "dingzi.E001") for text in registry.unknown_guards()]
    found += [(text, "dingzi.E004") for text in registry.unknown_without()]
    found += [(text, "dingzi.E002") for text in unknown_rules()]
    found += [(text, "dingzi.E003") for text in unknown_roles()]
    return [checks.Error(text, id=number) for text, number in found]


def unknown_rules() -> list[str]:
    """Name every clock whose rule is no parameter, or one that sets no deadline."""
    found = []
    for handle in registry.handles():
        for process in handle.versions.values():
            for clock in process.clocks.values():
                where = f"{process.name}.{process.version}: clock {clock.name}"
                try:
                    if not any(dated.rule for dated in law.definition(clock.rule).dated):
                        raise law.NotARule(clock.rule)
                except law.LawError as error:
                    found.append(f"{where}: rule {clock.rule!r}: {error}")
    return found


def unknown_roles() -> list[str]:
    """Name every role that may act in a process and that no mechanism declared."""
    known = {role.name for role in roles.roles()} | SPECIAL_ROLES
    return [
        f"{process.name}.{process.version}: actions.{action.name}: role {role!r} is not declared"
        for handle in registry.handles()
        for process in handle.versions.values()
        for action in registry.actions(process)
        for role in sorted(action.by - known)
    ]
