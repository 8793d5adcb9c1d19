"""What a post may be charged with: roles, declared by mechanisms when they load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dingzi.core.errors import LoadError


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of a post.

    Attributes
    ----------
    sees : ``part`` what its unit has a part in; ``division`` all in its unit's division.
    second_factor : who has it must sign in with a second factor, whatever the city says.
    """

    name: str
    zh: str
    en: str
    sees: Literal["division", "part"] = "part"
    second_factor: bool = False


_roles: dict[str, Role] = {}


def register(*roles: Role) -> None:
    """Declare roles; LoadError where a name is declared otherwise already."""
    for role in roles:
        if _roles.setdefault(role.name, role) != role:
            raise LoadError(f"role {role.name}: declared twice and not alike")


def role(name: str) -> Role | None:
    return _roles.get(name)


def roles() -> list[Role]:
    return list(_roles.values())


def scope_roles() -> frozenset[str]:
    """Return the names of the roles that see by division."""
    return frozenset(r.name for r in _roles.values() if r.sees == "division")
